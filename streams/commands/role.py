"""`intake`, `pools`, `pulses`, `inboxes`: one ledger process, until told to stop."""

import argparse

from streams import logs
from streams.commands.numbers import MOST_PORT, whole
from streams.roles import role_of
from streams.settings import Settings
from streams.topics import check
from streams.worker import Worker


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--slot", default="0", help="tells apart the processes of one role (default 0)")
    parser.add_argument(
        "--port", type=whole(0, MOST_PORT), default=0, help="port of /health and /metrics (default: any free)"
    )
    parser.add_argument("--deaths", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument(
        "--release-parking", action="store_true", help="go on although the parking budget was spent"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    logs.start(f"{args.command}-{args.slot}")
    check(settings)
    worker = Worker(
        role_of(args.command, settings), settings,
        slot=args.slot, deaths=args.deaths, release_parking=args.release_parking, port=args.port,
    )  # fmt: skip
    return worker.run()
