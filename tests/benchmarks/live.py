"""Speed on a real Kafka: the ledger beside Faust's table, and the way of an event beside a bare loop."""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, Producer, TopicPartition

from schemas.activity import ModuleCompleted
from schemas.codec import encode
from schemas.fact import Fact
from schemas.learners import LearnerEnrolled
from schemas.mentors import MentorJoined
from streams.broker import Broker
from streams.outside import Reader, fact_of
from streams.roles import NAMES
from streams.settings import Settings
from streams.supervisor import Supervisor, role_slot
from streams.topics import create
from tests.brokers import real_kafka

PARTITIONS = 4


@contextmanager
def broker() -> Iterator[Broker]:
    with tempfile.TemporaryDirectory() as folder:
        found = real_kafka(Path(folder))
        one = next(found)
        try:
            yield one
        finally:
            one.kill()


# --- the ledger beside Faust's table -------------------------------------------------------------


def ledger(events: int) -> dict[str, Any]:
    """A trivial fold with one row and one output an event: events a CPU second, ours and Faust's table's."""
    with broker() as one:
        settings = one.settings(prefix="b.", partitions=PARTITIONS, health_port=0)
        create(settings)
        os.environ.update(settings.environment())
        _fill(settings, "learner-facts", events)
        ours = _measured([sys.executable, "-m", "tests.benchmarks.trivial", "ledger", str(events)])
        theirs = _measured(
            [sys.executable, "-m", "tests.benchmarks.trivial", "faust", str(min(events, 20_000))]
        )
    return {
        "benchmark": "ledger, trivial fold with row and output", "events": events,
        "events_a_cpu_second": round(ours), "faust_events_a_cpu_second": round(theirs),
        "times_faust": round(ours / theirs, 1),
    }  # fmt: skip


def _measured(command: list[str]) -> float:
    import subprocess

    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
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


# --- the way of an event -------------------------------------------------------------------------


def latency(seconds: float) -> dict[str, Any]:
    """Enrolment to committed match at 200/s, activity to nudge beside it, and a bare loop at the same load."""
    with broker() as one:
        settings = one.settings(prefix="b.", partitions=PARTITIONS, health_port=0)
        create(settings)
        os.environ.update(settings.environment())
        bare = _bare(settings, seconds, 200)
        with Supervisor([role_slot(name, 0) for name in NAMES]).beside():
            _mentors(settings)
            time.sleep(8)
            matched = _through(settings, "matches", seconds, 200, _enrolment)
            nudged = _through(settings, "nudges", seconds, 200, _module)
    settle = 0.25
    return {
        "benchmark": "latency in ms", "rate": 200, "bare": _points(bare),
        "enrolment to match, less 250 ms of settling": _points([max(0.0, s - settle) for s in matched]),
        "module done to nudge": _points(nudged), "matches": len(matched), "nudges": len(nudged),
    }  # fmt: skip


def _points(found: list[float]) -> dict[str, float]:
    ordered = sorted(found) or [0.0]
    return {
        f"p{q}": round(1000 * ordered[min(len(ordered) - 1, len(ordered) * q // 100)], 1)
        for q in (50, 95, 99)
    }


def _fact(cls: type[Any], **fields: Any) -> Any:
    now = datetime.now(UTC)
    return cls(id=uuid4(), at=now, seen_at=now, source="bench", **fields)


def _mentors(settings: Settings) -> None:
    producer = Producer({**settings.confluent(), "partitioner": "murmur2_random"})
    for number in range(200):
        _send(
            producer,
            settings,
            _fact(
                MentorJoined,
                mentor=f"bench:m{number}",
                programme=f"p{number % 4}",
                capacity_minutes=10_000,
                max_mentees=500,
            ),
        )
    assert producer.flush(30) == 0


def _send(producer: Producer, settings: Settings, fact: Fact) -> None:
    wire = encode(fact)
    producer.produce(settings.topic("platform-events"), wire.value, wire.key, headers=[*wire.headers])
    producer.poll(0)


def _enrolment(number: int) -> Fact:
    return _fact(LearnerEnrolled, learner=f"bench:l{number}", programme=f"p{number % 4}", course="c")


def _module(number: int) -> Fact:
    return _fact(ModuleCompleted, learner=f"bench:l{number}", course="c", module="m")


def _through(settings: Settings, topic: str, seconds: float, rate: int, make: Any) -> list[float]:
    """Seconds from sending to reading the committed outcome, for the first outcome of each learner."""
    reader = Reader(settings, [topic], from_now=True)
    producer = Producer({**settings.confluent(), "partitioner": "murmur2_random", "linger.ms": 1})
    sent: dict[str, float] = {}
    heard: dict[str, float] = {}
    started, number = time.monotonic(), 0
    while time.monotonic() - started < seconds + 5:
        while number < rate * min(seconds, time.monotonic() - started):
            fact = make(number)
            sent[fact.learner] = time.monotonic()
            _send(producer, settings, fact)
            number += 1
        for name, message in reader.poll(0.002):
            fact = fact_of(name, message.value(), message.headers() or [])
            learner = getattr(fact, "learner", None) or getattr(fact, "recipient", None)
            if learner in sent:
                heard.setdefault(learner, time.monotonic())
    reader.close()
    return [at - sent[learner] for learner, at in heard.items()]


def _bare(settings: Settings, seconds: float, rate: int) -> list[float]:
    """Consume and produce in one transaction a batch, nothing else: what the broker itself takes."""
    source, target = settings.topic("rounds"), settings.topic("matches")
    stop = threading.Event()

    def loop() -> None:
        consumer = Consumer(
            {
                **settings.confluent(),
                "group.id": "bare",
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "fetch.wait.max.ms": 20,
            }
        )
        producer = Producer({**settings.confluent(), "transactional.id": f"bare-{uuid4()}", "linger.ms": 2})
        producer.init_transactions(30)
        consumer.subscribe([source])
        while not stop.is_set():
            batch = [m for m in consumer.consume(2000, 0.02) if m.error() is None]
            if batch:
                producer.begin_transaction()
                for message in batch:
                    producer.produce(target, message.value(), message.key())
                ends = {m.partition(): m.offset() + 1 for m in batch}
                parts = [TopicPartition(source, p, o) for p, o in ends.items()]
                producer.send_offsets_to_transaction(parts, consumer.consumer_group_metadata(), 30)
                producer.commit_transaction(30)
        consumer.close()

    thread = threading.Thread(target=loop)
    thread.start()
    time.sleep(5)
    reader = Reader(settings, ["matches"], from_now=True)
    producer = Producer({**settings.confluent(), "linger.ms": 1})
    found: list[float] = []
    started, number = time.monotonic(), 0
    while time.monotonic() - started < seconds + 3:
        while number < rate * min(seconds, time.monotonic() - started):
            producer.produce(source, str(time.monotonic()).encode(), str(number % 100).encode())
            producer.poll(0)
            number += 1
        for _, message in reader.poll(0.002):
            found.append(time.monotonic() - float(message.value()))
    stop.set()
    thread.join()
    reader.close()
    return found
