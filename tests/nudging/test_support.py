"""L11: the learner says that something is very challenging: the mentor hears at once, at any hour."""

import pytest

from nudging.pulse_rows import PulseRow
from schemas.advice import AdviceGiven
from schemas.policy import Operator
from schemas.study import CheckinAnswered
from tests.memory import only
from tests.nudging.life import (
    ANA,
    MENTOR,
    NAMES,
    OPERATOR,
    Life,
    active,
    allowed,
    alone,
    closed,
    day,
    figures,
    joined,
    late,
    left,
    made,
    matched,
    met,
    opened,
    told,
    wrote,
)

ALONE = alone("L11")


def studying(*, may: bool = True) -> Life:
    life = Life(ALONE)
    life.tell(joined(0), active(0.1), matched(0), met(0.2), allowed(0.3, may))
    return life


def says(days: float, level: int, domain: str = "time") -> CheckinAnswered:
    return made(CheckinAnswered, day(days), learner=ANA, domain=domain, level=level)  # type: ignore[no-any-return]


@pytest.mark.parametrize(("level", "hears"), [(3, []), (4, []), (5, [("L11", 1, MENTOR)])])
def test_at_level_five_the_mentor_hears_at_once(level: int, hears: list[object]) -> None:
    assert told(studying().tell(says(2, level))) == hears


def test_it_is_critical_and_names_the_domain() -> None:
    said = studying().tell(says(2, 5, "money"))
    assert [f.critical for f in only(said, AdviceGiven)] == [True]  # type: ignore[attr-defined]
    assert figures(said, "L11")["domain"] == "money"


@pytest.mark.parametrize("first", ["check-in", "no"])
def test_what_was_said_in_check_ins_is_not_kept_of_who_says_no(first: str) -> None:
    life = studying()
    facts = [says(2, 5, "health"), allowed(3, False)]
    life.tell(*(facts if first == "check-in" else reversed(facts)))
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert pulse.checkins is None
    assert told(life.tell(allowed(4))) == []


def test_without_consent_nobody_looks() -> None:
    life = studying(may=False)
    assert told(life.tell(says(2, 5))) == []
    assert told(life.live(10)) == []


def test_consent_taken_back_ends_it() -> None:
    life = studying()
    life.tell(says(2, 5))
    assert closed(life.tell(allowed(2.5, yes=False)), "L11") == ["superseded"]


def test_after_a_day_without_a_word_of_the_mentor_the_operator_hears() -> None:
    life = studying()
    life.tell(says(2, 5))
    assert told(life.live(2.95)) == []
    assert told(life.live(3.1)) == [("L11", 2, OPERATOR)]


def test_a_word_of_the_mentor_keeps_it_from_the_operator() -> None:
    life = studying()
    life.tell(says(2, 5), wrote(2.5, "mentor"))
    assert told(life.live(10)) == []


def test_a_later_level_of_three_ends_it_and_four_does_not() -> None:
    life = studying()
    life.tell(says(2, 5))
    assert closed(life.tell(says(4, 4)), "L11") == []
    assert closed(life.tell(says(6, 3)), "L11") == ["recovered"]


def test_what_the_mentor_did_is_told_when_it_ends() -> None:
    life = studying()
    life.tell(says(2, 5), wrote(2.5, "mentor"))
    (end,) = [
        f for f in life.tell(says(6, 2)) if getattr(f, "reason", "") == "recovered" and hasattr(f, "acted")
    ]
    assert (end.told, end.acted, end.rungs, end.days_to_recover) == (("mentor",), ("learner", "mentor"), 1, 4)


def test_two_domains_are_two_episodes() -> None:
    life = studying()
    assert len(opened(life.tell(says(2, 5), says(2.1, 5, "money")), "L11")) == 2
    assert closed(life.tell(says(3, 1)), "L11") == ["recovered"]


def test_it_is_let_go_after_four_weeks() -> None:
    life = studying()
    life.tell(says(2, 5))
    assert closed(life.live(29.9), "L11") == []
    assert closed(life.live(30.1), "L11") == ["expired"]


def test_who_left_is_not_spoken_of() -> None:
    life = studying()
    life.tell(says(2, 5))
    assert len(closed(life.tell(left(3)), "L11")) == 1
    assert told(life.tell(says(4, 5, "money"))) == []


def test_said_twice_it_is_told_once() -> None:
    one = says(2, 5)
    assert told(studying().tell(one, one, late(one, 2.5))) == [("L11", 1, MENTOR)]


def test_a_hard_word_told_after_the_one_that_took_it_back_opens_nothing() -> None:
    life = studying()
    life.tell(says(3, 2))
    assert told(life.tell(late(says(2, 5), 3.1))) == []


def test_four_and_five_in_any_order_decide_the_same() -> None:
    one, other = studying(), studying()
    first = told(one.tell(late(says(2, 5), 3), late(says(2.5, 4), 3)))
    assert first == told(other.tell(late(says(2.5, 4), 3), late(says(2, 5), 3))) == [("L11", 1, MENTOR)]


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying()
    life.tell(says(2, 5))
    assert told(life.restarted().live(3.1)) == [("L11", 2, OPERATOR)]


def test_who_has_no_mentor_is_heard_by_whoever_answers_for_the_programme() -> None:
    only_p = ALONE.model_copy(update={"operators": (Operator(id=OPERATOR, programmes=("P",)),)})
    life = Life(only_p)
    life.tell(joined(0), active(0.1), allowed(0.3))
    said = life.tell(says(2, 5))
    assert told(said) == [("L11", 1, OPERATOR)]
    assert [f.programme for f in only(said, AdviceGiven)] == ["P"]  # type: ignore[attr-defined]


def test_check_ins_that_were_let_go_are_forgotten_and_told_again_they_open_nothing() -> None:
    life = studying()
    life.tell(says(2, 5), says(3, 1), says(4, 2, "money"), says(30, 1, "health"))
    life.live(45)
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert set(pulse.checkins or {}) == {"health"}
    assert told(life.tell(late(says(2, 5), 45)) + life.live(47)) == []


def test_a_word_of_the_mentor_before_counts_when_another_takes_over() -> None:
    life = studying()
    life.tell(says(2, 5), wrote(2.5, "mentor"))
    life.live(5)
    said = life.tell(matched(5, 2, "ended"), matched(5.1, 3).model_copy(update={"pair": NAMES}))
    assert told(said + life.live(10)) == []
