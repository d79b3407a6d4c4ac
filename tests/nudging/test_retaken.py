"""A course that is left and joined again: what of the time before counts, and what of the new?"""

import pytest

from nudging.pulse_rows import PulseRow
from schemas.activity import BreakDeclared
from schemas.advice import LearnerGone
from schemas.fact import Fact
from schemas.learners import CourseCompleted
from tests.nudging.life import (
    ANA,
    COURSE,
    OPERATOR,
    Life,
    active,
    alone,
    day,
    deadline,
    joined,
    late,
    left,
    made,
    submitted,
    told,
)

MISSED = [("L5", 1, ANA), ("L5", 1, OPERATOR)]


def life_of(*facts: Fact) -> Life:
    life = Life(alone("L1", "L2", "L5"), every=6)
    life.tell(*facts)
    return life


def test_whom_a_roster_loses_before_the_course_begins_goes_on_where_they_were() -> None:
    life = life_of(joined(0, starts_at=day(20)), active(1), submitted(2), deadline(25, told=2))
    life.live(4)
    life.tell(left(4))
    life.live(5)
    life.tell(joined(5, starts_at=day(20)))
    assert told(life.live(26.9)) == []  # handed in, and seen


@pytest.mark.parametrize("roster_first", [True, False])
def test_work_of_the_new_term_counts_though_the_roster_tells_of_it_later(roster_first: bool) -> None:
    life = life_of(joined(0), active(1))
    life.live(30)
    life.tell(left(30))
    life.live(121)
    came = [joined(120), submitted(120.5)]
    life.tell(*(late(fact, 121) for fact in (came if roster_first else came[::-1])))
    life.tell(deadline(123, told=121))
    assert told(life.live(126)) == []


@pytest.mark.parametrize("end_first", [True, False])
def test_an_end_told_after_the_return_leaves_nothing_of_the_earlier_time(end_first: bool) -> None:
    life = life_of(joined(0), active(1), submitted(3))
    life.live(120)
    came = [left(30), joined(120)]
    life.tell(*(late(fact, 120.1) for fact in (came if end_first else came[::-1])))
    life.tell(deadline(122, told=121))
    assert told(life.live(123), "L5") == MISSED


def test_a_break_told_between_the_two_times_is_still_one() -> None:
    life = life_of(joined(0), active(1))
    life.live(30)
    life.tell(left(30))
    life.live(119)
    life.tell(
        made(BreakDeclared, day(119), learner=ANA, course=COURSE, begins_at=day(119), ends_at=day(130)),
        joined(120),
    )
    assert told(life.live(130)) == []
    assert told(life.live(133.3)) == [("L1", 1, ANA)]


@pytest.mark.parametrize("passed_first", [True, False])
def test_who_passed_and_is_taken_off_the_roster_has_not_withdrawn(passed_first: bool) -> None:
    """Many platforms clear a course's roster after its end."""
    life = life_of(joined(0), active(1))
    life.live(90)
    came: list[Fact] = [
        made(CourseCompleted, day(90), learner=ANA, course=COURSE, outcome="passed"),
        left(95),
    ]
    life.live(96)
    said = life.tell(*(late(fact, 96) for fact in (came if passed_first else came[::-1])))
    course = life.rows.find(PulseRow, ANA).courses[COURSE]  # type: ignore[union-attr]
    assert (course.over, course.active) == ("done", False)
    assert passed_first is not any(
        isinstance(fact, LearnerGone) for fact in said
    )  # praise that waits is said
    life.tell(late(joined(92), 97))  # back before the roster was cleared: gone since
    assert not life.rows.find(PulseRow, ANA).courses[COURSE].active  # type: ignore[union-attr]


def test_who_passed_came_back_and_left_has_left() -> None:
    life = life_of(joined(0), active(1))
    life.live(90)
    life.tell(made(CourseCompleted, day(90), learner=ANA, course=COURSE, outcome="passed"))
    life.live(140)
    life.tell(joined(139), left(139.5))
    assert life.rows.find(PulseRow, ANA).courses[COURSE].over == "withdrew"  # type: ignore[union-attr]
