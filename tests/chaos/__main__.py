"""`make chaos`: two processes a ledger on a real Kafka, killed, frozen, and the broker too; then judged.

Prints one JSON line; exit code 1 if anything was lost, repeated, out of order or beyond a bound.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from streams.broker import Broker
from streams.lag import lags
from streams.roles import NAMES
from streams.settings import Settings
from streams.supervisor import Supervisor
from streams.topics import create
from tests.brokers import real_kafka
from tests.chaos.check import judge
from tests.chaos.load import Load
from tests.chaos.schedule import Chaos, slots

QUIET_S = 180
UNHEARD_S = 75  # a pulse that could not judge an absence, as a source was unheard, looks again in a minute
LATEST_S = 4 * UNHEARD_S  # and does so again where it was busy until then: later than this a sleeper is lost


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos ARGS=...", description=__doc__)
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--rate", type=int, default=500, help="events a second")
    parser.add_argument("--each", type=int, default=2, help="processes of each ledger")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--learners", type=int, default=2000)
    parser.add_argument(
        "--keep", type=Path, help="keep the broker's data and the workers' log in this folder"
    )
    parser.add_argument("--spare-broker", action="store_true", help="kill and freeze ledgers alone")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.keep or Path(temporary)
        with contextmanager(real_kafka)(folder, controller_apart=True) as broker:
            return run(args, broker, folder)


def run(args: argparse.Namespace, broker: Broker, folder: Path) -> int:
    settings: Settings = broker.settings(prefix="chaos.", partitions=6, health_port=0)
    create(settings)
    os.environ.update(settings.environment())
    os.environ["MENTORWAY_POLICY_PATH"] = str(noon(folder, datetime.now(UTC).hour))
    own_stderr = os.dup(2)
    with (folder / "workers.log").open("ab") as log:
        os.dup2(log.fileno(), 2)  # what workers say, thousands of lines, goes to a file
    supervisor = Supervisor(slots(folder, args.each))
    try:
        with supervisor.beside():
            load = Load(settings, args.seconds, args.rate, args.learners)
            chaos = Chaos(supervisor, broker, load, folder, args.seconds - 10, args.seed, args.spare_broker)
            load.start()
            chaos.start()
            load.join()
            chaos.join()
            if load.failure is not None:
                raise load.failure
            time.sleep(max(0.0, load.last_due + UNHEARD_S - time.monotonic()))
            settled = _settle(settings)
            found = judge(settings.brokers, settings.prefix, load)
            while found["sleepers_lost"] and time.monotonic() < load.last_due + LATEST_S:
                time.sleep(5)
                found = judge(settings.brokers, settings.prefix, load)
    finally:
        os.dup2(own_stderr, 2)
    wrong = {name: n for name, n in found.items() if n and not name.startswith("n_")}
    line = {
        "seconds": args.seconds, "rate": args.rate, "seed": args.seed, "sent": load.count, **chaos.counts,
        "settled": settled, **found,
    }  # fmt: skip
    print(json.dumps(line), flush=True)
    if wrong or not settled:
        tail = (folder / "workers.log").read_text(errors="replace").splitlines()[-40:]
        print("\n".join(tail), flush=True)
    return int(bool(wrong) or not settled)


def noon(folder: Path, hour: int) -> Path:
    """A policy under which it is noon for everybody: at night all nudges would be held."""
    path = folder / "policy.toml"
    path.write_text(f'[defaults]\ntime_zone = "Etc/GMT{hour - 12:+d}"\n', encoding="utf-8")
    return path


def _settle(settings: Settings) -> bool:
    """Until all that stood in the topics is folded, and what that caused, as often as the ledgers are chained.

    Progress is told for ever, so the topics never stand still: a snapshot of their ends is waited for.
    """
    until = time.monotonic() + QUIET_S
    for _ in range(len(NAMES) + 2):
        ends = {(lag.ledger, lag.partition): lag.end for lag in lags(settings)}
        while not all(
            lag.behind == 0 or (lag.committed or 0) >= ends[lag.ledger, lag.partition]
            for lag in lags(settings)
        ):
            if time.monotonic() > until:
                return False
            time.sleep(0.3)
    return True


if __name__ == "__main__":
    sys.exit(main())
