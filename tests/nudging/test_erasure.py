"""Pulses and inboxes forget a person: what is open closes, what waits is dropped as a fact, late facts bring nothing back."""

from itertools import permutations
from uuid import uuid4

import pytest

from nudging.pulse_rows import PulseRow
from nudging.reference_rows import CourseRow, ForumRow
from schemas.advice import AdviceWithdrawn
from schemas.erasure import InboxesErased, PersonErased, PersonForgotten, PulsesErased
from schemas.fact import Fact
from schemas.nudges import ConsentGiven, NudgeSuppressed
from schemas.study import QuestionAnswered, QuestionAsked
from tests.memory import World, only
from tests.nudging import post
from tests.nudging.life import (
    ANA,
    COURSE,
    MENTOR,
    Life,
    active,
    allowed,
    closed,
    day,
    joined,
    left,
    made,
    matched,
    met,
    told,
    wrote,
)  # fmt: skip
from tests.nudging.mentor import copied, loaded, mentoring

FRIEND = "ou:friend"


def erased(days: float, person: str = ANA) -> Fact:
    fact: Fact = made(PulsesErased, day(days), person=person)
    return fact


def dropped(hours: float, person: str = post.ANA, cls: type[Fact] = InboxesErased) -> Fact:
    fact: Fact = post.made(cls, hours, person=person)
    return fact


def named(world: World, person: str) -> list[str]:
    return [key.kind for key in world.rows.naming(person)]


# --- pulses --------------------------------------------------------------------------------


def test_an_erased_learner_s_episodes_close_and_all_that_was_advised_is_taken_back() -> None:
    life = Life()
    life.tell(joined(), matched(0), met(0.1), active(1))
    said = life.live(12)
    heard = {(recipient, rung) for signal, rung, recipient in told(said, "L2")}
    assert {ANA, MENTOR} <= {recipient for recipient, _ in heard}
    said = life.tell(erased(12))
    assert "erased" in closed(said, "L2")
    assert {f.recipient for f in only(said, AdviceWithdrawn)} >= {ANA, MENTOR}
    assert named(life, ANA) == []
    course = life.rows.find(CourseRow, COURSE)
    assert course is not None
    assert course.learners == 0
    assert told(life.live(60)) == []


def test_an_erased_learner_s_late_facts_open_nothing() -> None:
    life = Life()
    life.tell(joined(), active(1), erased(2))
    late = [joined(3), active(4), matched(4), allowed(4), wrote(4, "learner"), left(5), joined(6), erased(6)]
    life.tell(*late)
    assert told(life.live(60)) == []
    assert named(life, ANA) == []


def test_an_erased_mentor_is_no_longer_the_learner_s_and_the_operator_hears_instead() -> None:
    life = Life()
    life.tell(joined(), matched(0), met(0.1), active(1), erased(2, MENTOR))
    late = life.tell(matched(2.5, rev=9))
    assert named(life, MENTOR) == []
    heard = told(late + life.live(20), "L2")
    assert MENTOR not in {recipient for _, _, recipient in heard}
    assert len(heard) >= 2


def test_a_mentor_advised_and_then_replaced_is_in_no_row_s_bytes_and_hears_nothing_taken_back() -> None:
    life = Life()
    life.tell(joined(), matched(0), met(0.1), active(1))
    assert MENTOR in {recipient for _, _, recipient in told(life.live(12), "L2")}
    life.tell(matched(12.1, rev=5).model_copy(update={"mentor": "ou:second", "pair": uuid4()}))
    life.tell(erased(13, MENTOR))
    assert [key for key, raw in life.rows.stored.items() if f'{MENTOR}"'.encode() in raw] == []
    said = life.tell(active(14))
    assert {fact.recipient for fact in only(said, AdviceWithdrawn)} >= {ANA}
    assert MENTOR not in {fact.recipient for fact in only(said, AdviceWithdrawn)}


