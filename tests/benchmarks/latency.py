"""How long from an event to what comes of it?  All roles and a real Kafka on this machine, beside a bare loop.

The bare loop reads and writes a batch in one transaction and does nothing else: what the broker itself takes.
"""

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, Message, Producer, TopicPartition

from schemas.activity import ActivitySeen, ModuleCompleted
from schemas.codec import Wire, encode
from schemas.fact import Fact
from schemas.learners import LearnerEnrolled
from schemas.mentors import MentorJoined
from streams.outside import Reader
from streams.roles import NAMES
from streams.settings import Settings
from streams.supervisor import Supervisor, role_slot
from tests.benchmarks.live import broker, site
from tests.chaos.__main__ import noon

ENROLMENTS, ACTIVITIES = 200, 2000  # a second
MODULES_EVERY = 50  # one activity in so many completes a module, which is celebrated
SETTLE_S = 0.25  # of the default policy: a round waits so long
POOLS, MENTORS = 4, 200
READY_S = 90.0
PATIENCE_S = 120.0  # for those at the end of the queue of a machine that is too slow for the rate
WARM_S = 5.0  # of the same load, not counted: a broker's virtual machine compiles what it meets


def measure(seconds: float) -> dict[str, Any]:
    """p50, p95 and p99 in ms of the first outcome of each event once warm, and the p99's ratio to the bare loop's."""
    with tempfile.TemporaryDirectory() as folder, broker(Path(folder)) as one:
        settings = site(one)
        os.environ["MENTORWAY_POLICY_PATH"] = str(noon(Path(folder), datetime.now(UTC).hour))
        bare = {rate: _bare(settings, seconds, rate) for rate in (ENROLMENTS, ACTIVITIES)}
        with Supervisor([role_slot(name, 0) for name in NAMES]).beside():
            line = Line(settings)
            _ready(line)
            enrolled = range(int(ENROLMENTS * (seconds + WARM_S)))
            matched = line.run(
                "matches", ENROLMENTS, [(f"bench:l{n}", _enrolment(n)) for n in enrolled], SETTLE_S
            )
            nudged = line.run(
                "nudges", ACTIVITIES, list(_activities(int(ACTIVITIES * (seconds + WARM_S)), len(enrolled)))
            )
            line.close()
    return {
        "benchmark": "latency in ms",
        **_beside(f"enrolment to match at {ENROLMENTS}/s, less settling", matched, bare[ENROLMENTS]),
        **_beside(f"activity to nudge at {ACTIVITIES}/s", nudged, bare[ACTIVITIES]),
    }


def _beside(name: str, found: Sequence[float], bare: Sequence[float]) -> dict[str, Any]:
    ours, theirs = points(found), points(bare)
    return {
        name: ours,
        f"{name}, bare loop": theirs,
        f"{name}, p99 ratio": round(ours["p99"] / theirs["p99"], 1),
    }


