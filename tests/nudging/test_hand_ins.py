"""However much a learner hands in, and however early, none of it looks missed later, and the row stays small."""

from datetime import datetime, timedelta
from random import Random

import pytest

from nudging.course_rows import LONG_AGO, MAX_ITEMS, MAX_MARKS, Course, Deadline
from nudging.dates import kept
from nudging.hand_ins import handed_in, with_hand_in, without_marks
from nudging.marks import LETTERS, mark
from nudging.pulse_rows import PulseRow
from schemas.advice import AdviceGiven
from schemas.rows import changed
from schemas.terms import EARLIEST, LATEST
from tests.nudging.life import (
    ANA,
    COURSE,
    OPERATOR,
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
    dates = dict.fromkeys(ITEMS[:3], day(0))
    assert without_marks(after(ITEMS), dates).marks == "".join(sorted(map(mark, ITEMS[:3])))
    assert len(many.model_dump_json()) < 3_000


def test_a_term_s_work_of_the_first_week_is_never_missed_and_becomes_marks_when_it_is_long_ago() -> None:
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
    course = pulse.courses[COURSE]
    assert (course.submitted, len(course.marks or "")) == ({}, LETTERS * len(work))
    assert figures(life.live(gone + 10), "L5")["in_a_row"] == 1


@pytest.mark.parametrize("handed_in_at", [6, 8], ids=["in time", "late"])
def test_whose_work_of_long_ago_gets_a_new_date_need_not_hand_it_in_again(handed_in_at: float) -> None:
    """As where all dates of a term are put off to its end."""
    life = Life(alone("L4", "L5"), every=24)
    life.tell(joined(0), active(0.1), deadline(7), deadline(7, "missed"), submitted(handed_in_at))
    life.live(60)
    life.tell(active(60), deadline(66, told=60), deadline(66, "missed", told=60))
    about = [fact for fact in life.live(68) if isinstance(fact, AdviceGiven)]
    assert {dict(fact.figures)["item"] for fact in about} == {"missed"}


def test_what_was_late_is_late_no_more_once_its_date_is_put_off() -> None:
    life = Life(alone("L5"), every=24)
    life.tell(joined(0), active(0.1), *(deadline(7 + n, f"t{n}") for n in range(3)))
    life.tell(*(submitted(8 + n, f"t{n}") for n in range(3)))
    assert ("L5", 2, OPERATOR) not in told(life.live(60))
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    course = pulse.courses[COURSE]
    assert (course.submitted, len(course.marks or ""), len(course.late or "")) == ({}, *(3 * LETTERS,) * 2)
    assert handed_in(course, "t0", day(7)) == LATEST
    assert handed_in(course, "t0", day(66)) == EARLIEST
    life.tell(
        active(60), *(deadline(66 + n, f"t{n}", told=60) for n in range(3)), deadline(70, "new", told=60)
    )
    assert figures(life.live(72), "L5")["in_a_row"] == 1
    life.live(110)
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert pulse.courses[COURSE].late is None  # of dates that no longer stand


@pytest.mark.parametrize("again", [False, True], ids=["once", "told again each night"])
def test_what_was_late_stays_so_while_its_date_does(again: bool) -> None:
    life = Life(alone("L5"), every=24)
    life.tell(joined(0), active(0.1), deadline(7), submitted(8))
    life.live(60)
    if again:
        life.tell(active(60), deadline(7, told=60))
    life.tell(deadline(65, "t1", told=60), deadline(66, "t2", told=60))
    said = life.live(67.5)
    assert figures(said, "L5")["in_a_row"] == 2
    assert ("L5", 2, OPERATOR) in told(said)


def test_a_row_that_forgot_what_was_handed_in_accuses_nobody_of_it() -> None:
    """As an earlier release wrote it, without marks of what was due until `judged_through`."""
    life = Life(alone("L5"), every=24)
    life.tell(joined(0), active(0.1), *(deadline(n, f"t{n}") for n in (2, 4, 6)))
    life.live(1)
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    known = changed(pulse.courses[COURSE], judged_through=day(50))
    life.now = day(60)
    life.rows.put(changed(pulse, courses={COURSE: known}, wake_at=day(60)), ANA)
    life.tell(active(60), deadline(70, "new", told=60))
    assert figures(life.live(72), "L5")["in_a_row"] == 1


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
