"""L7: a poor grade, beside a line, the cohort or the learner's own grades before: the mentor hears at once."""

import pytest

from nudging.course_rows import MAX_GRADES
from nudging.reference_rows import CohortRow
from tests.nudging.life import (
    ANA,
    COURSE,
    MENTOR,
    OPERATOR,
    Life,
    active,
    alone,
    closed,
    figures,
    graded,
    in_any_order,
    joined,
    late,
    left,
    matched,
    met,
    opened,
    told,
)

ALONE = alone("L7")


def studying() -> Life:
    life = Life(ALONE)
    life.tell(joined(0), active(0.1), matched(0), met(0.2))
    return life


def of_others(item: str, score: int, count: int) -> list[object]:
    return [graded(1, item, score, f"ou:l{n}") for n in range(count)]


@pytest.mark.parametrize(("score", "hears"), [(699, [("L7", 1, MENTOR)]), (700, []), (701, [])])
def test_below_seventy_percent_the_mentor_hears_at_once(score: int, hears: list[object]) -> None:
    assert told(studying().tell(graded(2, "a", score))) == hears


def test_without_a_mentor_the_operator_hears() -> None:
    life = Life(ALONE)
    life.tell(joined(0), active(0.1))
    assert told(life.tell(graded(2, "a", 400))) == [("L7", 1, OPERATOR)]


@pytest.mark.parametrize(("score", "hears"), [(714, True), (716, False)])
def test_a_quarter_below_a_cohort_of_ten_the_mentor_hears(score: int, hears: bool) -> None:
    """Nine others at 980 and this one: the mean is near 953, a quarter below it near 715."""
    life = studying()
    life.tell(*of_others("a", 980, 9))  # type: ignore[arg-type]
    said = life.tell(graded(2, "a", score))
    assert (told(said) == [("L7", 1, MENTOR)]) is hears
    if hears:
        told_of = figures(said, "L7")
        assert (told_of["cohort_learners"], told_of["below"]) == (10, "cohort")


def test_a_cohort_of_nine_says_nothing_and_that_is_said() -> None:
    life = studying()
    life.tell(*of_others("a", 980, 8))  # type: ignore[arg-type]
    assert told(life.tell(graded(2, "a", 714))) == []
    told_of = figures(life.tell(graded(2.1, "b", 600)), "L7")
    assert told_of["cohort_mean_permille"] == "too few learners, own history alone"
    assert told_of["cohort_learners"] == 1


@pytest.mark.parametrize(("third", "hears"), [(801, False), (800, True), (799, True)])
def test_the_third_of_a_falling_row_that_lost_a_tenth(third: int, hears: bool) -> None:
    life = studying()
    life.tell(graded(2, "a", 900), graded(3, "b", 850))
    said = life.tell(graded(4, "c", third))
    assert (told(said) == [("L7", 1, MENTOR)]) is hears


def test_a_row_that_rises_once_is_not_falling() -> None:
    life = studying()
    life.tell(graded(2, "a", 950), graded(3, "b", 800))
    assert told(life.tell(graded(4, "c", 810))) == []


def test_the_next_grade_above_the_line_ends_it() -> None:
    life = studying()
    life.tell(graded(2, "a", 500))
    assert closed(life.tell(graded(9, "b", 500)), "L7") == []
    assert closed(life.tell(graded(12, "c", 900)), "L7") == ["recovered"]


def test_a_better_mark_for_the_same_work_ends_it() -> None:
    life = studying()
    life.tell(graded(2, "a", 500))
    assert closed(life.tell(graded(3, "a", 800)), "L7") == ["recovered"]


def test_it_is_let_go_after_four_weeks() -> None:
    life = studying()
    life.tell(graded(2, "a", 500))
    assert closed(life.live(29.9), "L7") == []
    assert closed(life.live(30.1), "L7") == ["expired"]


def test_who_leaves_ends_it() -> None:
    life = studying()
    life.tell(graded(2, "a", 500))
    assert closed(life.tell(left(3)), "L7") == ["withdrew"]


def test_a_late_grade_of_older_work_judges_nothing_anew() -> None:
    life = studying()
    life.tell(graded(4, "b", 900))
    assert told(life.tell(late(graded(2, "a", 300), 5))) == []


def test_the_same_grade_twice_counts_once_in_the_cohort() -> None:
    life = studying()
    one = graded(2, "a", 900)
    life.tell(one, one, late(one, 3))
    cohort = life.rows.find(CohortRow, COURSE)
    assert cohort is not None
    assert cohort.scores == {"a": (1, 900)}
    life.tell(graded(4, "a", 700))
    again = life.rows.find(CohortRow, COURSE)
    assert again is not None
    assert again.scores == {"a": (1, 700)}


def test_grades_in_any_order_decide_the_same() -> None:
    before = [joined(0), active(0.1), matched(0), met(0.2)]
    facts = [graded(2, "a", 900), graded(3, "b", 850), graded(4, "c", 500)]
    for told_of, episodes, _ in in_any_order(ALONE, before, facts, 5):
        assert told_of == [("L7", 1, MENTOR)]
        assert episodes == [f"L7/{COURSE}"]


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying()
    life.tell(graded(2, "a", 900), graded(3, "b", 850))
    assert told(life.restarted().tell(graded(4, "c", 700))) == [("L7", 1, MENTOR)]


def test_the_evidence_is_the_grade() -> None:
    bad = graded(2, "a", 500)
    assert opened(studying().tell(bad), "L7")[0].evidence == (bad.id,)
    assert bad.learner == ANA  # type: ignore[attr-defined]


def test_a_poor_grade_after_one_that_was_let_go_is_told_of_again() -> None:
    life = studying()
    assert told(life.tell(graded(3, "a", 400))) == [("L7", 1, MENTOR)]
    assert closed(life.live(60), "L7") == ["expired"]
    assert told(life.tell(graded(60, "b", 300))) == [("L7", 1, MENTOR)]
    assert told(life.tell(graded(61, "c", 300))) == []


def test_work_of_long_ago_graded_anew_counts_once_in_the_cohort() -> None:
    """As where a whole cohort is moderated at the end of the term."""
    life = studying()
    life.tell(*(graded(2 + n, f"t{n}", 900) for n in range(MAX_GRADES + 2)), graded(50, "t0", 800))
    life.tell(graded(51, "t0", 850))
    cohort = life.rows.find(CohortRow, COURSE)
    assert cohort is not None
    assert cohort.scores["t0"] == (1, 900)  # as it was
