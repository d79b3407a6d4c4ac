"""How fast is one large pool, live?  Enrolment to match on a real Kafka, and the same while the pool is reviewed.

The pool begins with its rows: mentors with ten learners each, as a ledger would have left them.  So the first
figure is a restart: from the start of the process until the first match.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from confluent_kafka import Consumer, Producer, TopicPartition

from matching.announce import pair_id
from matching.pool_rows import PoolRow, ReviewRow
from matching.rows import LearnerRow, MentorRow
from schemas.codec import Wire
from schemas.ids import named
from schemas.learners import LearnerEnrolled
from schemas.reviews import ReviewReported
from schemas.rows import Row, RowKey
from schemas.topics import LEDGERS, changelog
from streams.broker import Broker
from streams.memory_log import partition_of
from streams.outside import Reader, fact_of
from streams.partition import key_bytes, row_bytes
from streams.progress import PROGRESS, Progress
from streams.settings import Settings
from streams.supervisor import Supervisor, role_slot
from streams.topics import create
from tests.benchmarks.latency import ENROLMENTS, SETTLE_S, WARM_S, Line, points, wire
from tests.benchmarks.live import PARTITIONS, broker
from tests.ledger.schedule import SEED

POOL = "p0"
EACH = 10  # learners a mentor has
MINUTES = 60
SKILLS = tuple(f"skill-{number}" for number in range(24))
READY_S = 180.0


def measure(mentors: int, learners: int, seconds: float, rate: int = ENROLMENTS) -> dict[str, Any]:
    """ms from enrolment to committed match beyond the settling time, alone and with a review under way.

    `rate` is enrolments a second: a machine that cannot bear it says so, and may show the ratio at less.
    """
    with tempfile.TemporaryDirectory() as folder, broker(Path(folder)) as one:
        alone = _run(one, "alone", mentors, learners, seconds, rate)
        aside = _run(one, "aside", mentors, learners, seconds, rate)
    return {
        "benchmark": "a large pool, live, ms from enrolment to match less settling", "mentors": mentors, "learners": learners,
        "a second": rate, "alone": points(alone.took), "while reviewed aside": points(aside.took),
        "p99 ratio": round(points(aside.took)["p99"] / points(alone.took)["p99"], 2),
        "review under way throughout": aside.reviewing,
        "restart to first match in seconds": [round(each.restart, 1) for each in (alone, aside)],
    }  # fmt: skip


class Run(NamedTuple):
    took: list[float]
    restart: float  # seconds
    reviewing: bool


def _run(one: Broker, name: str, mentors: int, learners: int, seconds: float, rate: int) -> Run:
    settings: Settings = one.settings(prefix=f"{name}.", partitions=PARTITIONS, health_port=0)
    create(settings)
    os.environ.update(settings.environment())
    _seed(settings, mentors, learners, reviewed=name == "aside")
    line, started = Line(settings), time.monotonic()
    reports = Reader(settings, ["rounds"], from_now=True)
    with Supervisor([role_slot(role, 0) for role in ("intake", "pools")]).beside():
        while not _one_match(line):
            if time.monotonic() - started > READY_S:
                raise RuntimeError(f"no match within {READY_S:.0f} s")
        restart = time.monotonic() - started
        count = int(rate * (seconds + WARM_S))
        planned = [(f"bench:new{number}", _enrolment(f"bench:new{number}")) for number in range(count)]
        took = line.run("matches", rate, planned, SETTLE_S)
        reviewed = any(
            isinstance(fact_of(topic, message.value(), message.headers() or []), ReviewReported)
            for topic, message in reports.all()
        )
        line.close()
    reports.close()
    return Run(took, restart, not reviewed)


def _enrolment(learner: str) -> Wire:
    return wire(LearnerEnrolled, learner=learner, programme=POOL, course="c")


def _one_match(line: Line) -> bool:
    """Sends one enrolment; True if its match is heard within a while."""
    try:
        line.run("matches", 10, [("bench:first", _enrolment("bench:first"))])
    except RuntimeError:
        return False
    return True


# --- the rows of a pool at work ------------------------------------------------------------------


def _seed(settings: Settings, mentors: int, learners: int, reviewed: bool) -> None:
    """Writes the rows and the progress of the pool's partition, and the group's offset beside it."""
    number = partition_of(POOL.encode(), settings.partitions)
    topic = settings.topic(changelog("pools").name)
    producer = Producer({**settings.confluent(), "linger.ms": 20, "queue.buffering.max.messages": 500_000})
    for key, row in rows_of(mentors, learners, reviewed):
        producer.produce(topic, row_bytes(row), key_bytes(key), number)
    progress = Progress(next=0, clock=datetime.now(UTC))
    producer.produce(topic, progress.model_dump_json(exclude_none=True).encode(), PROGRESS, number)
    assert producer.flush(60) == 0
    group = Consumer(
        {**settings.confluent(), "group.id": settings.group("pools"), "enable.auto.commit": False}
    )
    place = TopicPartition(settings.topic(LEDGERS["pools"].name), number, 0)
    group.commit(offsets=[place], asynchronous=False)
    group.close()


def rows_of(mentors: int, learners: int, reviewed: bool) -> Iterator[tuple[RowKey, Row]]:
    chance, now = Random(11), datetime.now(UTC)
    held: dict[int, dict[str, int]] = {number: {} for number in range(mentors)}
    for number in range(learners):
        id, at = f"bench:old{number}", number % mentors
        if len(held[at]) >= EACH:
            break
        held[at][id] = MINUTES
        paired = now - timedelta(days=chance.randint(1, 90))
        row = LearnerRow(
            programme=POOL, courses={"c": (paired, True)}, languages=_tongues(chance), spell=1, rev=1, state="confirmed",
            skills_wanted=tuple(sorted((skill, chance.randint(1, 5)) for skill in chance.sample(SKILLS, 3))),
            available_hours=tuple(sorted(chance.sample(range(168), 20))), time_zone="UTC", mentor=f"bench:m{at}",
            pair=pair_id(POOL, id, f"bench:m{at}", 0), paired_at=paired, wake_at=now + timedelta(days=7),
        )  # fmt: skip
        yield RowKey("learner", POOL, id), row
    for number in range(mentors):
        row_of = MentorRow(
            programme=POOL, here=True, here_at=now - timedelta(days=99), languages=_tongues(chance), time_zone="UTC",
            skills=tuple(sorted((skill, chance.randint(1, 5)) for skill in chance.sample(SKILLS, 5))),
            available_hours=tuple(sorted(chance.sample(range(168), 40))), capacity_minutes=(EACH + 10) * MINUTES,
            max_mentees=EACH + 10, mentees=held[number],
        )  # fmt: skip
        yield RowKey("mentor", POOL, f"bench:m{number}"), row_of
    yield RowKey("pool", POOL, ""), PoolRow()
    if reviewed:
        row_asks = ReviewRow(asked=named(SEED, "review"), asked_at=now, wake_at=now + timedelta(days=1))
        yield RowKey("review", POOL, ""), row_asks


def _tongues(chance: Random) -> tuple[str, ...]:
    return ("en", chance.choice(("de", "es", "fr", "hi")))
