"""L6: tries fail again and again, or hints do not help: the learner hears at once, the mentor two days later."""

import pytest

from nudging.course_rows import MAX_PASSED, MAX_STUCK
from nudging.pulse_rows import PulseRow
from schemas.advice import EpisodeClosed
from schemas.fact import Moment
from schemas.rows import changed
from schemas.study import HintUsed
from tests.nudging.life import (
    ANA,
    COURSE,
    MENTOR,
    Life,
    active,
    alone,
    closed,
    day,
    failed,
    figures,
    graded,
    in_any_order,
    joined,
    late,
    left,
    made,
    matched,
    met,
    opened,
    passed,
    told,
    wrote,
)

ALONE = alone("L6")


def studying() -> Life:
    life = Life(ALONE)
    life.tell(joined(0), active(0.1), matched(0), met(0.2))
    return life


def hint(days: float, item: str = "quiz1") -> HintUsed:
    return made(HintUsed, day(days), learner=ANA, course=COURSE, item=item)  # type: ignore[no-any-return]


@pytest.mark.parametrize(("fails", "hears"), [(2, []), (3, [("L6", 1, ANA)]), (4, [("L6", 1, ANA)])])
def test_at_three_fails_on_one_item_the_learner_hears_at_once(fails: int, hears: list[object]) -> None:
    assert told(studying().tell(*(failed(2 + n / 100, n) for n in range(fails)))) == hears


@pytest.mark.parametrize(("hints", "hears"), [(1, []), (2, [("L6", 1, ANA)])])
def test_at_two_hints_on_one_item_the_learner_hears(hints: int, hears: list[object]) -> None:
    assert told(studying().tell(*(hint(2 + n / 100) for n in range(hints)))) == hears


def test_fails_on_different_items_do_not_add_up() -> None:
    assert told(studying().tell(failed(2, 1, "a"), failed(2.1, 1, "b"), failed(2.2, 1, "c"))) == []


def test_two_days_unsolved_the_mentor_hears() -> None:
    life = studying()
    life.tell(failed(2, 1), failed(2, 2), failed(2.1, 3))
    assert told(life.live(4.05)) == []
    assert told(life.live(4.2)) == [("L6", 2, MENTOR)]


def test_more_tries_do_not_put_the_mentor_off() -> None:
    life = studying()
    life.tell(failed(2, 1), failed(2, 2), failed(2.1, 3), failed(3, 4))
    assert told(life.live(4.2)) == [("L6", 2, MENTOR)]


def test_solved_it_ends_and_stays_so() -> None:
    life = studying()
    life.tell(failed(2, 1), failed(2, 2), failed(2.1, 3))
    assert closed(life.tell(passed(2.5)), "L6") == ["recovered"]
    assert told(life.tell(failed(3, 4), failed(3, 5), failed(3, 6), failed(3, 7))) == []


def test_a_full_mark_ends_it() -> None:
    life = studying()
    life.tell(failed(2, 1), failed(2, 2), failed(2.1, 3))
    assert closed(life.tell(graded(2.2, "quiz1", 999)), "L6") == []
    assert closed(life.tell(graded(2.5, "quiz1", 1000)), "L6") == ["recovered"]


def test_left_alone_for_a_week_it_is_let_go() -> None:
    life = studying()
    life.tell(failed(2, 1), failed(2, 2), failed(2.1, 3))
    assert closed(life.live(9.05), "L6") == []
    assert closed(life.live(9.2), "L6") == ["expired"]
    assert told(life.live(20)) == []


def test_leaving_ends_it() -> None:
    life = studying()
    life.tell(failed(2, 1), failed(2, 2), failed(2.1, 3))
    assert closed(life.tell(left(3)), "L6") == ["withdrew"]


def test_the_same_try_told_thrice_is_one_try() -> None:
    one = failed(2)
    assert told(studying().tell(one, one, late(one, 2.1), failed(2.2))) == []


def test_without_numbers_tries_are_told_apart_by_their_facts() -> None:
    assert told(studying().tell(failed(2), failed(2.1), failed(2.2))) == [("L6", 1, ANA)]


def test_a_pass_told_before_the_fails_it_followed_opens_nothing() -> None:
    life = studying()
    life.tell(passed(3))
    assert told(life.tell(*(late(failed(2 + n / 10, n), 3.1) for n in range(4)))) == []


def test_tries_of_long_ago_open_nothing() -> None:
    life = studying()
    life.live(20)
    assert told(life.tell(*(late(failed(2, n), 20.1) for n in range(4)))) == []


def test_tries_in_any_order_decide_the_same() -> None:
    before = [joined(0), active(0.1)]
    assert len(in_any_order(ALONE, before, [failed(2, 1), failed(2.1, 2), failed(2.2, 3)], 3)) == 1


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying()
    life.tell(failed(2, 1), failed(2, 2))
    assert told(life.restarted().tell(failed(2.1, 3))) == [("L6", 1, ANA)]


def test_it_tells_which_item_and_how_often_and_shows_the_last_try() -> None:
    last = failed(2.1, 3)
    said = studying().tell(failed(2, 1), failed(2, 2), last)
    told_of = figures(said, "L6")
    assert (told_of["item"], told_of["fails"], told_of["hints"]) == ("quiz1", 3, 0)
    assert opened(said, "L6")[0].evidence == (last.id,)


def test_a_thousand_items_are_sixteen() -> None:
    life = studying()
    life.tell(*(failed(2 + n / 10_000, 1, f"i{n}") for n in range(1000)))
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    work = pulse.courses[COURSE].work
    assert work is not None
    assert len(work.stuck) == MAX_STUCK


def test_between_two_ticks_of_the_facts_clock_a_word_from_earlier_ends_nothing_before_it_began() -> None:
    life = studying()
    said = life.tell(*(failed(2 + n / 100, n) for n in range(3)))
    (opening,) = opened(said, "L6")
    assert life.fold(life.rows, Moment(wrote(1.9, "learner"), day(1.9), ALONE, "pulses")) == []
    said = life.fold(life.rows, Moment(passed(1.95), day(1.95), ALONE, "pulses"))
    (end,) = (fact for fact in said if isinstance(fact, EpisodeClosed))
    assert (end.at, end.days, end.reason) == (opening.at, 0, "recovered")


def test_the_last_items_passed_are_known_those_by_an_earlier_release_too() -> None:
    life = studying()
    life.tell(*(passed(1 + n / 100, f"q{n}") for n in range(MAX_PASSED + 1)))
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    course = pulse.courses[COURSE]
    work = course.work
    assert work is not None
    assert [work.knows_passed(f"q{n}") for n in (0, 1, MAX_PASSED)] == [False, True, True]
    earlier = changed(course, work=changed(work, passes="", passed=("quiz1",)))
    life.rows.put(changed(pulse, courses={COURSE: earlier}), ANA)
    assert told(life.tell(*(failed(2 + n / 100) for n in range(4)))) == []
