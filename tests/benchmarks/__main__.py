"""`make bench`: speed, one JSON line a figure, with the machine and the peer measured in the same run."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks import (
    candidates,
    efforts,
    flood,
    latency,
    live,
    offline,
    pool,
    reasons,
    repair,
    solving,
    whole,
    year,
)
from tests.matching import declaring

NAMES = (
    "pulses", "intake", "inboxes", "oulad", "ledger", "latency", "declaring", "efforts", "candidates", "whole", "reasons", "solve", "large", "cores",
    "repair", "pool", "year", "flood",
)  # fmt: skip
SIZES = ((1_000, 100), (10_000, 1_000), (100_000, 10_000))  # learners, mentors


def figures(args: argparse.Namespace) -> dict[str, Callable[[], Any]]:
    short = args.short
    return {
        "pulses": lambda: offline.pulses(10_000, 40_000) if short else offline.pulses(),
        "intake": lambda: offline.intake(20_000 if short else 100_000),
        "inboxes": lambda: offline.inboxes(2_000, 6_000) if short else offline.inboxes(),
        "oulad": lambda: _oulad(50_000 if short else 300_000),
        "ledger": lambda: live.ledger(20_000 if short else 120_000),
        "latency": lambda: latency.measure(10 if short else 40),
        "declaring": lambda: declaring.bench(3 if short else 40),
        "efforts": lambda: efforts.efforts(1000, 100) if short else efforts.efforts(10_000, 1000),
        "candidates": lambda: candidates.candidates(10_000 if short else 100_000, 1_000 if short else 10_000),
        "reasons": lambda: reasons.reasons(*SIZES[0 if short else 1]),
        "whole": lambda: _whole(short),
        "solve": lambda: [solving.cold(*size) for size in SIZES[: 2 if short else 3]],
        "large": lambda: solving.cold(*(SIZES[2] if short else (1_000_000, 100_000))),
        "cores": lambda: solving.cores(*SIZES[2]),
        "repair": lambda: repair.one(*SIZES[1 if short else 2], count=400 if short else 2000),
        "year": lambda: year.measure(200, 40) if short else year.measure(10_000, 1500),
        "flood": lambda: flood.flood(100_000) if short else flood.flood(),
        "pool": lambda: pool.measure(*((1_000, 5_000, 5) if short else (10_000, 100_000, 30)), args.rate),
    }


def _whole(short: bool) -> list[dict[str, Any]]:
    sizes = SIZES[:1] if short else SIZES[1:]
    return [*(whole.whole(*size) for size in sizes), whole.whole(*SIZES[0 if short else 1], mixed=True)]


def _oulad(most: int) -> dict[str, Any]:
    folder = os.environ.get("MENTORWAY_DATA")
    if folder is None:
        return {"benchmark": "pulses, real clicks", "skipped": "MENTORWAY_DATA names no folder"}
    return offline.oulad_pulses(Path(folder) / "oulad", most)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("--short", action="store_true", help="small sizes, for a first look")
    parser.add_argument("--rate", type=int, default=200, help="enrolments a second in the large pool (200)")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    args = parser.parse_args()
    if len(args.only) > 1:  # each in a process of its own, so that memory is its own
        codes = [
            subprocess.call(
                [
                    sys.executable,
                    "-m",
                    "tests.benchmarks",
                    "--only",
                    name,
                    *(["--short"] if args.short else []),
                    *("--rate", str(args.rate)),
                ]
            )
            for name in args.only
        ]
        return max(codes)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    for name in args.only:
        found = figures(args)[name]()
        for line in [found] if isinstance(found, dict) else found:
            print(json.dumps({**line, "machine": machine}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
