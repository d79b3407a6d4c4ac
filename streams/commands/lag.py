"""`lag`: how far each ledger is behind its input, by partition; a table or JSON."""

import argparse
import json

from rich.console import Console
from rich.table import Table

from streams.commands.numbers import whole
from streams.lag import Lag, lags
from streams.settings import Settings
from streams.topics import check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON list instead of a table")
    parser.add_argument("--all", action="store_true", help="partitions that are not behind too")
    parser.add_argument(
        "--at-most",
        type=whole(0),
        metavar="N",
        help="exit code 1 if any partition is further behind than N facts",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    check(settings)
    found = lags(settings)
    if args.json:
        print(json.dumps([lag._asdict() for lag in found]))
    else:
        _table(found, args.all)
    return int(args.at_most is not None and any(lag.behind > args.at_most for lag in found))


def _table(found: list[Lag], everything: bool) -> None:
    table = Table("ledger", "topic", "partition", "committed", "end", "behind")
    for lag in found:
        if everything or lag.behind:
            committed = "-" if lag.committed is None else str(lag.committed)
            table.add_row(lag.ledger, lag.topic, str(lag.partition), committed, str(lag.end), str(lag.behind))
    console = Console()
    if table.row_count:
        console.print(table)
    for ledger in dict.fromkeys(lag.ledger for lag in found):
        total = sum(lag.behind for lag in found if lag.ledger == ledger)
        console.print(
            f"{ledger}: {total} behind" if total else f"{ledger}: nothing left to read", highlight=False
        )
