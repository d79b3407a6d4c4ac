"""L9: what was reached is said once, and one a day."""

from zlib import crc32

import pytest

from nudging.marks import LETTERS
from nudging.pulse_rows import PulseRow
from nudging.signals.recognition import REMEMBERED
from schemas.activity import AwardGranted, ModuleCompleted, ProgressReached
from schemas.advice import AdviceWithdrawn, EpisodeClosed, EpisodeOpened
from schemas.fact import Fact
from schemas.learners import CourseCompleted
from schemas.rows import changed
from tests.memory import only
from tests.nudging.life import (
    ANA,
    COURSE,
    MENTOR,
    Life,
    active,
    alone,
    day,
    joined,
    late,
    left,
    made,
    matched,
    opened,
    told,
)


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
    assert only(said, AdviceWithdrawn) == []  # praise waits for its hour though its episode is over


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


def weeks(life: Life, count: int, days: int, first: int = 0) -> list[Fact]:
    """So many weeks with so many active days each, and the Tuesday evening after them."""
    said: list[Fact] = []
    for number in range(first, first + count):
        said += life.tell(*(active(7 * number + 1 + n) for n in range(days)))
    return said + life.live(7 * (first + count) + 1.3)


def streaks(said: list[Fact]) -> list[int | str]:
    return [f.figures[0][1] for f in opened(said, "L9") if str(f.figures[0][1]).startswith("streak")]


def begun() -> Life:
    life = Life(alone("L9"), every=6)
    life.tell(joined(-0.5), matched(0))
    return life


def test_four_weeks_in_a_row_are_worth_a_word_and_the_next_four_another() -> None:
    life = begun()
    assert streaks(weeks(life, 3, 3)) == []
    assert streaks(weeks(life, 1, 3, 3)) == ["streak 4 weeks"]
    assert streaks(weeks(life, 3, 3, 4)) == []
    assert streaks(weeks(life, 1, 3, 7)) == ["streak 8 weeks"]


def test_a_week_of_two_days_breaks_the_row() -> None:
    life = begun()
    weeks(life, 3, 3)
    weeks(life, 1, 2, 3)
    assert streaks(weeks(life, 3, 3, 4)) == []
    assert streaks(weeks(life, 1, 3, 7)) == ["streak 4 weeks"]


def test_a_row_is_counted_once_however_often_its_days_are_told() -> None:
    life = begun()
    weeks(life, 4, 3)
    assert streaks(life.tell(*(late(active(22 + n), 30) for n in range(3))) + life.live(34)) == []


@pytest.mark.parametrize("outcome", ["passed", "certified"])
def test_a_certificate_a_pass_and_progress_are_each_said(outcome: str) -> None:
    life = begun()
    certificate = made(AwardGranted, day(1), learner=ANA, course=COURSE, award="c1", kind="certificate")
    assert told(life.tell(certificate)) == [("L9", 1, ANA), ("L9", 1, MENTOR)]
    half = made(ProgressReached, day(2), learner=ANA, course=COURSE, progress_permille=500)
    assert told(life.tell(half)) == [("L9", 1, ANA), ("L9", 1, MENTOR)]
    end = made(CourseCompleted, day(3), learner=ANA, course=COURSE, outcome=outcome)
    assert told(life.tell(end)) == [("L9", 1, ANA), ("L9", 1, MENTOR)]


def test_what_was_reached_long_ago_is_not_praised_today() -> None:
    life = begun()
    life.live(60)
    assert told(life.tell(late(module(2, "m9"), 60))) == []


def test_a_restart_within_a_row_goes_on_counting() -> None:
    life = begun()
    weeks(life, 3, 3)
    assert streaks(weeks(life.restarted(), 1, 3, 3)) == ["streak 4 weeks"]


def test_a_pass_told_after_leaving_is_said_once() -> None:
    life = begun()
    life.tell(active(0.1), left(1))
    end = made(CourseCompleted, day(2), learner=ANA, course=COURSE, outcome="passed")
    assert told(life.tell(end, end, late(end, 3))) == [("L9", 1, ANA), ("L9", 1, MENTOR)]


def test_a_module_told_after_leaving_is_not_said() -> None:
    life = begun()
    life.tell(active(0.1), left(1))
    assert told(life.tell(module(2))) == []


def test_what_an_earlier_release_praised_is_not_said_again() -> None:
    life = studying()
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    sums = tuple(f"{crc32(f'{COURSE}/module m{n}'.encode()):08x}" for n in range(REMEMBERED))
    life.rows.put(changed(pulse, praised=sums), ANA)
    assert told(life.tell(module(1, "m15"))) == []
    life.rows.put(
        changed(pulse, praised=(f"{COURSE}/module m99", *sums[1:])), ANA
    )  # the whole name, before that
    assert told(life.tell(module(1, "m99"))) == []
    life.rows.put(changed(pulse, praised=sums), ANA)
    life.tell(*(module(n, f"new{n}") for n in range(2, 8)))
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert (len(pulse.praised), len(pulse.praise)) == (REMEMBERED - 6, 6 * (LETTERS + 1))
    assert told(life.tell(module(9, "m15"), module(10, "new2")), "L9") == []


def test_a_second_row_of_weeks_is_worth_a_word_as_the_first_was() -> None:
    life = begun()
    assert streaks(weeks(life, 4, 3)) == ["streak 4 weeks"]
    assert streaks(weeks(life, 2, 1, 4)) == []
    assert streaks(weeks(life, 4, 3, 6)) == ["streak 4 weeks"]


def test_who_takes_a_course_again_is_praised_for_it_again() -> None:
    life = Life(alone("L9"), every=24)
    for start in (0, 200):
        done = made(CourseCompleted, day(start + 20), learner=ANA, course=COURSE, outcome="passed")
        module = made(ModuleCompleted, day(start + 5), learner=ANA, course=COURSE, module="m1")
        said = life.tell(joined(start), active(start + 1), module, module, done, done)
        assert [one for one in told(said) if one[2] == ANA] == [("L9", 1, ANA)] * 2


def test_a_month_of_modules_told_anew_each_night_is_praised_once() -> None:
    life = Life(alone("L9"), every=24)
    modules = [module(1 + n, f"m{n}") for n in range(40)]
    assert len([one for one in told(life.tell(joined(0), *modules)) if one[2] == ANA]) == 40
    for night in (41, 42):
        assert told(life.tell(*(late(one, night) for one in modules))) == []


def test_what_was_praised_is_known_as_long_as_it_may_be_told_again_and_no_longer() -> None:
    life = Life(alone("L9"), every=24)
    life.tell(joined(0), *(module(1 + 7 * n, f"m{n}") for n in range(30)))
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert len(pulse.praise) <= 8 * (LETTERS + 1)  # of 45 days
    life.live(7 * 29 + 2)
    assert told(life.tell(*(late(module(1 + 7 * n, f"m{n}"), 7 * 29 + 2) for n in range(30)))) == []
