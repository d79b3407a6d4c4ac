"""`settings`: every variable, what it is now, and what it does."""

import argparse

from streams.settings import Settings
from streams.variables import described


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Set them as environment variables, or in the TOML file that MENTORWAY_SETTINGS names."


def run(args: argparse.Namespace, settings: Settings) -> int:
    for variable, value, description in described(settings):
        print(f"{variable}={value}  # {description}")
    return 0
