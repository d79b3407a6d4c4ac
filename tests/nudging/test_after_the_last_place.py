"""Who has left every course: what was remembered to be let go is let go, though nothing happens any more."""

import pytest

from nudging.pulse_rows import PulseRow
from schemas.fact import Fact
from schemas.learners import CourseCompleted
from schemas.study import CheckinAnswered, QuestionAsked
from tests.nudging.life import (
    ANA,
    COURSE,
    OPERATOR,
    POLICY,
    Life,
    active,
    allowed,
    day,
    failed,
    joined,
    late,
    left,
    made,
    submitted,
    told,
)

KEPT = POLICY.pulse.support_keep_days + 7
GONE = 5 + 2 * KEPT  # a look for something else may come between, and the last one is so long after it
ENDS = [left(5), made(CourseCompleted, day(5), learner=ANA, course=COURSE)]


def words(at: float) -> list[Fact]:
    """A hard check-in, one that is fine, a question and tries."""
    return [
        made(CheckinAnswered, day(at), learner=ANA, domain="health", level=5),
        made(CheckinAnswered, day(at), learner=ANA, domain="money", level=2),
        made(QuestionAsked, day(at), learner=ANA, course=COURSE, thread="t"),
        *(failed(at + n / 24, n) for n in range(3)),
    ]


def pulse(life: Life) -> PulseRow:
    row = life.rows.find(PulseRow, ANA)
    assert row is not None
    return row


def holds(row: PulseRow) -> tuple[bool, ...]:
    works = [course.work for course in row.courses.values() if course.work is not None]
    return bool(row.checkins), any(work.questions for work in works), any(work.stuck for work in works)


@pytest.mark.parametrize("end", ENDS, ids=["left", "completed"])
def test_what_a_leaver_said_and_tried_is_let_go_and_nothing_is_looked_for_any_more(end: Fact) -> None:
    life = Life(POLICY, every=24)
    life.tell(joined(0), allowed(0), active(0.5), submitted(0.6), *words(4), end)
    life.live(KEPT - 1)
    assert holds(pulse(life)) == (True, True, True)
    life.live(GONE)
    assert (holds(pulse(life)), pulse(life).wake_at) == ((False, False, False), None)
    assert pulse(life).own is not None  # what they agreed to stays
    again = life.tell(*(late(fact, GONE) for fact in words(4)))
    assert told(again + life.live(GONE + 2 * KEPT)) == []
    assert (holds(pulse(life)), pulse(life).wake_at) == ((False, False, False), None)


def test_who_takes_no_course_and_checks_in_is_let_go_too() -> None:
    life = Life(POLICY, every=24)
    life.tell(allowed(0), words(1)[0])
    assert holds(pulse(life))[0]
    life.live(1 + KEPT + 1)
    assert (pulse(life).checkins, pulse(life).wake_at) == (None, None)


def test_who_comes_back_before_is_looked_at_as_ever() -> None:
    life = Life(POLICY.model_copy(update={"risk": POLICY.risk.model_copy(update={"on": False})}), every=24)
    life.tell(joined(0), *words(4), left(5), joined(10), active(10))
    assert ("L2", 3, OPERATOR) in told(life.live(30))
