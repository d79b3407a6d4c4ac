"""Each term alone: 0 at its best, its weight at its worst, whole points between."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from matching import affinity
from matching.rows import LearnerRow, MentorRow
from matching.views import SLOTS, learner_view, mentor_view, week_in_utc
from schemas.policy import Policy, PoolPolicy
from tests.memory import START

POLICY = Policy()
ANA = learner_view("a", LearnerRow(), POLICY, START)
MAX = mentor_view("m", MentorRow(here=True), POLICY, START)


@pytest.mark.parametrize(
    ("wants", "levels", "cost"),
    [
        ((), {}, 0),
        ((("sql", 2),), {"sql": 2}, 0),
        ((("sql", 2),), {"sql": 5}, 0),
        ((("sql", 4),), {"sql": 1}, 225),
        ((("sql", 1), ("art", 3)), {"sql": 1}, 225),
        ((("sql", 1),), {}, 300),
    ],
)
def test_skills_cost_what_the_mentor_falls_short_of(wants, levels, cost):
    assert affinity.skills(replace(ANA, wants=wants), replace(MAX, levels=levels), 300) == cost


@pytest.mark.parametrize(
    ("goals", "guides", "cost"),
    [
        ((), (), 0),
        (("career", "grade"), ("grade", "career"), 0),
        (("career", "grade"), ("career",), 66),
        (("career", "grade"), ("grade",), 133),
        (("career",), ("tools",), 200),
    ],
)
def test_goals_cost_what_is_not_guided_and_the_first_weighs_the_most(goals, guides, cost):
    assert affinity.goals(replace(ANA, goals=goals), replace(MAX, guides=frozenset(guides)), 200) == cost


@pytest.mark.parametrize(("shared", "cost"), [(1, 200), (2, 160), (6, 0), (20, 0)])
def test_shared_hours_cost_less_the_more_there_are_up_to_enough(shared, cost):
    free = (1 << (shared * 4)) - 1
    ana, max_ = (replace(one, free=free, free_later=free) for one in (ANA, MAX))
    assert affinity.availability(ana, max_, 200, 1, 6) == cost


def test_hours_a_mentor_has_not_told_cost_the_most():
    assert affinity.availability(replace(ANA, free=15, free_later=15), MAX, 200, 1, 6) == 200


def test_a_zone_of_quarter_hours_shares_the_part_of_an_hour_that_it_shares():
    kathmandu = week_in_utc((10,), "Asia/Kathmandu", "UTC", START)  # 04:15 to 05:15 in UTC
    utc = week_in_utc((4,), "UTC", "UTC", START)
    assert (kathmandu & utc).bit_count() == 3


def test_the_week_is_a_ring():
    monday_midnight = week_in_utc((0,), "Asia/Tokyo", "UTC", START)
    assert monday_midnight == 0b1111 << (159 * 4)  # Sunday 15:00
    assert monday_midnight < 1 << SLOTS


def test_the_same_local_hours_move_with_summer_time():
    winter = week_in_utc((12,), "Europe/London", "UTC", START)
    summer = week_in_utc((12,), "Europe/London", "UTC", START + timedelta(days=180))
    assert (winter, summer) == (0b1111 << 48, 0b1111 << 44)


def test_load_grows_with_every_seat_and_ever_faster():
    seats = affinity.seats(replace(MAX, capacity=600, places=20), PoolPolicy())
    steps = [later - earlier for earlier, later in pairwise(seats)]
    assert len(seats) == 10
    assert seats[-1] == 200
    assert steps == sorted(steps)
    assert min(steps) > 0


def test_a_mentor_with_less_than_one_effort_has_one_seat_for_who_wants_little():
    assert len(affinity.seats(replace(MAX, capacity=30, places=20), PoolPolicy())) == 1


def test_seats_stop_at_the_places_left():
    assert len(affinity.seats(replace(MAX, capacity=600, places=2), PoolPolicy())) == 2


def test_every_day_of_waiting_makes_it_dearer_to_wait_on():
    now = START + timedelta(days=3, hours=5)
    assert affinity.waiting(replace(ANA, since=START), now, PoolPolicy()) == 100_000 + 3 * 20
    assert affinity.waiting(replace(ANA, since=now), START, PoolPolicy()) == 100_000
