"""`up`: all of a small site from one command, each process started again when it dies."""

import argparse

from streams import logs
from streams.commands.numbers import whole
from streams.roles import NAMES
from streams.settings import Settings
from streams.supervisor import Slot, Supervisor, code_slot, gateway_slot, role_slot
from streams.topics import check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--each", type=whole(1), default=1, metavar="N", help="processes of each ledger (default 1)"
    )
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, help="these ledgers alone")
    parser.add_argument("--no-gateway", action="store_true", help="without doors, board and console")
    parser.add_argument(
        "--release-parking", action="store_true", help="go on although the parking budget was spent"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    logs.start("up")
    check(settings)
    found = slots(args, settings)
    at = "" if args.no_gateway else f"; console at http://{settings.http_host}:{settings.http_port}/"
    print(f"starting {', '.join(slot.name for slot in found)}{at}; Ctrl-C ends all", flush=True)
    return Supervisor(found).run()


def slots(args: argparse.Namespace, settings: Settings) -> list[Slot]:
    found: list[Slot] = []
    for name in args.only:
        for number in range(args.each):
            extra = ["--release-parking"] if args.release_parking else []
            if settings.health_port:
                extra += ["--port", str(settings.health_port + len(found))]
            found.append(role_slot(name, number, extra))
    if "pools" in args.only:
        found.append(code_slot())
    if not args.no_gateway:
        found.append(gateway_slot())
    return found
