"""Whoever takes the consent to nudges back hears nothing more: neither what comes nor what already waits, whyever it waits."""

import pytest

from schemas.fact import Fact
from schemas.nudges import ConsentGiven, ConsentWithdrawn, NudgeSuppressed, PersonOptedIn
from schemas.policy import Policy
from tests.memory import START, World, only
from tests.nudging.post import ANA, MENTOR, advice, dropped, held, made, post, profiled, sent, to_mentor

QUIET = Policy().inbox.quiet_from // 60 - START.hour  # hours from the start to the evening's quiet hours


def waiting(*facts: Fact, person: str = ANA, role: str = "learner") -> tuple[World, list[Fact]]:
    world = post()
    return world, world.tell(profiled(person=person, role=role), *facts) + world.pass_time(minutes=1)


def taken_back(hours: float, person: str = ANA) -> Fact:
    fact: Fact = made(ConsentWithdrawn, hours, person=person, scope="nudges")
    return fact


@pytest.mark.parametrize(
    ("facts", "person", "why"),
    [
        ([advice("night", QUIET + 1, good_for=40)], ANA, "quiet_hours"),
        ([advice("first", 0), advice("second", 1)], ANA, "daily_cap"),
        ([advice("later", 0, not_before=START.replace(hour=20))], ANA, None),
        ([to_mentor("digest", 1, priority=50)], MENTOR, "digest"),
        ([to_mentor(n, 1, priority=90) for n in range(4)], MENTOR, "mentor_cap"),
        ([to_mentor("pressing at night", QUIET + 1, good_for=40, priority=90)], MENTOR, "quiet_hours"),
    ],
    ids=["quiet hours", "cap", "for later", "digest", "at once no more", "mentor by night"],
)
def test_what_waits_is_suppressed_with_the_reason_and_never_sent(
    facts: list[Fact], person: str, why: str | None
) -> None:
    world, said = waiting(*facts, person=person, role="learner" if person == ANA else "mentor")
    assert [reason for reason, _ in held(said)] == ([] if why is None else [why])
    before = len(sent(said))
    after = (world.now - START).total_seconds() / 3600
    said = world.tell(taken_back(after + 0.1, person)) + world.pass_time(days=9)
    assert sent(said) == []
    (fact,) = only(said, NudgeSuppressed)
    assert isinstance(fact, NudgeSuppressed)
    assert (fact.reason, fact.recipient) == ("no_consent", person)
    assert before + len(dropped(said)) == len(facts)


def test_a_later_yes_does_not_bring_back_what_was_suppressed() -> None:
    world, _ = waiting(advice("night", QUIET + 1, good_for=90))
    world.tell(taken_back(QUIET + 2))
    world.pass_time(minutes=1)
    said = world.tell(made(ConsentGiven, QUIET + 3, person=ANA, scope="nudges"), advice("new", QUIET + 4, 90))
    said += world.pass_time(days=3)
    assert len(sent(said)) == 1
    assert advice("night").advice not in sent(said)[0]


def test_a_yes_to_a_kind_is_no_yes_to_nudges() -> None:
    world, _ = waiting(advice("night", QUIET + 1, good_for=90))
    world.tell(taken_back(QUIET + 2), made(PersonOptedIn, QUIET + 3, person=ANA, kind="all"))
    assert sent(world.pass_time(days=3)) == []


def test_a_no_that_comes_late_and_twice_stops_what_waits_once() -> None:
    world, _ = waiting(advice("night", QUIET + 1, good_for=90))
    no = taken_back(QUIET - 2).model_copy(update={"seen_at": START.replace(hour=23)})
    said = world.tell(no) + world.tell(no) + world.pass_time(days=3)
    assert (sent(said), dropped(said)) == ([], ["no_consent"])


def test_a_mentor_s_no_leaves_the_learner_s_own_word_to_be_said() -> None:
    world = post()
    world.tell(profiled(), profiled(person=MENTOR, role="mentor"), to_mentor("digest", 0, priority=50))
    said = world.tell(taken_back(1, MENTOR), advice("own", 2)) + world.pass_time(days=3)
    assert sent(said) == [[advice("own").advice]]
    assert dropped(said) == ["no_consent"]
