"""What does a pool do over months: who is forgotten, and what is told that is long over?"""

from matching.pool_rows import ReviewRow
from matching.remembering import KEPT
from schemas.erasure import PoolsErased
from schemas.matches import MatchAccepted, MatchExpired
from schemas.mentors import MentorLeft
from schemas.pairs import CoverOffered
from schemas.rounds import RoundReported
from tests.matching.people import (
    POOL,
    Pool,
    completed,
    enrolled,
    instant,
    joined,
    made,
    paused,
    pinned,
    pool_policy,
    profiled,
    withdrew,
)
from tests.memory import only

DAY = 24


def last_told(said) -> RoundReported:
    return only(said, RoundReported)[-1]


def test_the_last_report_counts_nobody_who_left_while_waiting():
    pool = Pool()
    said = pool.after(joined("m", capacity_minutes=60), *(enrolled(name) for name in "abc"))
    assert last_told(said).left_waiting == 2
    waiting = [name for name in "abc" if name not in pool.pairs()]
    said = pool.after(withdrew(waiting[0], 30 * DAY))
    assert last_told(said).left_waiting == 1
    said = pool.after(made(PoolsErased, 40 * DAY, person=waiting[1]))
    assert last_told(said).left_waiting == 0
    assert only(pool.pass_time(days=90), RoundReported) == []


def test_the_last_report_of_a_pool_that_ended_tells_of_no_load():
    pool = Pool()
    said = pool.after(joined("m", capacity_minutes=60), enrolled("a"))
    assert last_told(said).load_max_permille == 1000
    said = pool.after(withdrew("a", 100 * DAY))
    assert (last_told(said).load_max_permille, last_told(said).mentors_free) == (0, 1)
    assert only(pool.after(joined("m", 101 * DAY)), RoundReported) == []


def away_and_full() -> tuple[Pool, str, str]:
    """Two mentors of one seat each and their learners; the one is away, and nobody could stand in."""
    pool = Pool()
    pool.after(*(joined(name, capacity_minutes=60) for name in "mn"), enrolled("a"), enrolled("b"))
    mentor_of = pool.pairs()
    assert not only(pool.after(paused(mentor_of["a"], 5 * DAY)), CoverOffered)
    return pool, mentor_of["a"], mentor_of["b"]


def test_cover_is_found_once_a_pair_ends_and_its_hours_come_free():
    pool, away, other = away_and_full()
    said = pool.after(withdrew("b", 8 * DAY))
    assert [(fact.learner, fact.mentor, fact.cover) for fact in only(said, CoverOffered)] == [
        ("a", away, other)
    ]


def test_cover_is_found_once_another_mentor_is_back_by_the_clock():
    pool = Pool()
    pool.after(*(joined(name, capacity_minutes=60) for name in "mn"), enrolled("a"))
    mine = pool.pairs()["a"]
    other = "n" if mine == "m" else "m"
    pool.after(paused(other, 2 * DAY, paused_until=instant(20 * DAY)))
    assert not only(pool.after(paused(mine, 5 * DAY)), CoverOffered)
    assert [fact.cover for fact in only(pool.pass_time(days=100), CoverOffered)] == [other]


def test_a_policy_mended_later_places_who_waits_though_nothing_else_happens():
    pool = Pool(pool_policy(least_shared_hours=5))
    hours = {"available_hours": (1, 2, 3)}
    pool.after(joined("m", **hours), profiled("a", **hours), enrolled("a"))
    assert pool.learner("a").binding == "no_shared_hours"
    assert pool.pass_time(days=60) == []
    pool.policy = pool_policy(least_shared_hours=1).model_copy(update={"version": "mended"})
    assert [fact.trigger for fact in only(pool.pass_time(days=60), RoundReported)] == ["another policy"]
    assert pool.pairs() == {"a": "m"}


def test_a_round_asked_for_just_before_the_pool_looks_for_another_policy_is_held():
    pool = Pool()
    pool.after(enrolled("a"))
    look_at = pool.hours() + DAY
    pool.until(instant(look_at - 0.9 / 3600))
    pool.tell(joined("m", pool.hours()))
    pool.pass_time(hours=1)
    assert pool.pairs() == {"a": "m"}


def test_placements_of_last_term_do_not_tell_how_long_a_wait_is_now():
    pool = Pool()
    pool.after(joined("m", capacity_minutes=120), enrolled("a"), enrolled("b", 1))
    pool.after(withdrew("a", 100 * DAY), withdrew("b", 100 * DAY))
    said = pool.after(*(enrolled(f"new{n}", 300 * DAY + n) for n in range(8)))
    told = last_told(said)
    assert told.left_waiting == 6
    assert told.expected_wait_minutes is None or told.expected_wait_minutes < 2 * DAY * 60


