"""A learner costs hours by need; a change of need changes hours, never a pair."""

import pytest

from matching.rows import LearnerRow
from matching.views import effort_of
from schemas.matches import MatchEnded, MatchProposed
from schemas.mentoring import MentorNeedsChanged
from schemas.pool_policy import NeedMinutes, PoolPolicy
from schemas.rounds import RoundReported
from tests.matching.people import Pool, enrolled, joined, made, needs, pool_policy, profiled, withdrew
from tests.memory import only

TABLE = PoolPolicy(need=NeedMinutes(raised=10, high=30, urgent=60, start=20, end=5))


@pytest.mark.parametrize(
    ("row", "minutes"),
    [
        ({}, 60),
        ({"wanted_minutes": 30}, 30),
        ({"band": "raised"}, 70),
        ({"band": "urgent", "wanted_minutes": 30}, 90),
        ({"band": "high", "stage": "start"}, 110),
        ({"band": "low", "stage": "end"}, 65),
        ({"band": "urgent", "need_minutes": 45}, 45),
    ],
)
def test_minutes_come_from_the_wish_and_the_table_or_from_the_pulse_itself(row, minutes):
    assert effort_of(LearnerRow(**row), TABLE) == minutes


def test_a_learner_of_higher_need_takes_more_of_a_mentors_hours():
    pool = Pool()
    said = pool.after(
        needs("a", "urgent", 0),
        joined("m", capacity_minutes=120),
        enrolled("a"),
        enrolled("b", 0.001),
    )
    assert [(fact.learner, fact.minutes) for fact in only(said, MatchProposed)] == [("a", 120)]
    assert pool.learner("b").binding == "no_capacity"


def test_a_change_of_need_changes_what_the_mentor_promised_and_plays_no_round():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    assert pool.after(needs("a", "high")) == []
    assert pool.mentor("m").mentees == {"a": 90}


def test_a_pair_whose_mentor_is_thereby_over_hours_is_kept_and_reported_and_nobody_new_comes():
    pool = Pool()
    pool.after(joined("m", capacity_minutes=120), enrolled("a"), enrolled("b"))
    pool.after(needs("a", "urgent"))
    said = pool.after(enrolled("c", 2))
    assert only(said, MatchEnded) == []
    assert pool.pairs() == {"a": "m", "b": "m"}
    assert only(said, RoundReported)[0].over_hours == 1


def test_only_an_urgent_change_of_a_learner_who_waits_asks_for_a_round():
    pool = Pool()
    pool.after(enrolled("a"))
    assert pool.after(needs("a", "high", 1)) == []
    assert [fact.trigger for fact in only(pool.after(needs("a", "urgent", 2)), RoundReported)] == [
        "needs.changed.v1"
    ]
    assert pool.after(needs("a", "urgent", 3, risk_permille=900)) == []


def test_an_older_word_on_need_changes_nothing():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"), needs("a", "high", 2), needs("a", "low", 1))
    assert pool.mentor("m").mentees == {"a": 90}


def test_of_two_who_waited_alike_the_urgent_one_comes_first():
    pool = Pool()
    pool.after(
        needs("b", "urgent", 0, effort_minutes=60),
        enrolled("a"),
        enrolled("b"),
        joined("m", max_mentees=1),
    )
    assert pool.pairs() == {"b": "m"}


def test_a_wish_for_more_time_is_kept_like_a_need():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    pool.after(profiled("a", 1, wanted_minutes=100))
    assert pool.mentor("m").mentees == {"a": 100}


def test_company_kept_with_a_learner_in_need_is_experience_and_a_short_one_is_not():
    for days, helped in ((27, 0), (28, 1)):
        pool = Pool()
        pool.after(joined("m"), enrolled("a"))
        pool.after(needs("a", "high", 1), needs("a", "low", 2))
        pool.after(withdrew("a", 24 * days + 1))
        assert pool.mentor("m").helped == helped


def test_a_learner_in_need_goes_to_the_mentor_with_experience_of_it():
    pool = Pool(pool_policy(told_hours=0, told_skills=0))
    pool.after(joined("m"), enrolled("a"), needs("a", "high", 0))
    pool.after(withdrew("a", 24 * 30))
    pool.after(joined("l", 24 * 31), needs("b", "high", 24 * 31), enrolled("b", 24 * 31))
    assert pool.pairs() == {"b": "m"}


def strained(fewer: int, hours: float):
    return made(MentorNeedsChanged, hours, mentor="m", fewer_mentees=fewer, load_permille=1050)


def test_who_bears_too_much_keeps_their_pairs_and_gets_nobody_new_until_it_is_over():
    pool = Pool()
    pool.after(joined("m", capacity_minutes=180), enrolled("a"))
    assert pool.pairs() == {"a": "m"}
    pool.after(strained(2, 1), enrolled("b", 1), enrolled("c", 1))
    assert pool.pairs() == {"a": "m"}
    pool.after(strained(1, 0.5))  # an older word, late
    assert pool.pairs() == {"a": "m"}
    pool.after(strained(1, 2))
    assert len(pool.pairs()) == 2
    pool.after(strained(0, 3))
    assert len(pool.pairs()) == 3
