"""L4: a deadline is near and the work is not in: the learner hears three days and one day before."""

from schemas.activity import DeadlineRemoved
from tests.nudging.life import (
    ANA,
    COURSE,
    Life,
    active,
    alone,
    closed,
    day,
    deadline,
    figures,
    in_any_order,
    joined,
    late,
    made,
    opened,
    submitted,
    told,
)

ALONE = alone("L4")


def studying(*deadlines: object) -> Life:
    life = Life(ALONE)
    life.tell(joined(0), active(0.1), *deadlines)  # type: ignore[arg-type]
    return life


def test_just_before_three_days_nobody_hears() -> None:
    assert told(studying(deadline(10)).live(6.95)) == []


def test_at_three_days_and_at_one_day_the_learner_hears() -> None:
    life = studying(deadline(10))
    said = life.live(7.1)
    assert told(said) == [("L4", 1, ANA)]
    assert figures(said, "L4")["item"] == "tma1"
    assert told(life.live(8.9)) == []
    assert told(life.live(9.1)) == [("L4", 2, ANA)]


def test_when_it_is_due_it_ends_and_says_no_more() -> None:
    life = studying(deadline(10))
    assert closed(life.live(9.99), "L4") == []
    assert closed(life.live(10.01), "L4") == ["expired"]
    assert told(life.live(30)) == []


def test_work_handed_in_ends_it_as_done() -> None:
    life = studying(deadline(10))
    life.live(7.5)
    assert closed(life.tell(submitted(8)), "L4") == ["done"]
    assert told(life.live(20)) == []


def test_handed_in_before_it_is_near_nobody_hears() -> None:
    life = studying(deadline(10))
    life.tell(submitted(3))
    assert told(life.live(20)) == []


def test_a_moved_date_ends_it_and_begins_anew() -> None:
    life = studying(deadline(10))
    life.live(7.5)
    life.tell(deadline(20, told=8))
    said = life.live(10.1)
    assert closed(said, "L4") == ["superseded"]
    assert told(said) == []
    assert told(life.live(17.1)) == [("L4", 1, ANA)]


def test_a_removed_date_ends_it() -> None:
    life = studying(deadline(10))
    life.live(7.5)
    life.tell(made(DeadlineRemoved, day(7.6), course=COURSE, item="tma1"))
    assert closed(life.live(9.7), "L4") == ["superseded"]


def test_of_two_near_dates_the_sooner_speaks_first_and_then_the_other() -> None:
    life = studying(deadline(10, "a"), deadline(10.5, "b"))
    assert [f.figures[0] for f in opened(life.live(7.6), "L4")] == [("item", "a")]
    assert [f.figures[0] for f in opened(life.tell(submitted(8, "a")), "L4")] == [("item", "b")]


def test_told_of_late_one_reminder_comes_and_not_two() -> None:
    life = studying()
    life.live(9.4)
    assert told(life.tell(deadline(10, told=9.4, learner=ANA))) == [("L4", 2, ANA)]
    assert told(life.live(10)) == []


def test_a_hand_in_told_late_and_twice_withdraws_it_once() -> None:
    life = studying(deadline(10))
    life.live(7.5)
    fact = late(submitted(6.5), 7.6)
    assert closed(life.tell(fact, fact), "L4") == ["done"]


def test_dates_and_hand_ins_in_any_order_decide_the_same() -> None:
    before = [joined(0), active(0.1), deadline(10, "a"), deadline(10.2, "b")]
    facts = [submitted(7, "a"), submitted(7.2, "a"), submitted(7.3, "c")]
    assert len(in_any_order(ALONE, before, facts, 8)) == 1


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying(deadline(10))
    life.live(8)
    assert told(life.restarted().live(9.1)) == told(life.live(9.1)) == [("L4", 2, ANA)]


def test_a_thousand_open_deadlines_are_one_reminder_at_a_time() -> None:
    life = Life(ALONE, every=12)
    life.tell(joined(0), active(0.1), *(deadline(10 + n / 1000, f"t{n}") for n in range(300)))
    assert len(opened(life.live(9.5), "L4")) == 1
