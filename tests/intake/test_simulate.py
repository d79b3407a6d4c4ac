"""A made-up programme: the same seed the same lives, in order of time, and all of it passes intake."""

from itertools import pairwise

from schemas.activity import ActivitySeen, DeadlineSet
from schemas.codec import encode
from schemas.fact import Fact
from schemas.learners import LearnerEnrolled, LearnerProfiled, LearnerWithdrew
from schemas.mentors import MentorJoined
from schemas.policy import Policy
from streams.dialects.recognise import read
from streams.simulate import Shape, lives
from tests.memory import START

SMALL = Shape(seed=3, learners=60, mentors=8, days=40)
FACTS = list(lives(SMALL, START))


def of(cls: type[Fact]) -> list[Fact]:
    return [fact for fact in FACTS if isinstance(fact, cls)]


def test_the_same_seed_makes_the_same_lives_and_another_seed_others() -> None:
    assert list(lives(SMALL, START)) == FACTS
    assert list(lives(SMALL._replace(seed=4), START)) != FACTS


def test_events_come_in_order_of_time_with_ids_of_their_own() -> None:
    assert [fact.at for fact in FACTS] == sorted(fact.at for fact in FACTS)
    assert len({fact.id for fact in FACTS}) == len(FACTS)


def test_everybody_is_there() -> None:
    assert len(of(MentorJoined)) == SMALL.mentors
    assert len(of(LearnerEnrolled)) == len(of(LearnerProfiled)) == SMALL.learners
    assert len(of(DeadlineSet)) == SMALL.days // 14


def test_some_leave_some_never_start_and_some_fall_silent() -> None:
    visits: dict[str, list[Fact]] = {}
    for fact in of(ActivitySeen):
        visits.setdefault(fact.key, []).append(fact)
    assert of(LearnerWithdrew)
    assert len(visits) < SMALL.learners
    gaps = [(b.at - a.at).days for seen in visits.values() for a, b in pairwise(seen)]
    assert max(gaps) >= 6


def test_nobody_acts_before_joining_or_after_leaving() -> None:
    joined = {fact.__dict__["learner"]: fact.at for fact in of(LearnerEnrolled)}
    left = {fact.__dict__["learner"]: fact.at for fact in of(LearnerWithdrew)}
    for fact in of(ActivitySeen):
        assert joined[fact.key] < fact.at
        assert fact.key not in left or fact.at <= left[fact.key]


def test_every_event_passes_intake() -> None:
    for fact in FACTS:
        wire = encode(fact)
        (taken,) = read(wire.value, wire.headers, fact.at, Policy()).facts
        assert taken == fact.model_copy(update={"id": taken.id})  # intake's own, of source and id
