"""A learner who takes part in two programmes that share a pool: each goes on without the other."""

import pytest

from matching.rows import LearnerRow
from schemas.fact import Fact
from schemas.matches import MatchAnnounced, MatchConfirmed, MatchEnded, MatchProposed
from schemas.policy import Policy, ProgrammePolicy
from schemas.pool_policy import PoolPolicy
from tests.matching.people import (
    POOL,
    Pool,
    completed,
    enrolled,
    instant,
    joined,
    made,
    profiled,
    withdrew,
)
from tests.memory import only

SHARED = Policy(pools={"one": POOL, "two": POOL, "three": POOL})


def both(*more: Fact, policy: Policy = SHARED) -> Pool:
    pool = Pool(policy)
    pool.after(joined("m"), enrolled("a", course="A", programme="one"))
    pool.after(enrolled("a", 1, course="B", programme="two"), *more)
    return pool


def in_force(pool: Pool) -> set[str]:
    return set(pool.learner("a").programmes_at(pool.now, pool.policy))


@pytest.mark.parametrize("ends", [withdrew, completed])
@pytest.mark.parametrize(("course", "stays"), [("A", "two"), ("B", "one")])
def test_the_end_of_one_keeps_the_mentor_and_the_last_end_parts_them(ends, course, stays):
    pool = both()
    assert in_force(pool) == {"one", "two"}
    assert only(pool.after(ends("a", 2, course=course)), MatchEnded) == []
    assert (pool.pairs(), in_force(pool), pool.learner("a").programme) == ({"a": "m"}, {stays}, stays)
    other = {"A": "B", "B": "A"}[course]
    assert [fact.programme for fact in only(pool.after(ends("a", 3, course=other)), MatchEnded)] == [stays]
    assert (pool.pairs(), in_force(pool)) == ({}, set())


@pytest.mark.parametrize(("course", "goes_on"), [("A", "two"), ("B", "one")])
def test_the_pair_is_told_of_under_the_programme_that_goes_on(course, goes_on):
    pool, rev = both(), both().learner("a").rev
    told = only(pool.after(withdrew("a", 2, course=course)), MatchAnnounced)
    assert [(fact.programme, fact.state, fact.rev > rev) for fact in told] == [(goes_on, "confirmed", True)]
    assert {fact.programme for fact in only(pool.pass_time(days=8), MatchAnnounced)} == {goes_on}


def test_of_two_courses_of_one_programme_the_end_of_one_is_no_news_of_the_pair():
    pool = both(enrolled("a", 2, course="C", programme="two"))
    assert pool.after(withdrew("a", 3, course="C")) == []


def test_who_waits_goes_on_waiting_and_is_asked_as_the_programme_that_goes_on_has_it():
    asks = SHARED.model_copy(update={"programmes": {"one": ProgrammePolicy(auto_confirm=False)}})
    pool = Pool(asks)
    pool.after(enrolled("a", course="A", programme="one"), enrolled("a", 1, course="B", programme="two"))
    pool.after(withdrew("a", 2, course="B"))
    assert pool.learner("a").waiting_since == instant(0)
    said = pool.after(joined("m", 3))
    assert [fact.programme for fact in only(said, MatchProposed)] == ["one"]
    assert only(said, MatchConfirmed) == []


def test_which_programme_came_last_is_told_by_when_they_began_and_not_by_what_arrived_last():
    pool = Pool(SHARED)
    pool.after(enrolled("a", 1, course="B", programme="two"), enrolled("a", 0, course="A", programme="one"))
    assert (pool.learner("a").programme, in_force(pool)) == ("two", {"one", "two"})


def test_a_course_that_another_programme_takes_over_is_of_that_one_alone():
    pool = both(enrolled("a", 2, course="A", programme="three"))
    assert in_force(pool) == {"two", "three"}


def test_a_course_past_its_told_end_holds_nobody_but_a_pair_does():
    pool = Pool(SHARED)
    pool.after(enrolled("a", course="A", programme="one", ends_at=instant(24)))
    pool.after(enrolled("a", 1, course="B", programme="two"))
    pool.pass_time(days=1 + SHARED.pool.after_end_days)
    assert in_force(pool) == {"two"}


def test_a_conflict_with_either_programme_keeps_a_mentor_away():
    pool = Pool(SHARED.model_copy(update={"pool": PoolPolicy(conflicts=(("m", "one"), ("n", "two")))}))
    pool.after(enrolled("a", course="A", programme="one"), enrolled("a", 1, course="B", programme="two"))
    pool.after(joined("m", 2), joined("n", 2))
    assert pool.pairs() == {}
    pool.after(withdrew("a", 3, course="A"))
    assert pool.pairs() == {"a": "m"}


def test_of_one_programme_a_row_says_no_more_than_before():
    pool = Pool(SHARED)
    pool.after(enrolled("a", course="A", programme="one"), enrolled("a", 1, course="B", programme="one"))
    assert pool.learner("a").elsewhere is None


def test_courses_of_two_programmes_are_forgotten_with_what_they_were_of():
    pool = both(*(enrolled("a", 2 + n, course=f"C{n}", programme="two") for n in range(70)))
    row = pool.learner("a")
    assert "A" not in row.courses
    assert (row.programme, row.elsewhere) == ("two", None)


def test_a_row_of_the_release_before_counts_each_course_as_of_its_programme():
    old = LearnerRow.model_validate_json(
        '{"programme":"one","courses":{"A":["2026-01-05T12:00:00Z",true],"B":["2026-01-05T12:00:00Z",false]}}'
    )
    pool = Pool(SHARED)
    pool.rows.put(old, POOL, "a")
    assert in_force(pool) == {"one"}
    pool.after(enrolled("a", 1, course="C", programme="two"), profiled("a", 1, languages=("de",)))
    assert in_force(pool) == {"one", "two"}
    assert made(type(enrolled("a")), 1, learner="a", course="C").programme == POOL
