"""Risk: a few named features of the pulse, weighed in integers; who is at risk reaches a mentor first."""

import pytest

from nudging.needs import band_of
from nudging.pulse_rows import PulseRow
from nudging.risk import FEATURES, days_within, features, weigh
from nudging.sight import Sight
from schemas.activity import BreakDeclared
from schemas.advice import AdviceGiven
from schemas.learners import NeedsChanged
from schemas.policy import Policy
from schemas.risk_policy import RiskPolicy, RiskWeights
from tests.memory import only
from tests.nudging.life import (
    ANA,
    COURSE,
    MENTOR,
    POLICY,
    Life,
    active,
    alone,
    day,
    deadline,
    figures,
    graded,
    heard,
    joined,
    left,
    made,
    matched,
    submitted,
    told,
)

NOTHING = dict.fromkeys(FEATURES, 0)


def weighed(*signals: str, **risk: object) -> Policy:
    """Only these signals, and risk on."""
    return alone(*signals).model_copy(update={"risk": RiskPolicy(**risk)})  # type: ignore[arg-type]


def lived(days: float, *facts: object, policy: Policy = POLICY) -> Life:
    life = Life(policy)
    life.tell(joined(0), matched(0), *facts)  # type: ignore[arg-type]
    life.live(days)
    return life


def shares(life: Life, days: float) -> dict[str, int]:
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    found = features(
        Sight(life.rows, pulse, life.policy.pulse, day(days), day(days)), COURSE, pulse.courses[COURSE]
    )
    assert found is not None
    return dict(zip(FEATURES, found, strict=True))


def needs(said: list[object]) -> list[str]:
    return [fact.band for fact in said if isinstance(fact, NeedsChanged)]


# --- features ------------------------------------------------------------------------------


def test_missed_is_the_share_of_deadlines_past_and_late_that_of_work_handed_in_after_its_grace() -> None:
    dates = [deadline(2, f"t{n}") for n in range(4)]
    life = lived(10, *dates, submitted(1.5, "t0"), submitted(3, "t1"))
    assert {name: shares(life, 10)[name] for name in ("missed", "late")} == {"missed": 500, "late": 250}


def test_what_is_optional_is_neither_missed_nor_late() -> None:
    own = [deadline(2, "extra", required=False), deadline(2, "practice", graded=False)]
    life = lived(10, deadline(2, "t"), submitted(1, "t"), *own, submitted(6, "practice"))
    assert {name: shares(life, 10)[name] for name in ("missed", "late")} == {"missed": 0, "late": 0}


def test_only_the_last_twelve_deadlines_count() -> None:
    dates = [deadline(n, f"t{n}") for n in range(1, 15)]
    assert shares(lived(20, *dates, *(submitted(0.9, f"t{n}") for n in range(3, 15))), 20)["missed"] == 0


def test_what_was_handed_in_months_ago_is_not_missed_and_what_was_not_is() -> None:
    life = Life(every=24)
    life.tell(joined(0), active(0.1), *(deadline(14 * n, f"t{n}") for n in range(1, 11)))
    for n in range(1, 11):
        life.live(14 * n - 1)
        life.tell(active(14 * n - 1), *([submitted(14 * n - 1, f"t{n}")] if n > 2 else []))
    life.live(141)
    assert shares(life, 141)["missed"] == 200


def test_what_is_not_due_yet_is_not_missed() -> None:
    assert shares(lived(2, deadline(4)), 3.9)["missed"] == 0


@pytest.mark.parametrize(("days", "silent"), [(1, 0), (8, 500), (15, 1000), (60, 1000)])
def test_silence_counts_whole_days_up_to_fourteen(days: int, silent: int) -> None:
    assert shares(lived(1, active(1)), days)["silent"] == silent


def test_absent_is_the_share_of_days_not_here_since_the_start_or_of_four_weeks() -> None:
    life = lived(10, *(active(n) for n in range(6)))
    assert shares(life, 10)["absent"] == 500
    assert shares(life, 33)["absent"] == 1000


def test_grades_are_measured_from_a_usual_score_and_none_says_nothing() -> None:
    assert shares(lived(1), 1)["grades"] == 0
    assert shares(lived(5, graded(2, "q1", 500), graded(3, "q2", 600)), 5)["grades"] == 200
    assert shares(lived(5, graded(2, "q1", 950)), 5)["grades"] == -200


def test_a_slow_start_counts_and_an_early_one_counts_against() -> None:
    assert shares(lived(9, active(7)), 9)["slow_start"] == 500
    life = Life()
    life.tell(joined(0, starts_at=day(7)), active(0))
    life.live(8)
    assert shares(life, 8)["slow_start"] == -500


# --- a declared break is held against nobody ---


def rest(declared: float, begins: float, ends: float) -> object:
    return made(
        BreakDeclared, day(declared), learner=ANA, course=COURSE, begins_at=day(begins), ends_at=day(ends)
    )


