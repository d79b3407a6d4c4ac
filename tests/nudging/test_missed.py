"""L5: a deadline missed, with its grace; late work clears it; three in a row reach the operator."""

import pytest

from nudging.course_rows import Course
from nudging.hand_ins import handed_in
from nudging.marks import mark
from nudging.pulse_rows import PulseRow
from schemas.activity import BreakDeclared, DeadlineRemoved
from schemas.advice import AdviceGiven, EpisodeClosed
from schemas.terms import LATEST
from tests.memory import only
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
    made,
    submitted,
    told,
)  # fmt: skip


def studying(*deadlines: object, every: float = 1) -> Life:
    life = Life(every=every)
    life.tell(joined(0), active(0.1), *deadlines)  # type: ignore[arg-type]
    return life


def test_before_the_due_date_nothing_is_missed() -> None:
    assert told(studying(deadline(4)).live(3.9), "L5") == []


def test_at_the_due_date_learner_and_mentor_hear() -> None:
    assert told(studying(deadline(4)).live(4.1), "L5") == [("L5", 1, ANA), ("L5", 1, OPERATOR)]


def test_work_known_by_the_day_has_a_day_of_grace() -> None:
    life = studying(deadline(4, coarse=True))
    assert told(life.live(4.9), "L5") == []
    assert told(life.live(5.1), "L5") != []


def test_work_that_is_not_required_reaches_the_learner_alone() -> None:
    assert told(studying(deadline(4, required=False)).live(4.1), "L5") == [("L5", 1, ANA)]


def test_submitted_in_time_is_not_missed_however_late_it_is_told() -> None:
    life = studying(deadline(4))
    life.tell(submitted(3.5))
    assert told(life.live(10), "L5") == []


def test_late_work_clears_it() -> None:
    life = studying(deadline(4))
    life.live(4.2)
    said = life.tell(submitted(3.9, seen_at=day(4.3)))
    assert [f.reason for f in only(said, EpisodeClosed)] == ["recovered"]


def test_a_removed_deadline_clears_it_at_the_next_look() -> None:
    life = studying(deadline(4))
    life.live(4.2)
    life.tell(made(DeadlineRemoved, day(4.3), course=COURSE, item="tma1"))
    assert [f.signal for f in only(life.live(6.5), EpisodeClosed)] == ["L5"]


def test_a_date_removed_before_it_is_heard_of_is_none() -> None:
    life = studying(made(DeadlineRemoved, day(1), course=COURSE, item="tma1"))
    life.tell(deadline(4, told=0.5, seen_at=day(1.5)))
    assert told(life.live(8), "L5") == []
    life.tell(deadline(10, told=8))  # and set anew it is one
    assert told(life.live(10.1), "L5") == [("L5", 1, ANA), ("L5", 1, OPERATOR)]


def test_a_new_date_is_seen_within_two_days() -> None:
    life = studying()
    life.live(3)
    life.tell(deadline(3.1, told=3))
    assert told(life.live(5.2), "L5") != []


def test_it_is_let_go_after_two_weeks() -> None:
    life = studying(deadline(1))
    said = life.live(15.2)
    assert [f.reason for f in only(said, EpisodeClosed) if f.signal == "L5"] == ["expired"]


def test_three_in_a_row_reach_the_operator() -> None:
    life = studying(deadline(2, "a"), deadline(4, "b"), deadline(6, "c"))
    assert (("L5", 2, OPERATOR) in told(life.live(5.9))) is False
    assert ("L5", 2, OPERATOR) in told(life.live(6.1))


def test_one_on_time_breaks_the_run() -> None:
    life = studying(deadline(2, "a"), deadline(4, "b"), deadline(6, "c"))
    life.tell(submitted(3, "b"))
    assert ("L5", 2, OPERATOR) not in told(life.live(7))


def test_a_deadline_before_the_joining_is_none_of_theirs() -> None:
    life = Life()
    life.tell(deadline(1))
    life.tell(joined(2), active(2.1))
    assert told(life.live(6), "L5") == []


def test_a_learners_own_date_goes_before_the_course() -> None:
    life = studying(deadline(4))
    life.tell(deadline(8, told=1, learner=ANA))
    assert told(life.live(7.9), "L5") == []
    assert told(life.live(8.1), "L5") != []


def test_of_hand_ins_of_long_ago_it_is_known_that_they_were_and_which_were_late() -> None:
    life = studying(deadline(2, "a"), deadline(4, "b"), deadline(6, "c"), every=8)
    life.tell(submitted(1, "a"), submitted(7, "c"))
    life.live(60)
    course = course_of(life)
    assert (course.submitted, course.marks) == ({}, "".join(sorted((mark("a"), mark("c")))))
    assert handed_in(course, "c", day(6)) == LATEST
    life.tell(deadline(70, "d", told=61))
    other = life.restarted()
    said = life.live(71.4)
    assert ("L5", 2, OPERATOR) in told(said, "L5")
    assert other.live(71.4) == said


