"""L10: nights of work, or too many courses: the mentor alone hears, and only where the learner lets us look.

Day 0 is a Monday noon, so day n + 0.6 is a little after two at night in UTC.
"""

import pytest

from nudging.pulse_rows import PulseRow
from schemas.fact import Fact
from schemas.learners import CourseJoined
from tests.nudging.life import (
    ANA,
    MENTOR,
    Life,
    active,
    allowed,
    alone,
    closed,
    day,
    figures,
    joined,
    late,
    left,
    made,
    matched,
    met,
    told,
)

ALONE = alone("L10")
TUESDAY = 8.3  # of the second week


def studying(*, may: bool = True, zone: str | None = "UTC", mentor: bool = True) -> Life:
    life = Life(ALONE, every=6)
    life.tell(joined(-3), active(-2.9), allowed(-2.8, may, zone))
    if mentor:
        life.tell(matched(-2), met(-1.9))
    return life


def nights(count: int, week: int = 0, clock: float = 0.6, **fields: object) -> list[Fact]:
    """So many nights of work in a week; the first is the night to its Tuesday."""
    return [active(7 * week + n + clock, **fields) for n in range(count)]


@pytest.mark.parametrize(("count", "hears"), [(4, []), (5, [("L10", 1, MENTOR)])])
def test_more_than_four_nights_in_a_week_reach_the_mentor(count: int, hears: list[object]) -> None:
    life = studying()
    life.tell(*nights(count))
    assert told(life.live(TUESDAY)) == hears


@pytest.mark.parametrize(("clock", "hears"), [(0.49, False), (0.5, True), (0.708, True), (0.709, False)])
def test_the_night_is_from_midnight_to_five(clock: float, hears: bool) -> None:
    life = studying()
    life.tell(*nights(5, clock=clock))
    assert bool(told(life.live(TUESDAY))) is hears


def test_the_night_is_that_of_the_learners_own_clock() -> None:
    tokyo = studying(zone="Asia/Tokyo")  # 02:24 in UTC is 11:24 there
    tokyo.tell(*nights(5))
    assert told(tokyo.live(TUESDAY)) == []
    new_york = studying(zone="America/New_York")  # 07:12 in UTC is 02:12 there
    new_york.tell(*nights(5, clock=0.8))
    assert told(new_york.live(TUESDAY)) == [("L10", 1, MENTOR)]


def test_without_consent_or_without_a_zone_nothing_is_even_noted() -> None:
    for life in (studying(may=False), studying(zone=None)):
        life.tell(*nights(6))
        pulse = life.rows.find(PulseRow, ANA)
        assert pulse is not None
        assert pulse.own is not None
        assert pulse.own.nights == 0
        assert told(life.live(TUESDAY)) == []


def test_consent_taken_back_ends_it_and_forgets_the_nights() -> None:
    life = studying()
    life.tell(*nights(5))
    life.live(TUESDAY)
    assert closed(life.tell(allowed(8.5, yes=False)), "L10") == ["superseded"]
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert pulse.own is not None
    assert (pulse.own.nights, pulse.own.worked) == (0, 0)


def test_without_a_mentor_nobody_else_hears() -> None:
    life = studying(mentor=False)
    life.tell(*nights(5))
    assert told(life.live(TUESDAY)) == []


def test_what_is_known_by_the_day_tells_no_night() -> None:
    life = studying()
    life.tell(*nights(6, precision="day"))
    assert told(life.live(TUESDAY)) == []


@pytest.mark.parametrize(("more", "hears"), [(3, []), (4, [("L10", 1, MENTOR)])])
def test_more_than_four_open_courses_reach_the_mentor(more: int, hears: list[object]) -> None:
    life = studying()
    life.tell(
        *(made(CourseJoined, day(0.1), learner=ANA, course=f"C{n}", programme="P") for n in range(more)),
        active(5),
    )
    said = life.live(TUESDAY)
    assert told(said) == hears
    if hears:
        assert figures(said, "L10")["open_courses"] == 5


def test_it_is_told_weekly_and_a_week_below_ends_it() -> None:
    life = studying()
    life.tell(*nights(5))
    assert told(life.live(TUESDAY)) == [("L10", 1, MENTOR)]
    life.tell(*nights(5, week=1))
    assert told(life.live(TUESDAY + 7)) == []
    assert told(life.live(TUESDAY + 9)) == [("L10", 2, MENTOR)]  # once the second week is judged
    life.tell(active(19))
    assert closed(life.live(TUESDAY + 14), "L10") == ["recovered"]


def test_a_night_told_twice_late_or_out_of_order_is_one_night() -> None:
    life = studying()
    told_late = [late(fact, 6) for fact in nights(4)]
    life.tell(*reversed(told_late), *told_late)
    assert told(life.live(TUESDAY)) == []
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert pulse.own is not None
    assert pulse.own.worked == 4


def test_leaving_ends_it() -> None:
    life = studying()
    life.tell(*nights(5))
    life.live(TUESDAY)
    assert len(closed(life.tell(left(9)), "L10")) == 1


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying()
    life.tell(*nights(3))
    again = life.restarted()
    again.tell(*nights(5)[3:])
    assert told(again.live(TUESDAY)) == [("L10", 1, MENTOR)]