def test_days_of_a_declared_break_are_not_absent() -> None:
    life = lived(28, *(active(n) for n in range(10)), rest(9, 10, 24))
    assert shares(life, 23)["absent"] == 0
    # of the days 1 to 27 the fifteen that the break touches are left out; of the others 25 to 27 were missed
    assert shares(life, 27.2)["absent"] == 1000 * 3 // 12
    assert shares(life, 9.2)["absent"] == 0  # the break to come changes nothing yet


def test_the_first_days_after_a_long_break_say_little() -> None:
    life = lived(60, *(active(n) for n in range(10)), rest(9, 10, 58))
    assert [shares(life, days)["absent"] for days in (57.5, 58.5, 60.5)] == [0, 142, 428]


def test_who_was_away_before_the_break_was_away() -> None:
    life = lived(20, active(5), rest(10, 10, 20))
    assert shares(life, 19.2)["absent"] == 1000 * 8 // 9  # of the days 1 to 9


def test_what_falls_due_in_a_declared_break_is_not_missed() -> None:
    dates = [deadline(5, "before"), deadline(12, "within"), deadline(30, "after")]
    life = lived(31, *dates, submitted(4, "before"), active(9), rest(9, 10, 24))
    assert (shares(life, 23)["missed"], shares(life, 33)["missed"]) == (0, 500)


def test_no_need_is_told_in_a_declared_break_and_the_one_that_was_told_stays() -> None:
    life = lived(1, active(0.5), deadline(2))
    assert needs(life.live(12))  # type: ignore[arg-type]
    before = life.rows.find(PulseRow, ANA)
    said = life.tell(rest(12.5, 12.5, 40)) + life.live(39)  # type: ignore[arg-type]
    after = life.rows.find(PulseRow, ANA)
    assert before is not None
    assert after is not None
    assert (needs(said), after.needs) == ([], before.needs)  # type: ignore[arg-type]


def test_a_need_that_came_before_a_break_is_told_after_it() -> None:
    dates = [deadline(n, f"t{n}") for n in (1, 2, 3, 4)]
    life = lived(1, active(0.5), *dates, rest(1, 4.5, 30))
    said = life.live(29.9)
    assert all(fact.at < day(4.5) for fact in only(said, NeedsChanged))
    assert needs(life.live(60))  # type: ignore[arg-type]


def test_before_the_course_begins_there_is_no_risk() -> None:
    life = Life()
    life.tell(joined(0, starts_at=day(9)))
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert (
        features(Sight(life.rows, pulse, POLICY.pulse, day(3), day(3)), COURSE, pulse.courses[COURSE]) is None
    )


def test_active_days_are_counted_within_the_window_whatever_day_was_last() -> None:
    last = day(10).toordinal() - 1
    assert days_within((last, 0b1011), day(10), 3) == 2
    assert days_within((last, 0b1011), day(12), 4) == 2
    assert days_within((last, 0b1011), day(40), 28) == 0
    assert days_within((last, 0b1011), day(9), 3) == 2  # a day ahead of the horizon is not counted


# --- weighing ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "permille"), [(0, 500), (-2197, 100), (2197, 900), (-20_000, 0), (20_000, 1000)]
)
def test_the_chance_is_that_of_the_log_odds(base: int, permille: int) -> None:
    none = RiskWeights(**NOTHING)
    assert weigh((0,) * len(FEATURES), RiskPolicy(base=base, weights=none)).permille == permille


def test_each_feature_says_what_it_adds_and_the_most_come_first_as_evidence() -> None:
    policy = RiskPolicy(
        base=0, weights=RiskWeights(**{**NOTHING, "missed": 1000, "silent": 2000, "late": -10})
    )
    risk = weigh((1000, 1000, 500, 0, 0, 0), policy)
    assert dict(risk.parts)["silent"] == 1000
    assert dict(risk.figures) == {"risk_permille": 880, "risk_from": "missed +1000, silent +1000"}


# --- who hears -----------------------------------------------------------------------------


def test_a_mentor_hears_of_a_weak_signal_only_from_the_line_on() -> None:
    policy = weighed("L7", mentor_permille=990)
    life = lived(2, *(active(n / 2) for n in range(4)), policy=policy)
    assert told(life.tell(graded(2.5, "q1", 600)), "L7") == []


def test_a_rung_that_waited_is_told_once_risk_has_risen() -> None:
    policy = weighed("L7")
    life = lived(3, *(active(n) for n in (0, 1, 2, 3)), policy=policy)
    assert told(life.tell(graded(3.1, "q1", 690)), "L7") == []
    life.tell(deadline(5))
    said = life.live(14)
    assert told(said, "L7") == [("L7", 1, MENTOR)]
    assert figures(said, "L7")["risk_permille"] >= 500  # type: ignore[operator]


def test_told_once_it_is_not_told_again() -> None:
    life = lived(2, active(0.5), deadline(1), policy=weighed("L7"))
    said = life.tell(graded(3, "q1", 100)) + life.live(20)
    assert told(said, "L7") == [("L7", 1, MENTOR)]


def test_the_learner_hears_whatever_the_risk() -> None:
    life = lived(
        1, *(active(n / 4) for n in range(4)), deadline(2), policy=weighed("L5", mentor_permille=1000)
    )
    assert told(life.live(3), "L5") == [("L5", 1, ANA)]


