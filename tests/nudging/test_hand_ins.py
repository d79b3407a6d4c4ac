"""However much a learner hands in, and however early, none of it looks missed later, and the row stays small."""

from datetime import datetime, timedelta
from random import Random

import pytest

from nudging.course_rows import LONG_AGO, MAX_ITEMS, MAX_MARKS, Course, Deadline
from nudging.dates import kept
from nudging.hand_ins import LETTERS, handed_in, mark, with_hand_in, without_marks
from nudging.pulse_rows import PulseRow
from tests.nudging.life import (
    ANA,
    COURSE,
    Life,
    active,
    alone,
    day,
    deadline,
    figures,
    joined,
    submitted,
    told,
)

ITEMS = [f"quiz-{n}" for n in range(150)]


def after(work: list[str]) -> Course:
    course = Course()
    for item in work:
        course = with_hand_in(course, item, day(ITEMS.index(item)))
    return course


def test_the_latest_hand_ins_keep_their_time_and_all_others_a_mark_in_any_order() -> None:
    course = after(ITEMS)
    assert (len(course.submitted), len(course.marks or "")) == (MAX_ITEMS, LETTERS * (len(ITEMS) - MAX_ITEMS))
    assert all(handed_in(course, item) is not None for item in ITEMS)
    assert handed_in(course, ITEMS[-1]) == day(len(ITEMS) - 1)
    assert handed_in(course, "never") is None
    assert after(Random(3).sample(ITEMS, len(ITEMS))) == course


def test_work_handed_in_again_or_told_again_changes_nothing() -> None:
    course = after(ITEMS)
    for item in (ITEMS[0], ITEMS[-1]):
        assert with_hand_in(course, item, day(500)) is course


def test_marks_are_no_more_than_a_course_has_dates_and_go_with_them() -> None:
    many = Course()
    for n in range(2_000):
        many = with_hand_in(many, f"n{n}", day(n / 100))
    assert len(many.marks or "") == LETTERS * MAX_MARKS
    assert without_marks(after(ITEMS), ITEMS[:3]).marks == "".join(sorted(map(mark, ITEMS[:3])))
    assert len(many.model_dump_json()) < 3_000


def test_a_term_s_work_of_the_first_week_is_never_missed_and_forgotten_when_it_is_long_ago() -> None:
    life = Life(alone("L4", "L5"), every=24)
    work = ITEMS[:40]
    life.tell(joined(0), active(0.1), *(deadline(7 + 2 * n, item) for n, item in enumerate(work)))
    life.tell(*(submitted(1 + n / 100, item) for n, item in enumerate(work)))
    middle = life.live(50)
    other = life.restarted()
    assert told(middle + life.live(90)) == told(middle + other.live(90)) == []
    gone = 90 + LONG_AGO / timedelta(days=1)
    life.tell(active(gone), deadline(gone + 9, "new", told=gone))
    life.live(gone + 1)
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert (pulse.courses[COURSE].submitted, pulse.courses[COURSE].marks) == ({}, None)
    assert figures(life.live(gone + 10), "L5")["in_a_row"] == 1


def test_what_is_not_handed_in_among_much_that_is_is_missed_all_the_same() -> None:
    life = Life(alone("L5"), every=24)
    life.tell(joined(0), active(0.1), *(deadline(7, item) for item in ITEMS[:40]))
    life.tell(*(submitted(1 + n / 100, item) for n, item in enumerate(ITEMS[:39])))
    assert {name for name, _, _ in told(life.live(9))} == {"L5"}


@pytest.mark.parametrize(
    ("now", "gone"), [(0, "t4"), (2.5, "t0"), (9, "t0")], ids=["all to come", "some past", "all past"]
)
def test_of_too_many_dates_the_longest_past_goes_and_else_the_last_to_come(now: float, gone: str) -> None:
    dates = {f"t{n}": Deadline(due_at=_due(n), told_at=day(0)) for n in range(5)}
    assert dates.keys() - kept(dates, 4, day(now)).keys() == {gone}
    assert kept(dates, 5, day(now)) is dates


def _due(number: int) -> datetime:
    return day(number + 1)
