"""M1: a match is proposed and not answered: the mentor hears at 24 and at 48 hours."""

from tests.nudging.life import ANA, MENTOR, Life, active, alone, closed, joined, matched, told

ALONE = alone("M1")


def proposed() -> Life:
    life = Life(ALONE)
    life.tell(joined(0), active(0.1), matched(1, state="proposed"))
    return life


def test_a_day_and_two_days_the_mentor_hears() -> None:
    life = proposed()
    assert told(life.live(1.95)) == []
    assert told(life.live(2.1)) == [("M1", 1, MENTOR)]
    assert told(life.live(2.95)) == []
    assert told(life.live(3.1)) == [("M1", 2, MENTOR)]
    assert told(life.live(10)) == []


def test_a_yes_ends_it_as_done() -> None:
    life = proposed()
    life.live(2.1)
    assert closed(life.tell(matched(2.5, rev=2)), "M1") == ["done"]


def test_a_no_or_no_answer_ends_it() -> None:
    life = proposed()
    life.live(2.1)
    assert closed(life.tell(matched(2.5, rev=2, state="ended")), "M1") == ["ended"]


def test_answered_in_time_nobody_hears() -> None:
    life = proposed()
    life.tell(matched(1.5, rev=2))
    assert told(life.live(10)) == []


def test_an_older_word_of_the_pool_told_late_or_twice_changes_nothing() -> None:
    life = proposed()
    life.tell(matched(1.5, rev=2), matched(1, state="proposed"), matched(1, state="proposed"))
    assert told(life.live(10)) == []


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = proposed()
    life.live(2.1)
    assert told(life.restarted().live(3.1)) == [("M1", 2, MENTOR)]
    assert told(life.live(3.1), "M1")[0][2] != ANA
