"""A course whose told end has passed, though nobody says that it is over: what still counts, and for how long?"""

import pytest

from nudging.pulse_rows import PulseRow
from nudging.reference_rows import CourseRow
from schemas.advice import AdviceGiven, EpisodeOpened
from schemas.fact import Fact
from schemas.learners import CourseCompleted, NeedsChanged
from tests.memory import only
from tests.nudging.life import (
    ANA,
    COURSE,
    MENTOR,
    OPERATOR,
    POLICY,
    Life,
    active,
    alone,
    day,
    deadline,
    joined,
    late,
    left,
    made,
    matched,
    submitted,
    told,
    wrote,
)

END, LINGERS = 90, POLICY.pool.after_end_days


def life_of(*signals: str, until: float = END) -> Life:
    life = Life(alone(*signals), every=24)
    life.tell(joined(0, ends_at=day(END)), active(1), active(END - 1))
    life.live(until)
    return life


def course_of(life: Life) -> object:
    return life.rows.find(PulseRow, ANA).courses[COURSE]  # type: ignore[union-attr]


@pytest.mark.parametrize("told_on", [END - 10, END + 5, END + 40], ids=["early", "soon", "late"])
@pytest.mark.parametrize("due", [END + 15, END + 60], ids=["near", "far"])
def test_the_next_term_s_dates_are_none_of_an_earlier_learner_s(told_on: float, due: float) -> None:
    life = life_of("L4", "L5", until=min(told_on, END - 10))
    life.live(told_on)
    life.tell(deadline(due, "tma1", told=told_on), deadline(due + 7, "tma2", told=told_on))
    assert told(life.live(END + 90)) == []


def test_the_last_work_may_be_due_some_days_after_the_end() -> None:
    life = Life(alone("L4", "L5"), every=24)
    life.tell(joined(0, ends_at=day(END)), deadline(END + 1, coarse=True), active(1))
    assert told(life.live(END + 3)) == [
        ("L4", 1, ANA), ("L4", 2, ANA), ("L5", 1, ANA), ("L5", 1, OPERATOR),
    ]  # fmt: skip


def test_a_date_of_the_learner_s_own_stands_whenever_it_is_due() -> None:
    life = life_of("L5")
    life.tell(deadline(END + 20, "resit", told=END, learner=ANA))
    assert told(life.live(END + 21)) == [("L5", 1, ANA), ("L5", 1, OPERATOR)]


def test_who_studied_before_counts_in_no_storm_of_the_next_term() -> None:
    life = Life(alone("L2"), every=24)
    earlier, now = [f"ou:e{n}" for n in range(30)], [f"ou:n{n}" for n in range(25)]
    life.tell(*(joined(0, name, ends_at=day(5)) for name in earlier), *(active(1, name) for name in earlier))
    begun = 5 + LINGERS + 3
    life.live(begun)
    life.tell(*(joined(begun, name) for name in now), *(active(begun + 0.5, name) for name in now))
    said = life.live(begun + 6)
    assert len(only(said, EpisodeOpened)) == 10  # 400 of 1000, of those of this term
    assert [(f.signal, f.recipient) for f in said if isinstance(f, AdviceGiven)] == [("storm", OPERATOR)]


def test_a_place_is_over_some_weeks_after_its_end_and_counted_once() -> None:
    life = life_of("L5", until=END + LINGERS - 3)
    assert course_of(life).active  # type: ignore[attr-defined]
    life.live(END + LINGERS + 2)
    assert (course_of(life).active, course_of(life).over_at) == (False, day(END))  # type: ignore[attr-defined]
    assert life.rows.find(CourseRow, COURSE).learners == 0  # type: ignore[union-attr]
    life.tell(left(END + LINGERS + 3))
    assert life.rows.find(CourseRow, COURSE).learners == 0  # type: ignore[union-attr]


def test_who_is_told_of_long_after_the_end_has_no_place() -> None:
    life = Life(alone("L1", "L2", "L12"), every=24)
    life.live(END + 60)
    life.tell(joined(END + 60, ends_at=day(END)))
    assert told(life.live(END + 90)) == []
    assert life.rows.find(CourseRow, COURSE).learners == 0  # type: ignore[union-attr]


@pytest.mark.parametrize("at", [END - 10, END + 10], ids=["before the end", "after it"])
def test_a_pass_told_weeks_after_the_end_is_one(at: float) -> None:
    life = life_of("L9", until=END + LINGERS + 3)
    said = life.tell(
        late(made(CourseCompleted, day(at), learner=ANA, course=COURSE, outcome="passed"), END + LINGERS + 3)
    )
    assert ("L9", 1, ANA) in told(said)
    assert course_of(life).over == "done"  # type: ignore[attr-defined]


@pytest.mark.parametrize("enrolled", [END - 7, END + 7, END + 60], ids=["early", "soon", "late"])
def test_who_takes_it_again_begins_anew(enrolled: float) -> None:
    life = Life(alone("L5"), every=24)
    first: list[Fact] = [joined(0, ends_at=day(END)), active(1), deadline(5, "tma1"), submitted(4, "tma1")]
    life.tell(*first)
    life.live(enrolled)
    life.tell(joined(enrolled, starts_at=day(END + 70), ends_at=day(END + 160)))
    life.tell(deadline(END - 2, "last", told=enrolled))  # of the term before
    assert told(life.live(END + 70)) == []
    life.tell(active(END + 70), deadline(END + 80, "tma1", told=END + 70))
    assert told(life.live(END + 81)) == [("L5", 1, ANA), ("L5", 1, OPERATOR)]
    assert life.rows.find(CourseRow, COURSE).learners == 1  # type: ignore[union-attr]


def test_a_roster_that_tells_of_a_place_each_night_past_its_end_begins_nothing_anew() -> None:
    life = Life(alone("L5"), every=24)
    life.policy = life.policy.model_copy(
        update={"pool": life.policy.pool.model_copy(update={"after_end_days": 3650})}
    )
    life.tell(joined(0, ends_at=day(10)), active(1), submitted(4, "tma1"))
    life.live(60)
    life.tell(joined(60, ends_at=day(10)))
    assert course_of(life).earlier_until is None  # type: ignore[attr-defined]
    assert course_of(life).active  # type: ignore[attr-defined]


def test_a_pair_goes_on_past_the_end_until_it_is_silent() -> None:
    life = Life(alone("M4"), every=24)
    life.tell(joined(0, ends_at=day(END)), matched(0), wrote(1, "learner"), wrote(2, "mentor"))
    life.tell(*(wrote(at, who) for at in range(20, 100, 20) for who in ("learner", "mentor")))
    said = life.live(200)
    assert {("M4", rung, who) for rung, who in ((1, ANA), (1, MENTOR), (3, OPERATOR))} <= set(told(said))


def test_a_need_of_a_course_that_ended_is_taken_back() -> None:
    life = Life(POLICY, every=24)
    life.tell(joined(0, ends_at=day(END)), active(1), *(deadline(5 + n, f"t{n}") for n in range(4)))
    said = [fact.band for fact in only(life.live(END + LINGERS + 3), NeedsChanged)]  # type: ignore[attr-defined]
    assert said[-1] == "low"
    assert len(said) > 1
