"""L1: joined, and never seen."""

from schemas.advice import EpisodeClosed
from tests.memory import only
from tests.nudging.life import ANA, OPERATOR, Life, active, alone, day, heard, joined, told


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
