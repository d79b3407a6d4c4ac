"""Declaring less does not pay.  `make bench ARGS='--only declaring'` measures more pools."""

from functools import cache

import pytest

from tests.matching.declaring import ALL_ALIKE, Tally, measure

POOLS, LEARNERS, MENTORS = 4, 24, 8


@cache
def found() -> dict[tuple[str, str], Tally]:
    return measure(POOLS, LEARNERS, MENTORS)


@pytest.mark.parametrize("side", ["learner", "mentor"])
@pytest.mark.parametrize("what", ["no hours", "no skills", "one skill of three"])
def test_of_those_who_hide_hours_or_skills_fewer_than_one_in_a_hundred_gain(side, what):
    tally = found()[side, what]
    assert tally.tried == POOLS * (LEARNERS if side == "learner" else MENTORS)
    assert tally.gained * 100 < tally.tried


@pytest.mark.parametrize("side", ["learner", "mentor"])
def test_hiding_half_the_hours_rarely_gains_and_far_more_often_loses(side):
    """It rules mentors out, as hours nobody shares must, so a few gain: the one way that is left."""
    tally = found()[side, "half the hours"]
    assert tally.gained * 100 < 5 * tally.tried
    assert tally.lost > 8 * tally.gained


def test_whoever_hides_is_worse_off_in_the_mean():
    assert min(tally.points for tally in found().values()) > 0


def test_hiding_does_change_what_people_get():
    """Or the other tests would hold for the wrong reason."""
    assert min(tally.lost for tally in found().values()) > 0


def test_were_everybody_to_have_all_the_say_hiding_would_pay_more_often():
    """What less say is for."""
    alike = measure(POOLS, LEARNERS, MENTORS, policy=ALL_ALIKE)
    assert sum(tally.gained for tally in alike.values()) > 3 * sum(tally.gained for tally in found().values())