def test_a_mentor_s_load_and_a_forum_forget_an_erased_learner() -> None:
    life = Life()
    life.tell(loaded(0, 100, learners=(ANA, FRIEND)), copied(0.1, "learner"), joined())
    life.tell(made(QuestionAsked, day(0.2), learner=ANA, course=COURSE, thread="t"))
    life.tell(made(QuestionAnswered, day(0.2), course=COURSE, thread="early", by=ANA))
    life.tell(erased(1), loaded(1.1, 100, rev=2, learners=(ANA, FRIEND)))
    assert named(life, ANA) == []
    assert [learner for _, learner in mentoring(life).pairs or ()] == [FRIEND]
    life.tell(made(QuestionAnswered, day(1.2), course=COURSE, thread="other", by=ANA))
    assert named(life, ANA) == []
    forum = life.rows.find(ForumRow, COURSE)
    assert forum is not None
    assert (forum.askers, sorted(forum.early)) == ({}, ["other"])


@pytest.mark.parametrize("person", [ANA, MENTOR])
def test_in_any_order_nothing_is_left_of_a_person(person: str) -> None:
    facts = [joined(), matched(1), active(1), erased(2, person)]
    for order in permutations(facts):
        life = Life()
        life.live(3)
        life.tell(*(fact.model_copy(update={"seen_at": day(3)}) for fact in (*order, *order)))
        life.live(4)
        assert named(life, person) == []


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = Life()
    life.tell(joined(), matched(0), met(0.1), active(1))
    life.live(12)
    life.tell(erased(12))
    after = life.restarted()
    assert told(after.tell(joined(13), active(13)) + after.live(40)) == []
    assert after.rows.find(PulseRow, ANA) is None


# --- inboxes -------------------------------------------------------------------------------


def test_what_waits_for_an_erased_person_is_dropped_with_the_reason_and_readers_are_told_to_forget() -> None:
    world = post.post()
    world.tell(post.profiled(12))  # at midnight: quiet hours
    world.tell(post.advice("one", 13), post.advice("two", 13))
    said = world.tell(dropped(14, cls=PersonErased), dropped(14))
    assert [(f.recipient, f.reason) for f in only(said, NudgeSuppressed)] == [(post.ANA, "erased")] * 2
    assert [f.person for f in only(said, PersonForgotten)] == [post.ANA]
    assert named(world, post.ANA) == []
    assert post.sent(world.pass_time(days=10)) == []


def test_what_waits_for_a_mentor_about_an_erased_learner_is_dropped_and_the_rest_is_said() -> None:
    world = post.post()
    about, other = post.to_mentor("one", 1), post.to_mentor("two", 1, learner=FRIEND)
    world.tell(post.profiled(person=post.MENTOR, role="mentor"), about, other)
    said = world.tell(dropped(2))
    assert [(f.recipient, f.advice) for f in only(said, NudgeSuppressed)] == [(post.MENTOR, about.advice)]
    assert post.sent(world.pass_time(days=2)) == [[other.advice]]


def test_the_mentor_hears_that_the_pair_ended_and_then_no_row_names_the_learner() -> None:
    world = post.post()
    world.tell(post.profiled(person=post.MENTOR, role="mentor"), dropped(1))
    end = {"person": post.MENTOR, "role": "mentor", "other": post.ANA, "reason": "erased"}
    said = world.tell(post.announced("ended", 1.1, **end)) + world.pass_time(days=2)
    assert [item.template for item in post.nudge(said).items] == ["match.ended.mentor"]
    assert named(world, post.ANA) == []


def test_advice_that_comes_too_late_is_not_said_and_a_late_profile_is_not_kept() -> None:
    world = post.post()
    world.tell(dropped(1))
    late = [post.advice("late", 2), post.to_mentor("about", 2)]
    said = world.tell(
        *late, *late, post.profiled(2), post.made(ConsentGiven, 2, person=post.ANA, scope="nudges")
    )
    said += world.tell(
        post.announced("confirmed", 2), post.announced("confirmed", 2, person=post.MENTOR, other=post.ANA)
    )
    assert post.dropped(said) == ["erased"] * 4
    assert len({f.id for f in only(said, NudgeSuppressed)}) == 2
    assert named(world, post.ANA) == []
    assert post.sent(world.pass_time(days=10)) == []
