"""`policy`: every knob with its unit, range, effect and default; or a check of a file."""

import argparse
from pathlib import Path

from streams import policy_file
from streams.policy_text import text
from streams.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check", type=Path, metavar="FILE", help="say whether this file can be taken, and change nothing"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    if args.check is None:
        print(text(), end="")
    else:
        policy = policy_file.load(args.check)
        print(f"policy {policy.version!r} can be taken")
        if said := policy_file.unheard(policy):
            print(said)
        if said := policy_file.beside_file(settings.policy_file, policy):
            print(said)
    return 0
