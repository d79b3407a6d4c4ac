"""How long does a partition stand still when its worker is killed, frozen or stopped for a restart?

`python -m tests.chaos.failover`: two processes a ledger on a real Kafka, every partition of every ledger fed
all the time, one blow at a time.  A reader of its own looks at the groups' committed offsets: the longest
stand of any partition is the figure.  Prints one JSON line; exit code 1 if a figure is beyond its bound.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from schemas.activity import ActivitySeen
from schemas.codec import encode
from schemas.fact import Fact
from schemas.learners import LearnerProfiled
from schemas.nudges import PersonOptedIn
from schemas.topics import LEDGERS
from streams.dialects.reading import event_id
from streams.roles import NAMES
from streams.settings import Settings
from streams.supervisor import Supervisor
from streams.topics import create
from tests.brokers import real_kafka
from tests.chaos.schedule import hit, slots

FEED_S, LOOK_S = 0.05, 0.1
SWEEP_S = 0.5  # of the broker's timed-out transactions, as `streams.apache` sets it beside a controller
BLOWS = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP, "restart": signal.SIGTERM}
READY_S = 90.0  # until each partition of each ledger was committed to
QUIET = 0  # of a client's own lines: the broker ends before they do
SETTLE_S = 10.0  # between two blows, so that all partitions are served again


class Watch(threading.Thread):
    """Samples one group's committed offsets, and keeps when each partition last moved."""

    def __init__(self, settings: Settings, ledger: str) -> None:
        super().__init__(name=f"watch-{ledger}", daemon=True)
        topic = settings.topic(LEDGERS[ledger].name)
        self.parts = [TopicPartition(topic, n) for n in range(settings.partitions)]
        self.consumer = Consumer(
            {
                **settings.confluent(),
                "group.id": settings.group(ledger),
                "isolation.level": "read_uncommitted",
                "enable.auto.commit": False,
                "log_level": QUIET,
            }
        )
        self.longest: dict[int, float] = {}
        self.moved: dict[int, tuple[int, float]] = {}
        self.over = False

    def reset(self) -> None:
        self.longest = dict.fromkeys(range(len(self.parts)), 0.0)
        self.moved = {}

    def all_move(self) -> bool:
        return bool(self.longest) and all(self.longest.values())

    def run(self) -> None:
        self.reset()
        while not self.over:
            now = time.monotonic()
            for part in self._committed():
                offset, since = self.moved.get(part.partition, (part.offset, now))
                if part.offset != offset:
                    self.longest[part.partition] = max(self.longest[part.partition], now - since)
                    since = now
                self.moved[part.partition] = (part.offset, since)
            time.sleep(LOOK_S)
        self.consumer.close()

    def _committed(self) -> list[TopicPartition]:
        """None while no broker answers for the group: where it began a moment ago, that is the first to be found."""
        try:
            return self.consumer.committed(self.parts, timeout=10)
        except KafkaException:
            return []


class Trickle(threading.Thread):
    """Feeds each partition of each ledger with facts that change nothing after the first."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(name="trickle", daemon=True)
        self.settings, self.over = settings, False
        self.producer = Producer({**settings.confluent(), "linger.ms": 1, "log_level": QUIET})

    def run(self) -> None:
        number = 0
        while not self.over:
            for name, topic in LEDGERS.items():
                for partition in range(self.settings.partitions):
                    number += 1
                    wire = encode(_harmless(name, f"trickle:{partition}", number))
                    self.producer.produce(
                        self.settings.topic(topic.name),
                        wire.value,
                        wire.key,
                        partition=partition,
                        headers=[*wire.headers],
                    )
            self.producer.poll(0)
            time.sleep(FEED_S)
        self.producer.flush(10)


def _harmless(ledger: str, person: str, number: int) -> Fact:
    now = datetime.now(UTC)
    told = {"id": event_id("trickle", str(number)), "at": now, "seen_at": now, "source": "trickle"}
    if ledger == "pools":
        return LearnerProfiled(**told, pool="p", programme="p", learner=person, languages=("en",))
    if ledger == "inboxes":
        return PersonOptedIn(**told, person=person, kind="all")
    return ActivitySeen(**told, learner=person, course="c", item="i", kind="view")


@contextmanager
def watching(settings: Settings) -> Iterator[dict[str, Watch]]:
    watches = {name: Watch(settings, name) for name in NAMES}
    for watch in watches.values():
        watch.start()
    try:
        yield watches
    finally:
        for watch in watches.values():
            watch.over = True
            watch.join()


def _ready(watches: dict[str, Watch]) -> None:
    """Waits until every partition of every ledger has moved under the eyes of its watch."""
    deadline = time.monotonic() + READY_S
    while not all(watch.all_move() for watch in watches.values()):
        if time.monotonic() > deadline:
            late = sorted(name for name, watch in watches.items() if not watch.all_move())
            raise RuntimeError(f"not every partition was served within {READY_S:.0f} s: {', '.join(late)}")
        time.sleep(LOOK_S)
    time.sleep(SETTLE_S)  # the two processes of a ledger have shared their partitions by then


def blow(supervisor: Supervisor, watch: Watch, role: str, sign: signal.Signals) -> float:
    """The longest stand, in seconds, of a partition of this ledger after one of its processes was hit."""
    slot = next(slot for slot in supervisor.slots if slot.name == f"{role}-0")
    process = slot.process
    assert process is not None
    watch.reset()
    hit(process.pid, sign)
    time.sleep(SETTLE_S)
    if sign is signal.SIGSTOP:
        hit(process.pid, signal.SIGCONT)
        time.sleep(SETTLE_S)
    return max(watch.longest.values())


def _blows(
    supervisor: Supervisor, watches: dict[str, Watch], times: int, took: dict[str, list[float]]
) -> None:
    for _ in range(times):
        for name, sign in BLOWS.items():
            for role in NAMES:
                found = blow(supervisor, watches[role], role, sign)
                if not found:
                    raise RuntimeError(f"{role} committed nothing after a {name}")
                took[name].append(found)
                print(f"{name} {role}: {found:.1f} s", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.failover", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="blows of each kind at each ledger")
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        contextmanager(real_kafka)(Path(folder), controller_apart=True) as broker,
    ):
        settings: Settings = broker.settings(prefix="failover.", partitions=6, health_port=0)
        return run(settings, Path(folder), args.times)


def run(settings: Settings, folder: Path, times: int) -> int:
    create(settings)
    os.environ.update(settings.environment())
    took: dict[str, list[float]] = {name: [] for name in BLOWS}
    supervisor = Supervisor(slots(folder, 2))
    trickle = Trickle(settings)
    trickle.start()
    with supervisor.beside():
        with watching(settings) as watches:
            _ready(watches)
            _blows(supervisor, watches, times, took)
        trickle.over = True
        trickle.join()
    session, transaction = settings.session_ms / 1000, settings.transaction_ms / 1000
    bounds = {
        "kill": max(session, transaction + SWEEP_S) + 1,
        "freeze": max(session, transaction + SWEEP_S) + 1,
        "restart": 2.0,
    }
    line = {
        "failover": "longest stand of a partition in seconds",
        **{name: [round(one, 1) for one in sorted(found)] for name, found in took.items()},
        "bounds": bounds,
    }
    print(json.dumps(line), flush=True)
    return int(any(max(found) > bounds[name] for name, found in took.items()))


if __name__ == "__main__":
    sys.exit(main())
