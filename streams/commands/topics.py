"""`topics create | verify | permissions | forget-group`: makes the topics, says what differs or what a user needs."""

import argparse

from schemas.topics import LEDGERS
from streams import groups, topics
from streams.permissions import grants
from streams.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    what.add_parser("create", help="make what is missing and mend settings; safe to run again")
    what.add_parser("verify", help="say what differs; exit code 1 if anything does")
    permissions = what.add_parser(
        "permissions",
        help="print the kafka-acls.sh lines for a broker with access control; nothing is changed",
    )
    permissions.add_argument("--user", help="whom to grant (default: MENTORWAY_SECURITY_USERNAME)")
    forget = what.add_parser(
        "forget-group",
        help="delete a stopped ledger's consumer group, so that it goes on with what its topic still holds",
        description="Deletes the consumer group of a ledger that is stopped.  Its rows stay, and know how far it came: "
        "the next start reads on from there, or from the topic's start where what lay between was deleted, and "
        "says how many facts are gone.  Nothing else changes, and to run it again changes nothing.",
    )
    forget.add_argument("ledger", metavar="LEDGER", choices=list(LEDGERS), help=", ".join(LEDGERS))


def run(args: argparse.Namespace, settings: Settings) -> int:
    if args.what == "create":
        for line in topics.create(settings) or ["all topics are there, as they should be"]:
            print(line)
        return 0
    if args.what == "permissions":
        user = args.user or settings.security.username or "mentorway"
        for grant in grants(settings):
            print(grant.command(user))
        return 0
    if args.what == "forget-group":
        print(groups.forget(settings, args.ledger))
        return 0
    faults = topics.verify(settings)
    if not faults:
        topics.check(settings)
        print("all topics are there, as they should be")
        return 0
    for fault in faults:
        print(fault)
    return 1
