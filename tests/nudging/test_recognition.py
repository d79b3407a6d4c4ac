"""L9: what was reached is said once, and one a day."""

from schemas.activity import ModuleCompleted, ProgressReached
from schemas.advice import EpisodeClosed, EpisodeOpened
from schemas.learners import CourseCompleted
from tests.memory import only
from tests.nudging.life import ANA, COURSE, MENTOR, Life, active, alone, day, joined, made, matched, told


def studying() -> Life:
    life = Life(alone("L9", "L2"))
    life.tell(joined(0), matched(0), active(0.1))
    return life


def module(days: float, name: str = "m1", **fields: object):  # type: ignore[no-untyped-def]
    return made(ModuleCompleted, day(days), learner=ANA, course=COURSE, module=name, **fields)


def test_a_module_is_said_to_learner_and_mentor_and_the_episode_is_done() -> None:
    said = studying().tell(module(1))
    assert told(said) == [("L9", 1, ANA), ("L9", 1, MENTOR)]
    assert len(only(said, EpisodeOpened)) == 1
    assert [f.reason for f in only(said, EpisodeClosed)] == ["done"]


def test_the_same_module_twice_is_said_once() -> None:
    life = studying()
    life.tell(module(1))
    assert told(life.tell(module(1), module(3)), "L9") == []


def test_a_second_one_on_the_same_day_goes_unsaid_and_stays_so() -> None:
    life = studying()
    life.tell(module(1))
    assert told(life.tell(module(1.1, "m2"))) == []
    assert told(life.tell(module(3, "m2")), "L9") == []


def test_a_pass_is_said_and_a_fail_is_not() -> None:
    done = {"learner": ANA, "course": COURSE}
    assert told(studying().tell(made(CourseCompleted, day(2), outcome="passed", **done))) != []
    assert told(studying().tell(made(CourseCompleted, day(2), outcome="failed", **done))) == []


def test_progress_is_said_at_its_marks() -> None:
    life = studying()
    reached = {"learner": ANA, "course": COURSE}
    assert told(life.tell(made(ProgressReached, day(1), progress_permille=249, **reached))) == []
    assert told(life.tell(made(ProgressReached, day(2), progress_permille=250, **reached))) != []
    assert told(life.tell(made(ProgressReached, day(4), progress_permille=300, **reached)), "L9") == []


def test_an_old_one_told_now_is_not_news() -> None:
    life = studying()
    life.live(60)
    assert told(life.tell(module(1, seen_at=day(60)))) == []