def test_a_review_asked_for_sooner_by_a_new_policy_is_not_left_for_the_date_of_the_old():
    pool = Pool(pool_policy(review_hours=8760))
    pool.after(joined("m"), enrolled("a"))
    pool.policy = pool_policy(review_hours=24).model_copy(update={"version": "daily"})
    pool.pass_time(days=9)
    row = pool.rows.find(ReviewRow, POOL)
    assert row is not None
    assert row.policy == "daily"


def test_enrolments_told_again_of_courses_no_longer_remembered_open_none_of_them():
    pool = Pool()
    pool.after(joined("m"))
    for n in range(KEPT + 6):
        pool.after(enrolled("a", n * DAY, course=f"c{n}"), completed("a", n * DAY + 12, course=f"c{n}"))
    before = pool.learner("a")
    assert not before.studies
    pool.after(*(enrolled("a", n * DAY, course=f"c{n}") for n in range(KEPT + 6)))
    assert pool.learner("a") == before
    pool.after(enrolled("a", (KEPT + 7) * DAY, course="c0"))
    assert pool.pairs() == {"a": "m"}


def test_who_is_moved_is_not_told_of_as_one_who_never_waited():
    pool = Pool()
    pool.after(enrolled("a"))
    pool.after(joined("m", 20 * DAY))
    pool.after(joined("n", 60 * DAY), pinned("a", "n", 60 * DAY))
    assert pool.pairs() == {"a": "n"}
    assert pool.learner("a").waited == 20 * DAY * 60


def test_a_course_that_is_over_though_nobody_says_so_brings_no_more_mentors():
    pool = Pool()
    pool.after(joined("m"), joined("n"), enrolled("a", ends_at=instant(60 * DAY)))
    first = pool.pairs()["a"]
    gone = made(MentorLeft, 80 * DAY, mentor=first)
    pool.after(gone)
    assert len(pool.pairs()) == 1  # results may still come
    pool.after(made(MentorLeft, 89 * DAY, mentor=pool.pairs()["a"]), joined("o", 89 * DAY))
    assert (pool.pairs(), pool.learner("a").waiting_since) == ({}, None)
    pool.after(enrolled("a", 120 * DAY, course="B"))
    assert pool.pairs() == {"a": "o"}
    assert pool.learner("a").waited == 0


def test_who_still_waits_when_the_course_has_ended_waits_no_longer_and_begins_anew_with_the_next():
    pool = Pool()
    said = pool.after(enrolled("a", ends_at=instant(60 * DAY)))
    assert last_told(said).left_waiting == 1
    said = pool.after(joined("m", 100 * DAY))
    assert (pool.pairs(), last_told(said).left_waiting) == ({}, 0)
    pool.after(enrolled("a", 120 * DAY, course="B", ends_at=instant(200 * DAY)))
    assert (pool.pairs(), pool.learner("a").waited) == ({"a": "m"}, 0)


def asks(mentors: int) -> Pool:
    """A pool in which both sides are asked."""
    pool = Pool(pool_policy(auto_confirm=False, answer_hours=72))
    pool.after(*(joined(f"m{n}") for n in range(mentors)), enrolled("a"))
    return pool


def test_who_leaves_proposals_unanswered_rests_before_every_mentor_was_asked_for_nothing():
    pool = asks(40)
    said = pool.pass_time(days=365)
    assert len(only(said, MatchExpired)) == 3 + (365 - 9) // (28 + 3)
    pool.after(enrolled("a", 366 * DAY, course="B"))
    assert pool.learner("a").state == "proposed"


def test_a_mentor_who_said_yes_to_a_silent_learner_may_be_asked_again():
    pool = asks(1)
    pair = pool.learner("a").pair
    pool.after(made(MatchAccepted, DAY, learner="a", mentor="m0", pair=pair, by="mentor"))
    pool.pass_time(days=3)
    assert (pool.learner("a").past["m0"][1], pool.learner("a").never) == ("unanswered", ())
    assert pool.learner("a").mentor == "m0"


def test_silence_bars_nobody_for_ever_from_a_learner_who_begins_anew():
    pool = asks(2)
    pool.pass_time(days=20)
    assert set(pool.learner("a").never) == {"m0", "m1"}
    pool.after(enrolled("a", 60 * DAY, course="B"))
    assert pool.learner("a").state == "proposed"
