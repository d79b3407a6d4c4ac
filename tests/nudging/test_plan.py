"""L12: in the first week, once, the learner is asked for a plan."""

from schemas.study import PlanMade
from tests.nudging.life import ANA, COURSE, Life, active, alone, closed, day, joined, late, left, made, told

ALONE = alone("L12")


def studying(**fields: object) -> Life:
    life = Life(ALONE)
    life.tell(joined(0, **fields), active(0.1))  # type: ignore[arg-type]
    return life


def plan(days: float) -> PlanMade:
    return made(PlanMade, day(days), learner=ANA, course=COURSE, has_obstacle=True)  # type: ignore[no-any-return]


def test_a_day_after_joining_the_learner_is_asked_and_only_once() -> None:
    life = studying()
    assert told(life.live(0.95)) == []
    assert told(life.live(1.1)) == [("L12", 1, ANA)]
    assert told(life.live(30)) == []


def test_it_counts_from_the_start_of_the_course() -> None:
    life = studying(starts_at=day(10))
    assert told(life.live(10.9)) == []
    assert told(life.live(11.1)) == [("L12", 1, ANA)]


def test_a_plan_ends_it_as_done() -> None:
    life = studying()
    life.live(1.1)
    assert closed(life.tell(plan(2)), "L12") == ["done"]


def test_who_has_a_plan_is_not_asked() -> None:
    life = studying()
    life.tell(plan(0.5))
    assert told(life.live(10)) == []


def test_after_a_week_it_is_let_go() -> None:
    life = studying()
    life.live(1.1)
    assert closed(life.live(6.95), "L12") == []
    assert closed(life.live(7.05), "L12") == ["expired"]


def test_joined_long_ago_nobody_is_asked() -> None:
    life = Life(ALONE)
    life.live(9)
    life.tell(late(joined(0), 9))
    assert told(life.live(20)) == []


def test_leaving_ends_it() -> None:
    life = studying()
    life.live(1.1)
    assert closed(life.tell(left(2)), "L12") == ["withdrew"]


def test_joining_and_plan_told_twice_and_the_plan_first_ask_nothing() -> None:
    life = Life(ALONE)
    life.tell(late(plan(0.5), 0.6), late(plan(0.5), 0.6), late(joined(0), 0.7), late(joined(0), 0.8))
    assert told(life.live(10)) == []


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying()
    life.live(0.9)
    assert told(life.restarted().live(1.1)) == [("L12", 1, ANA)]


def test_who_comes_back_after_a_roster_lost_them_is_not_asked_again() -> None:
    life = Life(alone("L12"), every=24)
    assert told(life.tell(joined(0), active(0.5), active(99))) == [("L12", 1, ANA)]
    life.tell(left(100))
    assert told(life.tell(joined(101), active(101.1)) + life.live(110)) == []


def test_who_was_lost_in_the_first_week_is_asked_all_the_same() -> None:
    life = Life(alone("L12"), every=24)
    life.tell(joined(0), active(0.2), left(0.5))
    assert told(life.tell(joined(2)) + life.live(5)) == [("L12", 1, ANA)]
