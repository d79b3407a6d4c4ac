"""`topics create | verify`: makes the topics of the table, or says what is not as the table says."""

import argparse

from streams import topics
from streams.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    what.add_parser("create", help="make what is missing and mend settings; safe to run again")
    what.add_parser("verify", help="say what differs; exit code 1 if anything does")


def run(args: argparse.Namespace, settings: Settings) -> int:
    if args.what == "create":
        for line in topics.create(settings) or ["all topics are there, as they should be"]:
            print(line)
        return 0
    faults = topics.verify(settings)
    if not faults:
        topics.check(settings)
        print("all topics are there, as they should be")
        return 0
    for fault in faults:
        print(fault)
    return 1
