"""L13: passed, or three quarters of the way: once, the mentor is asked to speak of what comes next."""

import pytest

from schemas.activity import ProgressReached
from schemas.fact import Fact
from schemas.learners import CourseCompleted
from tests.nudging.life import (
    ANA,
    COURSE,
    MENTOR,
    Life,
    active,
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

ALONE = alone("L13")
HEARS = [("L13", 1, MENTOR)]


def studying(**fields: object) -> Life:
    life = Life(ALONE, every=6)
    life.tell(joined(0, **fields), active(0.1), matched(0), met(0.2))  # type: ignore[arg-type]
    return life


def reached(days: float, permille: int) -> Fact:
    return made(ProgressReached, day(days), learner=ANA, course=COURSE, progress_permille=permille)  # type: ignore[no-any-return]


def completed(days: float, outcome: str = "passed") -> Fact:
    return made(CourseCompleted, day(days), learner=ANA, course=COURSE, outcome=outcome)  # type: ignore[no-any-return]


@pytest.mark.parametrize(("permille", "hears"), [(749, []), (750, HEARS), (751, HEARS)])
def test_at_three_quarters_of_the_progress_the_mentor_hears(permille: int, hears: list[object]) -> None:
    assert told(studying().tell(reached(2, permille))) == hears


@pytest.mark.parametrize(("outcome", "hears"), [("passed", HEARS), ("certified", HEARS), ("failed", [])])
def test_passed_the_mentor_hears_and_failed_not(outcome: str, hears: list[object]) -> None:
    said = studying().tell(completed(2, outcome))
    assert told(said) == hears
    if hears:
        assert figures(said, "L13")["reached"] == "passed"


def test_at_three_quarters_of_the_dates_who_is_still_here() -> None:
    life = studying(starts_at=day(0), ends_at=day(40))
    life.tell(active(20))
    assert told(life.live(29.9)) == []
    assert told(life.live(32)) == HEARS


def test_who_was_not_here_for_two_weeks_is_not_spoken_of() -> None:
    life = studying(starts_at=day(0), ends_at=day(40))
    life.tell(active(15))
    assert told(life.live(39)) == []


def test_it_ends_after_two_weeks_and_never_comes_again() -> None:
    life = studying()
    life.tell(reached(2, 800))
    assert closed(life.live(15.8), "L13") == []
    assert closed(life.live(16.3), "L13") == ["done"]
    assert told(life.tell(reached(20, 900), completed(22))) == []


def test_the_pass_does_not_end_it_nor_ask_again() -> None:
    life = studying()
    life.tell(reached(2, 800))
    said = life.tell(completed(4))
    assert (told(said), closed(said, "L13")) == ([], [])


def test_leaving_ends_it() -> None:
    life = studying()
    life.tell(reached(2, 800))
    assert len(closed(life.tell(left(3)), "L13")) == 1
    assert told(life.live(30)) == []


def test_told_twice_late_and_out_of_order_it_is_said_once() -> None:
    life = studying()
    facts = [late(reached(3, 900), 4), late(reached(2, 800), 4), late(reached(3, 900), 4)]
    assert told(life.tell(*facts)) == HEARS


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying()
    life.tell(reached(2, 800))
    again = life.restarted()
    assert closed(again.live(16.3), "L13") == ["done"]
    assert told(again.tell(completed(22))) == []
