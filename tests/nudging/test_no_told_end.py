"""A place in a course whose end was never told: it counts while something happens in it, and for a while after."""

from typing import Any

import pytest

from nudging.pulse_rows import PulseRow
from nudging.reference_rows import CourseRow
from schemas.advice import AdviceGiven, EpisodeOpened
from schemas.fact import Fact
from schemas.learners import NeedsChanged
from schemas.study import PlanMade
from tests.memory import only
from tests.nudging.life import (
    ANA,
    COURSE,
    OPERATOR,
    POLICY,
    Life,
    active,
    alone,
    closed,
    day,
    deadline,
    graded,
    heard,
    joined,
    late,
    left,
    made,
    rest,
    told,
)

FORGOTTEN = 30
QUIET = 1 + FORGOTTEN + 7  # somebody last seen on day 1 is looked at within a week


def life_of(*signals: str, facts: tuple[Fact, ...] = (), until: float = QUIET) -> Life:
    life = Life(alone(*signals, forgotten_after_days=FORGOTTEN), every=24)
    life.tell(joined(0), active(1), *facts)
    life.live(until)
    return life


def place(life: Life) -> Any:
    return life.rows.find(PulseRow, ANA).courses[COURSE]  # type: ignore[union-attr]


def counted(life: Life) -> int:
    return life.rows.find(CourseRow, COURSE).learners  # type: ignore[union-attr]


def test_who_was_last_seen_long_ago_counts_in_no_storm_of_who_studies_now() -> None:
    life = Life(alone("L2", forgotten_after_days=FORGOTTEN), every=24)
    earlier, now = [f"ou:e{n}" for n in range(30)], [f"ou:n{n}" for n in range(25)]
    life.tell(*(joined(0, name) for name in earlier), *(active(1, name) for name in earlier))
    life.live(QUIET)
    life.tell(*(joined(QUIET, name) for name in now), *(active(QUIET + 0.5, name) for name in now))
    said = life.live(QUIET + 6)
    assert len(only(said, EpisodeOpened)) == 10  # 400 of 1000, of those who study now
    assert [(f.signal, f.recipient) for f in said if isinstance(f, AdviceGiven)] == [("storm", OPERATOR)]


def test_a_later_term_s_dates_are_none_of_somebody_long_gone() -> None:
    life = life_of("L4", "L5")
    life.tell(deadline(QUIET + 5, "tma1", told=QUIET), deadline(QUIET + 9, "tma2", told=QUIET))
    assert told(life.live(QUIET + 30)) == []


def test_silence_climbs_to_the_operator_long_before_and_ends_with_the_place() -> None:
    life = Life(alone("L2", forgotten_after_days=FORGOTTEN), every=24)
    life.tell(joined(0), active(1))
    said = life.live(QUIET)
    assert told(said) == [("L2", 1, ANA), ("L2", 2, OPERATOR), ("L2", 3, OPERATOR)]
    assert max(f.at for f in said if isinstance(f, AdviceGiven)) < day(16)
    assert closed(said, "L2") == ["ended"]
    assert (counted(life), place(life).over_at) == (0, day(1))


def test_who_never_came_is_told_of_and_then_counts_no_more() -> None:
    life = Life(alone("L1", forgotten_after_days=FORGOTTEN), every=24)
    life.tell(joined(0))
    assert told(life.live(QUIET)) == [("L1", 1, ANA), ("L1", 2, ANA), ("L1", 2, OPERATOR)]
    assert counted(life) == 0


LATER = 20.0


@pytest.mark.parametrize(
    "fact",
    [
        active(LATER),
        joined(0, starts_at=day(LATER)),
        rest(10, LATER),
        graded(LATER, "tma1", 500),
        made(PlanMade, day(LATER), learner=ANA, course=COURSE, has_obstacle=False),
        deadline(LATER, "own", told=2, learner=ANA),
    ],
    ids=["seen", "start", "break", "grade", "plan", "own date"],
)
def test_it_counts_from_the_last_thing_that_happened_in_it(fact: Fact) -> None:
    life = Life(alone("L2", forgotten_after_days=FORGOTTEN), every=24)
    first = [fact] if fact.at == day(0) else [joined(0), fact]
    life.tell(*sorted((active(1), *first), key=lambda each: each.at))
    life.live(LATER + FORGOTTEN - 1)
    assert (counted(life), place(life).active) == (1, True)
    life.live(LATER + FORGOTTEN + 8)
    assert (counted(life), place(life).active) == (0, False)


def test_who_comes_back_counts_again_and_is_missed_again() -> None:
    life = life_of("L2")
    life.tell(active(QUIET))
    assert (counted(life), place(life).active) == (1, True)
    assert told(life.live(QUIET + 8)) == [("L2", 1, ANA)]
    assert counted(Life.restarted(life)) == 1


def test_who_comes_back_beside_another_course_counts_again() -> None:
    other = joined(QUIET - 1).model_copy(update={"course": "BBB"})
    life = life_of("L2")
    life.tell(other, active(QUIET))
    assert (counted(life), place(life).active) == (1, True)


def test_a_login_that_names_no_course_brings_back_who_has_no_other() -> None:
    login = active(QUIET).model_copy(update={"course": None})
    life = life_of("L2")
    life.tell(login)
    assert counted(life) == 1
    life = life_of("L2")
    life.tell(joined(QUIET - 1).model_copy(update={"course": "BBB"}), login)
    assert counted(life) == 0


def test_a_word_of_long_ago_that_comes_late_brings_nobody_back_to_stay() -> None:
    life = life_of("L2")
    for at in (0.5, 1, 2):
        life.tell(late(active(at), QUIET))
        assert told(life.live(QUIET + 8)) == []
        assert counted(life) == 0


def test_coming_and_going_counts_each_learner_once() -> None:
    life = life_of("L2")
    for turn in range(1, 4):
        at = QUIET * turn
        life.tell(active(at), active(at), joined(at + 0.1), active(at + 0.2))
        assert counted(life) == 1
        life.live(at + QUIET)
        assert counted(life) == 0
    life.tell(left(QUIET * 5))
    assert (counted(life), place(life).over) == (0, "ended")


def test_while_a_feed_is_dead_nobody_is_forgotten() -> None:
    life = Life(alone("L2", forgotten_after_days=FORGOTTEN), hear=False)
    life.tell(joined(0), active(1))
    for at in range(2, QUIET + 20, 2):
        life.tell(heard(at, last=2))
    assert (counted(life), place(life).active) == (1, True)


def test_a_need_of_a_place_long_quiet_is_taken_back() -> None:
    soon = POLICY.pulse.model_copy(update={"forgotten_after_days": FORGOTTEN})
    life = Life(POLICY.model_copy(update={"pulse": soon}), every=24)
    life.tell(joined(0), active(1), *(deadline(5 + n, f"t{n}") for n in range(4)))
    said = [fact.band for fact in only(life.live(QUIET), NeedsChanged)]  # type: ignore[attr-defined]
    assert said[-1] == "low"
    assert len(said) > 1
