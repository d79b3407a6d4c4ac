"""Erasure on real brokers: what a kill leaves, what late events bring, and what compaction leaves of a person."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from kafka.admin import ConfigResource, ConfigResourceType

from schemas.codec import decode
from schemas.erased import mark_of
from schemas.erasure import PersonErased
from schemas.fact import F, Fact
from schemas.learners import LearnerEnrolled
from schemas.matches import MatchConfirmed, MatchEnded
from schemas.mentors import MentorJoined
from schemas.topics import changelog
from streams.dialects.reading import event_id
from streams.feed import Feed
from streams.reading import records
from streams.roles import NAMES
from streams.settings import Settings
from streams.supervisor import Supervisor, role_slot
from streams.topics import admin
from tests.kafka.test_ledger import until

pytestmark = pytest.mark.kafka
ANA, BEN, ADA = "ou:ana", "ou:ben", "m:ada"
EAGER = {
    "cleanup.policy": "compact", "segment.ms": "200", "min.cleanable.dirty.ratio": "0.001", "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "500", "delete.retention.ms": "100",
}  # fmt: skip


@pytest.fixture
def partitions() -> int:
    return 2


@contextmanager
def ledgers() -> Iterator[Supervisor]:
    supervisor = Supervisor([role_slot(name, 0, []) for name in NAMES])
    with supervisor.beside():
        yield supervisor


def made(cls: type[F], name: str, **fields: object) -> F:
    at = datetime.now(UTC) - timedelta(days=4)
    return cls(id=event_id("ou", name), at=at, seen_at=at, source="ou", **fields)  # type: ignore[arg-type]


def enrolled(learner: str) -> Fact:
    return made(LearnerEnrolled, f"enrolled {learner}", learner=learner, programme="p", course="c")


def told(settings: Settings, cls: type[F]) -> list[F]:
    found = (decode(r.value, r.headers) for r in records(settings, settings.topic(cls.TOPIC)))
    return [fact for fact in found if isinstance(fact, cls)]


def rows_naming(settings: Settings, word: str) -> dict[str, list[bytes | None]]:
    """Of each changelog the values of the records that hold the word in key or value, as a client reads them."""
    raw = word.encode()
    return {
        name: [r.value for r in records(settings, settings.topic(changelog(name).name)) if raw in r.key + (r.value or b"")]
        for name in NAMES
    }  # fmt: skip


def send(settings: Settings, *facts: Fact) -> None:
    feed = Feed(settings)
    for fact in facts:
        feed.send(fact)
    feed.flush()


def latest(settings: Settings, name: str) -> dict[bytes, bytes | None]:
    return {r.key: r.value for r in records(settings, settings.topic(changelog(name).name))}


def standing(settings: Settings, person: str) -> list[str]:
    """Ledgers of which a row that is the last of its key still names the person."""
    raw = person.encode()
    return [n for n in NAMES if any(v is not None and raw in k + v for k, v in latest(settings, n).items())]


def one_more(settings: Settings) -> bool:
    """A learner more in each of many pools: only what is written to ends a segment, and only ended ones are compacted."""
    name = uuid4().hex[:8]
    send(settings, *(
        made(LearnerEnrolled, f"{name}/{n}", learner=f"ou:{name}", programme=f"p{n}", course="c") for n in range(6)
    ))  # fmt: skip
    return True


def tombstones_alone(settings: Settings, person: str) -> bool:
    found = rows_naming(settings, person)
    return all(value is None for name in ("pools", "pulses") for value in found[name])


def compacted(settings: Settings) -> None:
    """Makes a real broker compact at once what it would compact in minutes."""
    with admin(settings) as client:
        often = ConfigResource(ConfigResourceType.BROKER, "1", configs={"log.cleaner.backoff.ms": "500"})
        client.alter_configs([often])
        for name in NAMES:
            topic = settings.topic(changelog(name).name)
            client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=EAGER)])


def test_an_erased_person_is_forgotten_through_kills_late_events_and_compaction(
    site: Settings, request: pytest.FixtureRequest
) -> None:
    erasing = made(PersonErased, "erased", person=ANA)
    with ledgers() as supervisor:
        send(site, made(MentorJoined, "ada", mentor=ADA, programme="p", capacity_minutes=60), enrolled(ANA))
        until(lambda: [f.learner for f in told(site, MatchConfirmed)] == [ANA], 60, "ana is matched")
        send(site, enrolled(BEN), erasing)
        for slot in supervisor.slots:
            assert slot.process is not None
            os.kill(slot.process.pid, signal.SIGKILL)
        until(lambda: len(told(site, MatchConfirmed)) == 2, 60, "ben is matched")
        assert [(f.learner, f.reason) for f in told(site, MatchEnded)] == [(ANA, "erased")]
    with ledgers():
        send(site, enrolled(ANA), erasing, enrolled(ANA), enrolled("ou:cid"))
        marks = mark_of(ANA).encode()
        until(
            lambda: all(any(marks in key for key in latest(site, n)) for n in NAMES if n != "intake"),
            60,
            "marks",
        )
        until(lambda: any(b"ou:cid" in key for key in latest(site, "pools")), 60, "the last event is folded")
        until(lambda: not standing(site, ANA) or standing(site, ANA) == ["inboxes"], 60, "ana is forgotten")
    assert [f.learner for f in told(site, MatchConfirmed)] == [ANA, BEN]
    inboxes = [(k, v) for k, v in latest(site, "inboxes").items() if v is not None and ANA.encode() in k + v]
    assert all(
        key.startswith(b"pending\x1f" + ADA.encode()) for key, _ in inboxes
    )  # "the pair ended", to be said by day
    if request.node.callspec.params["site"] == "kafka":
        compacted(site)
        with ledgers():
            until(lambda: one_more(site) and tombstones_alone(site, ANA), 120, "compacted")
