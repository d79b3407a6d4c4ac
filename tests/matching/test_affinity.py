"""Each term alone: 0 at its best, its weight at its worst, whole points between."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import affinity
from matching.rows import LearnerRow, MentorRow
from matching.views import SLOTS, learner_view, mentor_view, say, shared, week_in_utc
from schemas.policy import Policy
from schemas.pool_policy import PoolPolicy, Weights
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


def test_hours_shared_in_winter_alone_are_not_shared():
    """New York has summer time and Phoenix has none: 18:00 to 20:00 there is 20:00 to 22:00 now, 21:00 then."""
    east = LearnerRow(available_hours=(20, 21), time_zone="America/New_York")
    west = MentorRow(here=True, available_hours=(18, 19), time_zone="America/Phoenix")
    learner, mentor = learner_view("a", east, POLICY, START), mentor_view("m", west, POLICY, START)
    assert (learner.free & mentor.free).bit_count() == 8
    assert shared(learner, mentor) == 4
    assert shared(learner, replace(mentor, free=learner.free, free_later=learner.free_later)) == 8


@pytest.mark.parametrize(
    ("learner", "mentor", "cost"),
    [
        (("en",), ("en",), 0),
        (("de", "en"), ("en",), 25),
        (("de", "en"), ("fr", "en"), 50),
        (("a", "b", "c", "d", "en"), ("x", "y", "en"), 100),
        (("de", "en"), ("en", "de"), 25),
        (("de",), ("en",), 100),
    ],
)
def test_the_best_common_language_costs_by_its_rank_on_both_sides(learner, mentor, cost):
    assert affinity.language(replace(ANA, languages=learner), replace(MAX, languages=mentor), 100) == cost


@pytest.mark.parametrize(("helped", "cost"), [(0, 100), (2, 60), (5, 0), (50, 0)])
def test_experience_matters_to_a_learner_in_need_alone(helped, cost):
    mentor = replace(MAX, helped=helped)
    assert affinity.experience(replace(ANA, in_need=True), mentor, 100) == cost
    assert affinity.experience(ANA, mentor, 100) == 0


@pytest.mark.parametrize(("prefers", "cost"), [((), 0), (("m",), 0), (("x", "m"), 75), (("x", "y"), 150)])
def test_a_mentor_further_down_the_learners_list_costs_more(prefers, cost):
    assert affinity.preferred(replace(ANA, prefers=prefers), MAX, 150) == cost


@pytest.mark.parametrize(
    ("past", "again", "cost"),
    [((), True, 0), (("m",), True, 0), (("x",), True, 100), (("m",), False, 100), (("x",), False, 0)],
)
def test_an_earlier_mentor_is_wished_for_or_not(past, again, cost):
    assert affinity.past(replace(ANA, past=frozenset(past), again=again), MAX, 100) == cost


@pytest.mark.parametrize(
    ("hours", "skills", "permille"),
    [(0, 3, 100), (10, 0, 100), (10, 3, 1000), (30, 9, 1000), (5, 3, 325), (10, 1, 199), (1, 1, 109)],
)
def test_say_is_the_square_of_what_is_told_of_the_less_told(hours, skills, permille):
    assert say(tuple(range(hours)), skills, PoolPolicy()) == permille


def test_an_hour_told_twice_is_told_once_and_what_is_not_asked_for_takes_no_say():
    assert say((1,) * 10, 3, PoolPolicy()) == say((1,), 3, PoolPolicy())
    assert say((), 0, PoolPolicy(told_hours=0, told_skills=0)) == 1000


@given(
    st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 5), st.booleans(),
    st.sets(st.sampled_from("mxy")), st.lists(st.sampled_from("mxy"), unique=True),
    st.dictionaries(st.sampled_from(["sql", "art"]), st.integers(1, 5)),
    st.lists(st.sampled_from(["career", "grade"]), unique=True), st.integers(0, 2**40 - 1),
)  # fmt: skip
def test_the_price_of_a_pair_is_the_sum_of_its_terms_each_between_0_and_its_weight(
    own, theirs, helped, in_need, past, prefers, skills, goals, free
):
    learner = replace(
        ANA, say=own, in_need=in_need, past=frozenset(past), prefers=tuple(prefers),
        wants=tuple(skills.items()), goals=tuple(goals), free=free, free_later=free,
    )  # fmt: skip
    mentor = replace(MAX, say=theirs, helped=helped, levels={"sql": 2}, free=2**20 - 1, free_later=2**24 - 1)
    shown = dict(affinity.terms(learner, mentor, PoolPolicy()))
    assert affinity.pricing(learner, PoolPolicy())(mentor) == sum(shown.values())
    assert affinity.known(learner, mentor, PoolPolicy()) <= sum(shown.values())
    most = Weights().model_dump()
    assert all(0 <= cost <= most[name] for name, cost in shown.items())


def test_no_term_and_no_knob_knows_what_a_person_is_by_birth():
    assert affinity.NAMES == (
        "skills", "goals", "availability", "language", "experience", "preferred", "past",
    )  # fmt: skip
    birth = re.compile("gender|sex|age|ethnic|race|religion|nation|disab|income|birth")
    knobs = {*Weights.model_fields, *PoolPolicy.model_fields} - {"language", "languages"}
    assert [name for name in knobs if any(birth.fullmatch(word) for word in name.split("_"))] == []


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


def test_a_need_and_a_wish_make_waiting_as_much_dearer_as_they_can_make_a_match():
    needy = replace(ANA, since=START, in_need=True, urgent=True, prefers=("x",), past=frozenset("y"))
    assert affinity.waiting(needy, START, PoolPolicy()) == 100_000 + 100 + 100 + 150 + 100


def test_a_day_beyond_starving_costs_more_than_any_match_can():
    policy = PoolPolicy(starve_days=2)
    costs = [affinity.waiting(replace(ANA, since=START), START + timedelta(days=n), policy) for n in range(4)]
    dearest = sum(Weights().model_dump(exclude={"wait_per_day", "urgent", "move"}).values())
    assert costs[1] - costs[0] == 20
    assert costs[2] - costs[1] > dearest + 20
    assert costs[3] - costs[2] == costs[2] - costs[1]
