"""Speed on a real Kafka: the ledger beside Faust's table."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from confluent_kafka import Producer

from streams.broker import Broker
from streams.settings import Settings
from streams.topics import create
from tests.brokers import real_kafka

PARTITIONS = 4


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    """A real Kafka as `make chaos` has it; its settings are in the environment meanwhile."""
    with contextmanager(real_kafka)(folder, controller_apart=True) as one:
        yield one


def site(one: Broker, prefix: str = "b.") -> Settings:
    settings: Settings = one.settings(prefix=prefix, partitions=PARTITIONS, health_port=0)
    create(settings)
    os.environ.update(settings.environment())
    return settings


def ledger(events: int, times: int = 3) -> dict[str, Any]:
    """A trivial fold with one row and one output an event, by us and by Faust's table, in turn; the middle of each."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder, broker(Path(folder)) as one:
        for number in range(times):
            _fill(site(one, f"b{number}."), "learner-facts", events)
            ours.append(_measured("ledger", events))
            theirs.append(_measured("faust", min(events // 2, 10_000)))
    ratios = sorted(our / their for our, their in zip(ours, theirs, strict=True))
    return {
        "benchmark": "ledger, trivial fold with row and output", "events": events,
        "events_a_cpu_second": round(median(ours)), "faust_events_a_cpu_second": round(median(theirs)),
        "times_faust": round(median(ratios), 1), "least": round(ratios[0], 1), "most": round(ratios[-1], 1),
    }  # fmt: skip


def _measured(what: str, events: int) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.trivial", what, str(events)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    last = next(line for line in reversed(done.stdout.splitlines()) if "{" in line)
    found = json.loads(last[last.index("{") :])  # Faust sends escape codes, too
    return float(found["events"] / found["cpu_seconds"])


def _fill(settings: Settings, topic: str, events: int) -> None:
    producer = Producer(
        {
            **settings.confluent(),
            "partitioner": "murmur2_random",
            "linger.ms": 20,
            "queue.buffering.max.messages": 500_000,
        }
    )
    for number in range(events):
        body = json.dumps(
            {"id": number, "learner": f"L{number % 1000}", "course": "AAA", "at": 1700000000.5 + number}
        )
        producer.produce(settings.topic(topic), body.encode(), f"L{number % 1000}".encode())
        if number % 1000 == 0:
            producer.poll(0)
    assert producer.flush(60) == 0
