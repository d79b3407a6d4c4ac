"""Each hard rule alone: what it keeps apart, and that what is not told keeps nobody apart."""

import pytest

from schemas.matches import LearnerWaitlisted, PairBlocked
from schemas.pool_policy import PoolPolicy
from tests.matching.people import Pool, changed, enrolled, joined, made, pool_policy, profiled
from tests.memory import only

MORNING, EVENING = tuple(range(8, 11)), tuple(range(18, 21))


def outcome(learner: dict, mentor: dict, policy=None) -> str:
    """`paired`, or the reason told to the learner."""
    pool = Pool(policy)
    said = pool.after(joined("m", **mentor), profiled("a", **learner), enrolled("a"))
    waits = only(said, LearnerWaitlisted)
    return waits[0].binding if waits else "paired"


@pytest.mark.parametrize(
    ("learner", "mentor", "expected"),
    [
        ({}, {}, "paired"),
        ({"avoids": ("m",)}, {}, "blocked"),
        ({}, {"avoids": ("a",)}, "blocked"),
        ({"languages": ("de",)}, {}, "no_shared_language"),
        ({"languages": ("en-GB",)}, {"languages": ("en-US",)}, "paired"),
        ({"languages": ("de", "fr")}, {"languages": ("fr",)}, "paired"),
        ({"skills_wanted": (("sql", 2),)}, {"skills": (("sql", 1),)}, "paired"),
        ({"skills_wanted": (("sql", 2),)}, {}, "paired"),
        ({"available_hours": MORNING}, {"available_hours": EVENING}, "no_shared_hours"),
        ({"available_hours": MORNING}, {}, "paired"),
        ({}, {"courses": ("A", "B")}, "paired"),
        ({}, {"capacity_minutes": 59}, "no_capacity"),
        ({"wanted_minutes": 30}, {"capacity_minutes": 30}, "paired"),
        ({"wanted_minutes": 200}, {"capacity_minutes": 180}, "no_capacity"),
        ({}, {"max_mentees": 0}, "no_capacity"),
    ],
)
def test_a_rule_keeps_two_apart_and_gives_its_name(learner, mentor, expected):
    assert outcome(learner, mentor) == expected


@pytest.mark.parametrize(
    ("knob", "learner", "mentor", "expected"),
    [
        ("must_share_skill", {"skills_wanted": (("sql", 2),)}, {"skills": (("art", 5),)}, "no_skill"),
        ("must_share_course", {}, {"courses": ("B",)}, "no_eligible_mentor"),
    ],
)
def test_what_is_a_preference_rules_out_only_where_the_policy_says_so(knob, learner, mentor, expected):
    assert outcome(learner, mentor) == "paired"
    assert outcome(learner, mentor, pool_policy(**{knob: True})) == expected


def test_hours_meet_across_zones_as_the_clocks_stand_now():
    """In January 18:00 in Tokyo is 09:00 in London."""
    tokyo = {"available_hours": EVENING, "time_zone": "Asia/Tokyo"}
    assert outcome({"available_hours": MORNING, "time_zone": "Europe/London"}, tokyo) == "paired"
    assert outcome({"available_hours": EVENING, "time_zone": "Europe/London"}, tokyo) == "no_shared_hours"


def test_a_zone_nobody_knows_counts_as_the_default():
    assert (
        outcome({"available_hours": MORNING, "time_zone": "Mars/Base"}, {"available_hours": MORNING})
        == "paired"
    )


def test_a_match_dearer_than_the_floor_is_worse_than_none():
    strict = pool_policy(floor=150)
    assert outcome({"goals": ("career",)}, {}, strict) == "below_floor"
    assert outcome({"goals": ("career",)}, {"guides": ("career",)}, strict) == "paired"


def test_a_block_before_anybody_is_matched_holds():
    pool = Pool()
    pool.after(made(PairBlocked, learner="a", mentor="m"), joined("m"), enrolled("a"))
    assert pool.pairs() == {}
    assert pool.learner("a").binding == "blocked"


def test_an_avoidance_told_later_ends_the_pair():
    pool = Pool()
    pool.after(joined("m"), joined("n"), enrolled("a"))
    first = pool.pairs()["a"]
    pool.after(changed(first, 1, avoids=("a",)))
    assert pool.pairs()["a"] != first


def test_the_rule_that_alone_keeps_out_the_most_mentors_is_the_one_that_binds():
    pool = Pool()
    said = pool.after(
        joined("m1", languages=("de",)), joined("m2", languages=("de",)), joined("m3", avoids=("a",)),
        enrolled("a"),
    )  # fmt: skip
    told = only(said, LearnerWaitlisted)[0]
    assert told.binding == "no_shared_language"
    assert dict(told.removed) == {"blocked": 1, "no_shared_language": 2}


def test_the_defaults_of_the_policy_leave_room_for_three_mentees():
    policy = PoolPolicy()
    assert policy.capacity_minutes // policy.effort_minutes == 3
