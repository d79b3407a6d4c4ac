"""Speed on a real Kafka: the ledger beside Faust's table."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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


def site(one: Broker) -> Settings:
    settings: Settings = one.settings(prefix="b.", partitions=PARTITIONS, health_port=0)
    create(settings)
    os.environ.update(settings.environment())
    return settings


def ledger(events: int) -> dict[str, Any]:
    """A trivial fold with one row and one output an event: events a CPU second, ours and Faust's table's."""
    with tempfile.TemporaryDirectory() as folder, broker(Path(folder)) as one:
        settings = site(one)
        _fill(settings, "learner-facts", events)
        ours = _measured([sys.executable, "-m", "tests.benchmarks.trivial", "ledger", str(events)])
        theirs = _measured(
            [sys.executable, "-m", "tests.benchmarks.trivial", "faust", str(min(events // 2, 10_000))]
        )
    return {
        "benchmark": "ledger, trivial fold with row and output", "events": events,
        "events_a_cpu_second": round(ours), "faust_events_a_cpu_second": round(theirs),
        "times_faust": round(ours / theirs, 1),
    }  # fmt: skip


def _measured(command: list[str]) -> float:
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
