"""M7: a learner recovers within two weeks of the mentor's word: the mentor is thanked, once a week for each."""

import pytest

from tests.nudging.life import (
    MENTOR,
    OPERATOR,
    Life,
    active,
    alone,
    closed,
    failed,
    figures,
    graded,
    joined,
    late,
    left,
    matched,
    passed,
    told,
    wrote,
)

ALONE = alone("L2", "L6", "L7", "M7")
THANKS = [("M7", 1, MENTOR)]


def studying(*spoke: float) -> Life:
    life = Life(ALONE, every=6)
    life.tell(joined(0), active(0.1), matched(0))
    life.tell(*(wrote(days, "mentor") for days in spoke))
    return life


def test_a_way_back_after_the_mentors_word() -> None:
    life = studying()
    life.tell(active(1))
    life.live(9)
    life.tell(wrote(9, "mentor"))
    said = life.tell(active(11))
    assert told(said, "M7") == THANKS
    assert figures(said, "M7")["what"] == "came back after silence"
    assert closed(said, "M7") == ["done"]


@pytest.mark.parametrize(("spoke", "thanks"), [(5.9, []), (6, THANKS), (6.1, THANKS)])
def test_two_weeks_between_word_and_recovery_are_the_most(spoke: float, thanks: list[object]) -> None:
    life = studying(spoke)
    life.tell(graded(10, "a", 400))
    assert told(life.tell(graded(20, "b", 900)), "M7") == thanks


def test_without_a_word_nobody_is_thanked() -> None:
    life = studying()
    life.tell(graded(10, "a", 400))
    assert told(life.tell(graded(12, "b", 900)), "M7") == []


def test_what_nobody_was_told_of_is_no_recovery() -> None:
    life = studying(6)
    life.live(5.5)
    assert told(life.tell(active(6.5)), "M7") == []


def test_two_recoveries_in_a_week_are_one_thanks_and_a_week_later_there_is_another() -> None:
    life = studying()
    life.tell(active(4), active(8), wrote(8, "mentor"))
    life.tell(*(failed(10, n) for n in range(3)), graded(10, "a", 400))
    said = life.tell(passed(11), graded(11.1, "b", 900))
    assert told(said, "M7") == THANKS
    life.tell(graded(17, "c", 400))
    assert told(life.tell(graded(18.2, "d", 900)), "M7") == THANKS


def test_the_end_by_leaving_is_no_recovery() -> None:
    life = studying(8)
    life.tell(graded(10, "a", 400))
    assert told(life.tell(left(11)), "M7") == []


def test_no_operator_is_thanked_where_the_pair_has_ended() -> None:
    life = studying(8)
    life.tell(graded(10, "a", 400), matched(10.5, rev=2, state="ended"))
    assert [f for f in told(life.tell(graded(11, "b", 900))) if f[2] in (OPERATOR, MENTOR)] == []


def test_told_twice_it_is_said_once() -> None:
    life = studying(8)
    life.tell(graded(10, "a", 400))
    better = graded(11, "b", 900)
    assert told(life.tell(better, better, late(better, 12)), "M7") == THANKS


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying(8)
    life.tell(graded(10, "a", 400))
    assert told(life.restarted().tell(graded(11, "b", 900)), "M7") == THANKS