def points(found: Sequence[float]) -> dict[str, float]:
    ordered = sorted(found)
    points = {f"p{q}": round(1000 * ordered[(len(ordered) - 1) * q // 100], 1) for q in (50, 95, 99)}
    return {**points, "n": len(ordered)}


# --- what is sent --------------------------------------------------------------------------------


def wire(cls: type[Fact], **fields: Any) -> Wire:
    now = datetime.now(UTC)
    return encode(cls(id=uuid4(), at=now, seen_at=now, source="bench", **fields))


def _enrolment(number: int) -> Wire:
    return wire(LearnerEnrolled, learner=f"bench:l{number}", programme=f"p{number % POOLS}", course="c")


def _activities(count: int, learners: int) -> Iterator[tuple[str | None, Wire]]:
    """Activity of all, and now and then a module of a learner who has heard nothing yet; that one is awaited."""
    for number in range(count):
        learner = f"bench:l{number // MODULES_EVERY}"
        if number % MODULES_EVERY == 0 and number // MODULES_EVERY < learners:
            yield learner, wire(ModuleCompleted, learner=learner, course="c", module="m")
        else:
            yield (
                None,
                wire(ActivitySeen, learner=f"bench:l{number % learners}", course="c", item="i", kind="view"),
            )


class Line:
    """Sends to platform-events, hears the outside topics."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.topic = settings.topic("platform-events")
        self.producer = Producer({**settings.confluent(), "partitioner": "murmur2_random", "linger.ms": 1})

    def send(self, wire: Wire) -> None:
        self.producer.produce(self.topic, wire.value, wire.key, headers=[*wire.headers])
        self.producer.poll(0)

    def run(
        self, topic: str, rate: int, planned: Sequence[tuple[str | None, Wire]], less: float = 0.0
    ) -> list[float]:
        """Seconds from sending to reading the committed outcome, for each person awaited once it is warm."""
        reader = Reader(self.settings, [topic], from_now=True)
        sent: dict[str, float] = {}
        heard: dict[str, float] = {}
        awaited = sum(person is not None for person, _ in planned)
        started, number = time.monotonic(), 0
        deadline = started + len(planned) / rate + PATIENCE_S
        while len(heard) < awaited and time.monotonic() < deadline:
            while number < len(planned) and number < rate * (time.monotonic() - started):
                person, wire = planned[number]
                number += 1
                if person is not None:
                    sent[person] = time.monotonic()
                self.send(wire)
            for _, message in reader.poll(0.002):
                person = _subject(message)
                if person in sent and person not in heard:
                    heard[person] = time.monotonic() - sent[person]
        reader.close()
        if len(heard) < awaited:
            raise RuntimeError(f"{awaited - len(heard)} of {awaited} got no word on {topic}")
        return [max(0.0, took - less) for name, took in heard.items() if sent[name] > started + WARM_S]

    def close(self) -> None:
        assert self.producer.flush(30) == 0


def _subject(message: Message) -> str:
    return next((raw.decode() for name, raw in message.headers() or [] if name == "ce_subject"), "")


def _ready(line: Line) -> None:
    """Mentors join; then one learner after another enrols and does a module, until one was matched and nudged."""
    for number in range(MENTORS):
        line.send(
            wire(
                MentorJoined, mentor=f"bench:m{number}", programme=f"p{number % POOLS}", capacity_minutes=10_000,
                max_mentees=500,
            )
        )  # fmt: skip
    reader = Reader(line.settings, ["matches", "nudges"], from_now=True)
    heard: set[str] = set()
    started, number = time.monotonic(), 0
    while heard < {"matches", "nudges"}:
        if time.monotonic() - started > READY_S:
            raise RuntimeError(f"the ledgers did not begin within {READY_S:.0f} s")
        for pool in range(POOLS):
            learner = f"bench:warm{number}"
            line.send(wire(LearnerEnrolled, learner=learner, programme=f"p{pool}", course="c"))
            line.send(wire(ModuleCompleted, learner=learner, course="c", module="m"))
            number += 1
        heard |= {topic for topic, _ in reader.poll(0.5)}
    reader.close()


# --- the bare loop -------------------------------------------------------------------------------


def _bare(settings: Settings, seconds: float, rate: int) -> list[float]:
    """The same load from one topic to another, through a process of its own; stamps travel in the value."""
    source, target = settings.topic("rounds"), settings.topic("dead-letters")
    producer = Producer({**settings.confluent(), "linger.ms": 1})
    reader = Reader(settings, ["dead-letters"], from_now=True)
    found: list[float] = []

    def send(value: float) -> None:
        producer.produce(source, str(value).encode(), str(value).encode())
        producer.poll(0)

    with _loop(settings, source, target):
        began = time.monotonic()
        while not list(reader.poll(0.2)):
            send(0.0)
            if time.monotonic() - began > READY_S:
                raise RuntimeError("the bare loop did not begin")
        started, number = time.monotonic(), 0
        lasts = WARM_S + seconds
        while (passed := time.monotonic() - started) < lasts + 3:
            while number < rate * min(lasts, passed):
                send(time.monotonic())
                number += 1
            for _, message in reader.poll(0.002):
                if (sent := float(message.value())) > started + WARM_S:
                    found.append(time.monotonic() - sent)
    reader.close()
    return found


@contextmanager
def _loop(settings: Settings, source: str, target: str) -> Iterator[None]:
    process = get_context("spawn").Process(target=_turn, args=(settings, source, target), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _turn(settings: Settings, source: str, target: str) -> None:
    consumer = Consumer(
        {
            **settings.confluent(),
            "group.id": f"bare-{uuid4()}",
            "enable.auto.commit": False,
            "auto.offset.reset": "latest",
            "fetch.wait.max.ms": 20,
        }
    )
    producer = Producer({**settings.confluent(), "transactional.id": f"bare-{uuid4()}", "linger.ms": 2})
    producer.init_transactions(30)
    consumer.subscribe([source])
    while True:
        batch = [message for message in consumer.consume(2000, 0.02) if message.error() is None]
        if batch:
            producer.begin_transaction()
            for message in batch:
                producer.produce(target, message.value(), message.key())
            ends = {message.partition(): message.offset() + 1 for message in batch}
            parts = [TopicPartition(source, number, offset) for number, offset in ends.items()]
            producer.send_offsets_to_transaction(parts, consumer.consumer_group_metadata(), 30)
            producer.commit_transaction(30)
