"""L3: a week of far fewer active days than usual, for this learner or for the cohort: the mentor hears.

Day 0 is a Monday.  A week is judged on the Tuesday after it.
"""

import pytest

from nudging.course_rows import Days
from nudging.days import begins, days_of, next_look, seen, week_of
from nudging.pulse_rows import PulseRow
from nudging.reference_rows import CohortRow
from schemas.activity import BreakDeclared
from schemas.fact import Fact
from tests.memory import START
from tests.nudging.life import (
    ANA,
    COURSE,
    MENTOR,
    Life,
    active,
    alone,
    closed,
    day,
    figures,
    in_any_order,
    joined,
    late,
    left,
    made,
    matched,
    met,
    opened,
    told,
)

ALONE = alone("L3", "L2")
FIRST = -7  # joined on the Monday before, so that day 0 begins a whole week


def week(number: int, days: int, learner: str = ANA) -> list[Fact]:
    """So many active days of a week, its last on the Saturday, so that silence is no matter."""
    return [active(7 * number + 5 - n, learner) for n in reversed(range(days))]


def studying(*weeks: int) -> Life:
    """A learner with these active days a week, told on the facts' days."""
    life = Life(ALONE, every=6)
    life.tell(joined(-0.5), matched(0), met(0))
    for number, days in enumerate(weeks):
        life.tell(*week(number, days))
    return life


def tuesday(weeks: int) -> float:
    """The evening of the Tuesday after so many weeks."""
    return 7 * weeks + 1.3


@pytest.mark.parametrize(("last", "hears"), [(3, []), (2, [("L3", 1, MENTOR)]), (1, [("L3", 1, MENTOR)])])
def test_at_half_of_the_own_median_the_mentor_hears(last: int, hears: list[object]) -> None:
    life = studying(4, 5, 4, last)
    assert told(life.live(tuesday(4)), "L3") == hears


def test_it_is_judged_on_the_tuesday_and_not_before() -> None:
    life = studying(4, 5, 4, 2)
    assert told(life.live(28.45), "L3") == []
    assert told(life.live(tuesday(4)), "L3") == [("L3", 1, MENTOR)]


def test_one_week_is_no_history_yet() -> None:
    assert told(studying(5, 1).live(tuesday(2)), "L3") == []
    assert told(studying(5, 5, 1).live(tuesday(3)), "L3") == [("L3", 1, MENTOR)]


def test_it_tells_the_figures_and_that_the_cohort_is_too_small() -> None:
    told_of = figures(studying(4, 5, 4, 2).live(tuesday(4)), "L3")
    assert (told_of["active_days"], told_of["own_median"], told_of["judged_by"]) == (2, "4", "own history")
    assert told_of["cohort_mean"] == "1 learners: too few, own history alone"
    assert told_of["cohort_learners"] == 1


def in_a_cohort(others: int, theirs: int, own: int) -> list[Fact]:
    """This learner's first judged week beside others'; no history of their own to speak of."""
    life = Life(ALONE, every=6)
    names = [f"ou:l{n}" for n in range(others)]
    life.tell(matched(0), met(0), joined(-0.5), *(joined(-0.5, name) for name in names))
    facts = week(1, own) + [fact for name in names for fact in week(1, theirs, name)]
    life.tell(active(0), *(active(0, name) for name in names))
    life.tell(*sorted(facts, key=lambda fact: fact.at))
    return [f for f in life.live(tuesday(2)) if getattr(f, "learner", ANA) == ANA]


@pytest.mark.parametrize(("own", "hears"), [(5, False), (4, False), (3, True)])
def test_a_fifth_below_a_cohort_of_ten_the_mentor_hears(own: int, hears: bool) -> None:
    """Nine others at 5 days: beside 4 the mean is 4.9 and the line 3.92; beside 3 it is 4.8 and 3.84."""
    said = in_a_cohort(9, 5, own)
    assert bool(told(said, "L3")) is hears
    if hears:
        told_of = figures(said, "L3")
        assert (told_of["cohort_mean"], told_of["cohort_learners"], told_of["judged_by"]) == (
            "4.8",
            10,
            "cohort",
        )