def test_a_forgotten_hand_in_that_is_told_again_misses_nothing_and_opens_nothing() -> None:
    life = studying(deadline(2, "a"), deadline(70, "b"), every=8)
    life.tell(submitted(1, "a"))
    life.live(60)
    assert course_of(life).submitted == {}
    life.tell(submitted(1, "a", seen_at=day(60)), submitted(61, "b"))
    assert told(life.live(90), "L5") == []
    assert "a" not in course_of(life).submitted


def test_a_hand_in_is_kept_as_long_as_its_miss_would_be() -> None:
    life = Life(alone("L5", missed_keep_days=80), every=8)
    life.tell(deadline(2, "a"), joined(0), active(0.1), submitted(1, "a"))
    assert told(life.live(75), "L5") == []
    assert "a" in course_of(life).submitted


def test_a_hand_in_before_a_deadline_that_is_still_to_come_is_never_forgotten() -> None:
    life = studying(deadline(80, "a"), every=8)
    life.tell(submitted(1, "a"))
    assert told(life.live(81), "L5") == []


def course_of(life: Life) -> Course:
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    return pulse.courses[COURSE]


def test_what_a_break_took_back_is_advised_anew_after_it() -> None:
    """With ids of its own: an inbox that knows the advice, and may not have said it, hears the same no more."""
    life = Life(alone("L5"), every=6)
    life.tell(joined(0), active(1), deadline(4))
    before = only(life.live(4.5), AdviceGiven)
    life.tell(made(BreakDeclared, day(4.6), learner=ANA, course=COURSE, begins_at=day(4.6), ends_at=day(8)))
    assert told(life.live(8)) == []
    after = only(life.live(12), AdviceGiven)
    assert told(before) == told(after) == [("L5", 1, ANA), ("L5", 1, OPERATOR)]
    assert not {given.advice for given in before} & {given.advice for given in after}  # type: ignore[attr-defined]


def test_what_fell_into_a_declared_break_is_no_part_of_a_run() -> None:
    life = Life(alone("L5"), every=6)
    life.tell(*(deadline(n, f"t{n}") for n in (30, 40, 50, 72)), joined(0), active(1))
    life.tell(made(BreakDeclared, day(20), learner=ANA, course=COURSE, begins_at=day(20), ends_at=day(70)))
    assert told(life.live(74)) == [("L5", 1, ANA), ("L5", 1, OPERATOR)]


def test_a_term_of_forty_dates_of_ones_own_is_kept_whole() -> None:
    """More time for every piece of work, all of it told at the start."""
    life = Life(alone("L5"), every=24)
    weekly = range(7, 287, 7)
    life.tell(joined(0), active(0.1), *(deadline(at, f"q{at}", told=0.2) for at in weekly))
    life.tell(*(deadline(at + 5, f"q{at}", told=0.3, learner=ANA) for at in weekly))
    said = life.tell(*(submitted(at + 4, f"q{at}") for at in weekly))
    assert told(said + life.live(300)) == []


@pytest.mark.parametrize("declared", [1, 45], ids=["before", "after it fell due"])
def test_what_fell_due_in_a_declared_break_is_not_missed_after_it(declared: float) -> None:
    life = Life(alone("L5"), every=12)
    life.tell(joined(0), active(1), deadline(40), deadline(55, "before grace ends", coarse=True))
    life.live(declared)
    life.tell(
        made(BreakDeclared, day(declared), learner=ANA, course=COURSE, begins_at=day(20), ends_at=day(55.5))
    )
    life.live(46)
    assert told(life.live(80)) == []


def test_what_is_optional_is_no_part_of_a_run() -> None:
    life = Life(alone("L5"), every=12)
    life.tell(joined(0), active(1), deadline(2, "a"), deadline(4, "b", required=False), deadline(6, "c"))
    assert ("L5", 2, OPERATOR) not in told(life.live(7))
    life.tell(deadline(8, "d", told=7))
    assert ("L5", 2, OPERATOR) in told(life.live(9))


def test_optional_work_handed_in_does_not_end_a_run() -> None:
    life = Life(alone("L5"), every=12)
    life.tell(joined(0), active(1), *(deadline(n, f"t{n}", required=n != 4) for n in (2, 4, 6, 8)))
    life.tell(submitted(3, "t4"))
    assert ("L5", 2, OPERATOR) in told(life.live(9))


def test_optional_work_that_is_missed_hides_no_required_work_from_the_mentor() -> None:
    life = Life(alone("L5"), every=12)
    life.tell(joined(0), active(1), deadline(2, "extra", required=False), deadline(4))
    assert told(life.live(3)) == [("L5", 1, ANA)]
    assert told(life.live(5)) == [("L5", 1, ANA), ("L5", 1, OPERATOR)]
    ended = only(life.tell(submitted(5)), EpisodeClosed)
    assert [fact.reason for fact in ended] == ["recovered"]  # type: ignore[attr-defined]
