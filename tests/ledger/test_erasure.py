"""What is left of an erased person in the changelogs, and does it hold over restarts?  All four ledgers, no broker."""

from datetime import timedelta

import pytest

from schemas.activity import ActivitySeen
from schemas.codec import decode
from schemas.erased import mark_of
from schemas.erasure import PersonErased, PersonForgotten
from schemas.fact import Fact
from schemas.learners import LearnerEnrolled
from schemas.matches import MatchConfirmed, MatchEnded
from schemas.mentors import MentorJoined
from schemas.nudges import NudgeSent
from streams.log import Record
from streams.roles import NAMES
from tests.intake.test_intake import outside
from tests.ledger.remembered import Site

ANA, BEN, ADA = "ou:ana", "ou:ben", "m:ada"


def fact_of(record: Record) -> Fact:
    found = decode(record.value(), record.headers() or [])
    assert isinstance(found, Fact)
    return found


def said(site: Site, topic: str) -> list[Fact]:
    return [fact_of(record) for record in site.all(topic)]


def told(site: Site, cls: type, *fields: str) -> list[tuple[object, ...]]:
    topic = cls.TOPIC  # type: ignore[attr-defined]
    return [tuple(getattr(f, name) for name in fields) for f in said(site, topic) if isinstance(f, cls)]


def begun() -> Site:
    site = Site()
    site.say(at(site, MentorJoined, mentor=ADA, programme="p", capacity_minutes=60))
    site.say(enrolled(site, ANA))
    site.live(minutes=1)
    site.say(enrolled(site, BEN))
    site.live(minutes=1)
    site.live(hours=2)  # L1: joined three days ago, and not seen since
    return site


def enrolled(site: Site, learner: str) -> Fact:
    fact = at(site, LearnerEnrolled, learner=learner, programme="p", course="c")
    return fact.model_copy(update={"at": site.now - timedelta(days=3)})


def at(site: Site, cls: type[Fact], **fields: object) -> Fact:
    return outside(cls, **fields).model_copy(update={"at": site.now, "seen_at": site.now})


def left(site: Site, person: str) -> dict[str, list[bytes | None]]:
    """Of each ledger's changelog the values of the records that name the person, in key or value."""
    word = person.encode()
    return {
        name: [r.value() for r in site.all(f"{name}-rows") if word in (r.key() or b"") + (r.value() or b"")]
        for name in NAMES
    }


@pytest.mark.parametrize("person", [ANA, ADA])
def test_after_compaction_tombstones_alone_name_an_erased_person(person: str) -> None:
    site = begun()
    before = left(site, person)
    assert any(before[name] for name in ("pools", "pulses", "inboxes"))
    site.say(at(site, PersonErased, person=person))
    site.live(minutes=1)
    site.live(hours=23)  # the word that the pair ended is said
    site.compact()
    assert [value for values in left(site, person).values() for value in values if value is not None] == []
    marks = {
        name: sum(mark_of(person).encode() in (r.key() or b"") for r in site.all(f"{name}-rows"))
        for name in NAMES
    }
    assert marks == {"intake": 0, "pools": 2, "pulses": 2, "inboxes": 2}


def test_after_a_restart_late_and_repeated_events_bring_nobody_back() -> None:
    site = begun()
    assert told(site, MatchConfirmed, "learner") == [(ANA,)]
    erasing = at(site, PersonErased, person=ANA)
    site.say(erasing)
    site.live(minutes=1)
    site.live(minutes=1)
    assert told(site, MatchEnded, "learner", "reason") == [(ANA, "erased")]
    assert told(site, MatchConfirmed, "learner") == [(ANA,), (BEN,)]
    heard = len(told(site, NudgeSent, "recipient"))
    site.compact()
    site.start()
    late = at(site, LearnerEnrolled, learner=ANA, programme="p", course="c")
    site.say(late, late, erasing, at(site, ActivitySeen, learner=ANA, course="c"), late)
    site.live(minutes=1)
    site.live(hours=23)
    assert [learner for (learner,) in told(site, MatchConfirmed, "learner")] == [ANA, BEN]
    assert ANA not in [who for (who,) in told(site, NudgeSent, "recipient")[heard:]]
    site.compact()
    assert [value for values in left(site, ANA).values() for value in values if value is not None] == []
    assert {person for (person,) in told(site, PersonForgotten, "person")} == {ANA}


def test_an_erasure_seen_before_anything_of_the_person_holds() -> None:
    site = Site()
    site.say(at(site, PersonErased, person=ANA))
    site.live(minutes=1)
    site.say(
        at(site, MentorJoined, mentor=ADA, programme="p"),
        at(site, LearnerEnrolled, learner=ANA, programme="p", course="c"),
    )
    site.live(minutes=1)
    assert told(site, MatchConfirmed, "learner") == []
    assert [value for values in left(site, ANA).values() for value in values if value is not None] == []
