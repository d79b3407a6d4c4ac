"""Knobs at the ends of their ranges, and in pairs: nothing absurd follows, and nothing that contradicts another."""

from typing import Any

import pytest
from pydantic import ValidationError

from nudging.needs import band_of
from schemas.advice import EpisodeClosed, EpisodeOpened
from schemas.fact import Fact
from schemas.policy import Policy, ProgrammePolicy
from schemas.pool_policy import PoolPolicy
from schemas.pulse_policy import PulsePolicy
from schemas.risk_policy import RiskPolicy
from schemas.study import CheckinAnswered, QuestionAsked
from tests.memory import only
from tests.nudging import mentor
from tests.nudging.life import (
    ANA,
    COURSE,
    MENTOR,
    OPERATOR,
    POLICY,
    Life,
    active,
    allowed,
    alone,
    day,
    deadline,
    failed,
    graded,
    joined,
    late,
    made,
    matched,
    met,
    submitted,
    told,
)

MISSED = [("L5", 1, ANA), ("L5", 1, OPERATOR)]


def test_misses_weeks_apart_are_told_to_the_learner_each_time_and_from_the_third_to_the_operator_too() -> (
    None
):
    life = Life(alone("L5"), every=12)
    life.tell(joined(0), active(0.1), *(deadline(n, f"t{n}") for n in (1, 21, 41, 61)))
    run = [("L5", 2, OPERATOR)]
    assert told(life.live(80)) == [*MISSED, *MISSED, *MISSED, *run, *MISSED, *run]


def test_a_pair_that_may_be_silent_for_longer_than_is_too_late_is_spoken_of_all_the_same() -> None:
    life = Life(alone("M4", stalled_days=60), every=24)
    life.tell(joined(0), matched(0), met(1))
    assert told(life.live(62)) == [("M4", 1, ANA), ("M4", 1, MENTOR)]


def test_what_is_too_late_counts_from_when_it_should_have_opened() -> None:
    life = Life(alone("L2", too_late_days=1), every=12)
    life.tell(joined(0), active(1))
    assert told(life.live(9))[:1] == [("L2", 1, ANA)]


def test_who_hears_of_dates_months_ahead_is_reminded_of_one_told_late() -> None:
    life = Life(alone("L4", due_first_days=90), every=12)
    life.tell(joined(0), active(0.1))
    life.live(80)
    life.tell(deadline(90, told=80))
    assert told(life.live(90)) == [("L4", 1, ANA), ("L4", 2, ANA)]


@pytest.mark.parametrize("knobs", [{"storm_permille": 1}, {"storm_least": 1}], ids=str)
def test_one_alone_is_no_storm(knobs: dict[str, int]) -> None:
    life = Life(alone("L2", **knobs), every=24)
    life.tell(joined(0), active(1))
    others = [f"ou:{n}" for n in range(0 if "storm_least" in knobs else 20)]
    life.tell(*(joined(0, name) for name in others), *(active(1, name) for name in others))
    said = life.tell(*(active(5, name) for name in others)) + life.live(9.5)
    assert told(said) == [("L2", 1, ANA)]


def test_what_is_as_usual_is_no_dip() -> None:
    life = Life(alone("L3", dip_own_permille=0, dip_cohort_permille=0, cohort_least=2), every=24)
    both = [f for name in (ANA, "ou:b") for f in [joined(0, name), *(active(w, name) for w in weeks(6))]]
    said = life.tell(*sorted(both, key=lambda fact: fact.at))
    assert told(said + life.live(44)) == []


def weeks(many: int) -> list[int]:
    return [7 * week + at for week in range(many) for at in (0, 2, 4)]


def test_full_marks_are_not_below_a_cohort_of_full_marks() -> None:
    knobs = {"struggle_cohort_permille": 0, "cohort_least": 2, "struggle_below_permille": 0}
    life = Life(alone("L7", **knobs))
    assert told(life.tell(joined(0), graded(2, "q", 1000, "ou:b"), graded(2.1, "q", 1000))) == []
    assert told(life.tell(graded(3, "r", 1000, "ou:b"), graded(3.1, "r", 999))) == [("L7", 1, OPERATOR)]


@pytest.mark.parametrize("hours", [1, 24, 671])
def test_a_hard_check_in_told_late_reaches_the_mentor_first(hours: int) -> None:
    life = Life(alone("L11", support_operator_hours=hours), every=1)
    life.tell(joined(0), active(0.1), matched(0), allowed(0))
    life.live(3)
    hard = made(CheckinAnswered, day(1.5), learner=ANA, domain="health", level=5)
    assert told(life.tell(late(hard, 3))) == [("L11", 1, MENTOR)]
    # of what is told a day and a half late no more is heard where the rung comes as late as that before it is let go
    after = told(life.live(3.1 + hours / 24))
    assert after == ([("L11", 2, OPERATOR)] if hours < 671 else [])


@pytest.mark.parametrize("hours", [1, 48])
def test_who_is_stuck_hears_before_the_mentor_however_late_it_is_told(hours: int) -> None:
    life = Life(alone("L6", stuck_mentor_hours=hours), every=1)
    life.tell(joined(0), active(0.1), matched(0))
    life.live(4)
    tries = [late(failed(1 + n / 24, n), 4) for n in range(3)]
    assert told(life.tell(*tries)) == [("L6", 1, ANA)]
    assert told(life.live(4.1 + hours / 24)) == [("L6", 2, MENTOR)]


