"""L1: joined, and never seen."""

from schemas.advice import EpisodeClosed
from tests.memory import only
from tests.nudging.life import (
    ANA,
    OPERATOR,
    Life,
    active,
    alone,
    day,
    deadline,
    heard,
    joined,
    late,
    left,
    submitted,
    told,
)


def test_just_before_three_days_nobody_hears() -> None:
    life = Life(alone("L1"))
    life.tell(joined(0))
    assert told(life.live(2.95)) == []


def test_at_three_days_the_learner_hears_and_at_ten_the_mentor_too() -> None:
    life = Life(alone("L1"))
    life.tell(joined(0))
    assert told(life.live(3.2)) == [("L1", 1, ANA)]
    assert told(life.live(9.9)) == []
    assert told(life.live(10.2)) == [("L1", 2, ANA), ("L1", 2, OPERATOR)]
    assert told(life.live(40)) == []


def test_it_counts_from_the_start_of_the_course() -> None:
    life = Life(alone("L1"))
    life.tell(joined(0, starts_at=day(20)))
    assert told(life.live(22.9)) == []
    assert told(life.live(23.2)) == [("L1", 1, ANA)]


def test_the_first_activity_clears_it() -> None:
    life = Life(alone("L1"))
    life.tell(joined(0))
    life.live(3.2)
    assert [f.reason for f in only(life.tell(active(4)), EpisodeClosed)] == ["recovered"]
    assert told(life.live(10.9), "L1") == []


def test_activity_before_the_joining_counts() -> None:
    life = Life(alone("L1"))
    life.tell(active(0.5), joined(1))
    assert told(life.live(5), "L1") == []


def test_a_platform_that_says_nothing_at_all_opens_nothing() -> None:
    life = Life(alone("L1"), hear=False)
    life.tell(joined(0), heard(0))
    life.tell(heard(12, last=0))
    assert told(life.live(12.5)) == []


def taken_again(**fields: object) -> Life:
    """Left on day 30 of a course that was studied, and joined again on day 120."""
    life = Life(alone("L1", "L2", "L5"), every=6)
    life.tell(joined(0), active(1), active(29))
    life.live(30)
    life.tell(left(30))
    life.live(120)
    life.tell(joined(120, **fields))
    return life


def test_who_takes_the_course_again_begins_anew() -> None:
    life = taken_again()
    assert told(life.live(122.9)) == []
    assert told(life.live(123.3)) == [("L1", 1, ANA)]
    assert [f.reason for f in only(life.tell(active(124)), EpisodeClosed)] == ["recovered"]
    assert told(life.live(131.3)) == [("L2", 1, ANA)]


def test_a_term_that_begins_after_the_other_was_over_is_another_however_soon() -> None:
    life = Life(alone("L1", "L2"), every=6)
    life.tell(joined(0), active(1))
    life.live(2)
    life.tell(left(2))
    life.live(5)
    life.tell(joined(5, starts_at=day(6)))
    assert told(life.live(9.3)) == [("L1", 1, ANA)]


def test_of_the_earlier_time_nothing_counts_though_it_is_told_again() -> None:
    life = taken_again()
    life.tell(*(late(fact, 120.1) for fact in (joined(0), active(1), submitted(28), active(29), left(30))))
    assert told(life.live(123.3)) == [("L1", 1, ANA)]
    life.tell(active(124), deadline(125, told=124))
    assert told(life.live(126)) == [("L5", 1, ANA), ("L5", 1, OPERATOR)]  # what was handed in was another


def test_whom_a_roster_loses_for_a_day_goes_on_where_they_were() -> None:
    life = Life(alone("L1", "L2", "L5"), every=6)
    life.tell(joined(0), deadline(6), active(1), submitted(3))
    life.live(4)
    life.tell(left(4))
    life.live(5)
    life.tell(joined(5))
    assert told(life.live(11.9)) == []
    assert told(life.live(12.3)) == [("L2", 1, ANA)]