def test_a_cohort_of_nine_says_nothing() -> None:
    assert told(in_a_cohort(8, 5, 1), "L3") == []


def test_a_week_back_above_ends_it_well() -> None:
    life = studying(4, 5, 4, 2, 4)
    assert closed(life.live(tuesday(5)), "L3") == ["recovered"]


def test_a_second_low_week_goes_on_and_is_not_told_again() -> None:
    life = studying(6, 6, 6, 3)
    life.live(tuesday(4))
    life.tell(*week(4, 3))
    said = life.live(tuesday(5))
    assert (closed(said, "L3"), told(said, "L3")) == ([], [])


def test_a_whole_week_away_is_silence_and_no_dip() -> None:
    said = studying(4, 5, 4).live(tuesday(4))
    assert opened(said, "L3") == []
    assert opened(said, "L2") != []


def test_silence_supersedes_it() -> None:
    life = Life(ALONE, every=6)
    life.tell(joined(-0.5), matched(0), met(0), *week(0, 4), *week(1, 5), *week(2, 4), active(25))
    life.live(29.3)
    assert "L3/AAA" in (life.rows.find(PulseRow, ANA) or PulseRow()).episodes
    assert closed(life.live(31), "L3") == ["superseded"]
    life.tell(active(31.1))
    assert opened(life.live(33), "L3") == []


def test_a_break_is_no_dip() -> None:
    life = studying(4, 5, 4, 1)
    life.tell(made(BreakDeclared, day(27), learner=ANA, course=COURSE, begins_at=day(22), ends_at=day(28)))
    assert told(life.live(tuesday(4)), "L3") == []


def test_leaving_ends_it() -> None:
    life = studying(4, 5, 4, 2)
    life.live(tuesday(4))
    assert closed(life.tell(left(30)), "L3") == ["withdrew"]


def test_activity_told_late_but_before_the_judging_counts() -> None:
    life = studying(4, 5, 4, 2)
    life.tell(late(active(24), 28.4), late(active(23), 28.4))
    assert told(life.live(tuesday(4)), "L3") == []


def test_what_is_unheard_is_not_judged() -> None:
    life = studying(4, 5, 4, 2)
    life.hear = False
    assert told(life.live(tuesday(4)), "L3") == []
    life.hear = True
    assert told(life.live(30.9), "L3") == [("L3", 1, MENTOR)]  # at the Thursday's look


def test_told_twice_a_day_is_one_day_and_the_cohort_counts_it_once() -> None:
    life = studying(4, 4)
    life.tell(*(late(fact, 13) for fact in week(1, 4)))
    life.live(14.9)
    cohort = life.rows.find(CohortRow, COURSE)
    assert cohort is not None
    assert cohort.weeks == {str(week_of(START)): (1, 4), str(week_of(START) + 1): (1, 4)}


def test_days_told_late_mend_the_cohort() -> None:
    life = studying(4, 4)
    life.live(14.6)
    life.tell(late(active(8), 14.7))
    life.live(17)
    cohort = life.rows.find(CohortRow, COURSE)
    assert cohort is not None
    assert cohort.weeks[str(week_of(START) + 1)] == (1, 5)


def test_days_in_any_order_are_the_same_days() -> None:
    before = [joined(-0.5), matched(0), met(0)]
    assert len(in_any_order(ALONE, before, [active(1), active(2.5), active(4)], 5)) == 1


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying(4, 5, 4, 2)
    life.live(28.2)
    assert told(life.restarted().live(tuesday(4)), "L3") == [("L3", 1, MENTOR)]


def test_a_year_of_days_is_six_weeks_of_bits() -> None:
    days: Days | None = None
    for number in range(365):
        days = seen(days, day(number))
    assert days is not None
    assert days[1].bit_length() == 42
    assert days_of(days, week_of(day(364)) - 1) == 7


def test_looks_are_at_most_two_days_apart_and_one_is_on_each_monday_and_tuesday() -> None:
    at, looks = START, []
    for _ in range(40):
        after = next_look(at, ANA)
        looks.append((after - at).total_seconds() / 86_400)
        at = after
    assert min(looks) > 0
    assert max(looks) <= 2
    assert begins(week_of(START)).weekday() == 0