def test_what_a_mentor_hears_first_is_who_is_likelier_lost() -> None:
    def priority(score: int) -> int:
        life = lived(2, active(0.5), deadline(1), policy=weighed("L7"))
        said = life.tell(graded(2.1, "q1", score))
        return next(f.priority for f in said if isinstance(f, AdviceGiven) and f.recipient == MENTOR)

    assert 35 < priority(600) < priority(100) <= 76


def test_where_risk_is_off_the_mentor_hears_of_every_rung_and_needs_never_change() -> None:
    life = lived(2, active(1.9), policy=alone("L7"))
    said = life.tell(graded(2.5, "q1", 690)) + life.live(30)
    assert told(said, "L7") == [("L7", 1, MENTOR)]
    assert only(said, NeedsChanged) == []


# --- needs ---------------------------------------------------------------------------------


def test_the_pool_hears_when_risk_crosses_a_line_and_of_what() -> None:
    life = lived(1, active(0.5), deadline(2))
    said = life.live(20)
    found = only(said, NeedsChanged)
    assert needs(said)[-1] == "urgent"  # type: ignore[arg-type]
    assert (found[0].pool, found[0].learner) == ("P", ANA)  # type: ignore[attr-defined]
    assert "L5" in found[-1].signals  # type: ignore[attr-defined]


def test_a_need_that_does_not_change_is_not_told_again() -> None:
    life = lived(30, active(0.5), deadline(2))
    assert needs(life.live(60)) == []  # type: ignore[arg-type]


def test_a_platform_that_fell_silent_as_a_whole_puts_nobody_at_risk() -> None:
    life = lived(5, *(active(n / 2) for n in range(9)), policy=weighed("L7"))
    life.hear = False
    life.tell(heard(5, last=5))
    said = life.tell(heard(25, last=5), graded(25.1, "q1", 690)) + life.live(26)
    assert needs(said) == []  # type: ignore[arg-type]
    assert told(said, "L7") == []


def test_a_learner_who_is_well_needs_nothing() -> None:
    life = Life()
    said = life.tell(joined(0), *(active(n / 2) for n in range(40)))
    assert needs(said + life.live(20)) == []  # type: ignore[arg-type]


def test_a_need_falls_only_well_below_its_line() -> None:
    policy = RiskPolicy()
    assert [band_of(risk, "high", policy) for risk in (720, 650, 599, 450, 100)] == [
        "high", "high", "raised", "raised", "low",
    ]  # fmt: skip
    assert [band_of(risk, "low", policy) for risk in (499, 500, 700, 850)] == [
        "low",
        "raised",
        "high",
        "urgent",
    ]


def test_facts_told_twice_and_a_restart_change_no_need() -> None:
    life = lived(10, active(0.5), deadline(2))
    again = life.restarted()
    facts = [active(0.5), deadline(2), heard(10)]
    assert needs(again.tell(*facts) + again.live(20)) == needs(life.live(20))  # type: ignore[arg-type]


def test_what_one_break_excused_stays_excused_after_the_next_is_declared() -> None:
    dates = [deadline(5, "before"), deadline(12, "within"), deadline(30, "after")]
    life = lived(31, *dates, submitted(4, "before"), active(9), rest(9, 10, 24), rest(28, 60, 70))
    assert shares(life, 33)["missed"] == 500
    # of the days 1 to 27 the fifteen that the first break touches are left out; on two of the others she was here
    assert shares(life, 27.2)["absent"] == 1000 * 10 // 12


def test_after_the_end_of_a_course_nobody_need_be_there() -> None:
    """The word that it was passed may come weeks later; what was silent at the end stays so."""
    life = Life(every=24)
    life.tell(joined(0, ends_at=day(60)), *(active(n) for n in range(1, 60)))
    assert needs(life.live(100)) == []  # type: ignore[arg-type]
    assert {name: shares(life, 100)[name] for name in ("silent", "absent")} == {"silent": 71, "absent": 35}
    life = lived(100, active(20))
    life.tell(joined(21, ends_at=day(60)))
    assert {name: shares(life, 100)[name] for name in ("silent", "absent")} == {
        "silent": 1000,
        "absent": 1000,
    }


def test_a_need_is_taken_back_when_the_course_is_over_so_the_pool_does_not_count_it_for_ever() -> None:
    life = lived(1, active(0.5), deadline(2))
    assert needs(life.live(20))[-1] == "urgent"  # type: ignore[arg-type]
    said = life.tell(left(21.5)) + life.live(30)
    assert [(fact.pool, fact.programme, fact.band) for fact in only(said, NeedsChanged)] == [
        ("P", "P", "low")
    ]  # type: ignore[attr-defined]


def test_needs_are_taken_back_when_risk_is_switched_off() -> None:
    life = lived(1, active(0.5), deadline(2))
    assert needs(life.live(20))[-1] == "urgent"  # type: ignore[arg-type]
    life.policy = life.policy.model_copy(update={"risk": life.policy.risk.model_copy(update={"on": False})})
    assert needs(life.live(40)) == ["low"]  # type: ignore[arg-type]