def test_a_mentor_of_learners_who_offers_no_hours_bears_too_much_whatever_the_line() -> None:
    life = Life(alone("M5", overload_permille=2000), every=24)
    assert told(life.tell(mentor.loaded(0, 300, offered=0))) == [("M5", 1, OPERATOR)]


@pytest.mark.parametrize(
    "name",
    ["silence_watch_days", "stuck_mentor_hours", "support_operator_hours", "stalled_days", "too_late_days"],
)
def test_nought_of_what_must_pass_first_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        PulsePolicy(**{name: 0})  # type: ignore[arg-type]


LET_GO = [
    ("stuck_mentor_hours", 7 * 24, "stuck_quiet_days"),
    ("unanswered_operator_hours", 14 * 24, "unanswered_keep_days"),
    ("support_operator_hours", 28 * 24, "support_keep_days"),
    ("plan_after_days", 7, "plan_keep_days"),
    ("digital_unopened_days", 14, "digital_keep_days"),
    ("start_mentor_days", 120, "forgotten_after_days"),
    ("silence_operator_days", 120, "forgotten_after_days"),
]


@pytest.mark.parametrize(("rung", "at", "let_go"), LET_GO, ids=[rung for rung, _, _ in LET_GO])
def test_a_rung_that_what_it_is_about_does_not_live_to_is_refused(rung: str, at: int, let_go: str) -> None:
    with pytest.raises(ValidationError, match=f"{let_go} must be more than {rung}"):
        PulsePolicy(**{rung: at})  # type: ignore[arg-type]
    PulsePolicy(**{rung: at - 1})  # type: ignore[arg-type]


def test_a_proposal_lives_to_be_spoken_of_twice_where_any_programme_asks() -> None:
    late = PulsePolicy(accept_last_hours=72)
    Policy(pulse=late)
    for asks in (
        {"pool": PoolPolicy(auto_confirm=False)},
        {"programmes": {"P": ProgrammePolicy(auto_confirm=False)}},
    ):
        with pytest.raises(
            ValidationError, match=r"answer_hours .72. must be more than pulse.accept_last_hours"
        ):
            Policy(pulse=late, **asks)  # type: ignore[arg-type]


def test_the_operator_hears_of_a_run_of_misses_that_are_kept_for_the_least_time() -> None:
    life = Life(alone("L5", missed_keep_days=2), every=12)
    life.tell(joined(0), active(0.1), *(deadline(n, f"t{n}") for n in (1, 2, 3)))
    assert ("L5", 2, OPERATOR) in told(life.live(6))


def test_the_operator_hears_of_a_question_an_hour_before_it_is_let_go() -> None:
    life = Life(alone("L8", unanswered_operator_hours=14 * 24 - 1), every=1)
    life.tell(joined(0), made(QuestionAsked, day(1), learner=ANA, course=COURSE, thread="t"))
    assert told(life.live(16))[-1:] == [("L8", 2, OPERATOR)]


def test_a_need_that_could_never_fall_is_refused() -> None:
    with pytest.raises(ValidationError, match="no need would ever fall"):
        RiskPolicy(falls_permille=500)
    known = RiskPolicy(falls_permille=499)
    assert band_of(0, "urgent", known) == "low"


CLIMBS = ("_days", "_hours")  # these must rise from rung to rung, and are left as they are


def at_the_end(which: int) -> dict[str, Any]:
    """Each knob that stands alone at its least (0) or its most (1)."""
    knobs: dict[str, Any] = {}
    for name, field in PulsePolicy.model_fields.items():
        ends = {type(m).__name__.lower(): m for m in field.metadata}
        if field.annotation is int and not name.endswith(CLIMBS) and {"ge", "le"} <= ends.keys():
            knobs[name] = (ends["ge"].ge, ends["le"].le)[which]
    return knobs


@pytest.mark.parametrize("which", [0, 1], ids=["least", "most"])
def test_with_all_at_one_end_a_life_goes_on_and_each_end_follows_a_beginning(which: int) -> None:
    knobs = at_the_end(which)
    assert len(knobs) > 12
    life = Life(POLICY.model_copy(update={"pulse": PulsePolicy(**knobs)}), every=24)
    facts: list[Fact] = [
        joined(0), matched(0), allowed(0), met(2), mentor.loaded(0, 900), mentor.away(20, 40),
        *(active(at) for at in weeks(3)), *(failed(30 + n) for n in range(3)),
        *(deadline(n, f"t{n}") for n in (10, 25, 30)), submitted(9, "t10"),
        *(graded(n, f"t{n}", 900 - 20 * n) for n in (12, 13, 14)),
    ]  # fmt: skip
    said = life.tell(*sorted(facts, key=lambda fact: fact.at)) + life.live(75)
    opened = {fact.episode for fact in only(said, EpisodeOpened)}  # type: ignore[attr-defined]
    assert opened >= {fact.episode for fact in only(said, EpisodeClosed)}  # type: ignore[attr-defined]
    assert {fact.signal for fact in only(said, EpisodeOpened)} >= {"L2", "L4", "L5"}  # type: ignore[attr-defined]
