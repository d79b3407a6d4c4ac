"""Weights are learned from what pulses saw and what came of it, and say how good they are on other courses."""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from nudging.risk import FEATURES
from schemas.activity import ActivitySeen
from schemas.fact import Fact
from schemas.learners import LearnerCompleted, LearnerEnrolled, LearnerWithdrew
from schemas.policy import Policy
from schemas.risk_policy import RiskPolicy
from schemas.study import CheckinAnswered
from streams import history
from streams.commands.learn import _judged, _samples
from streams.dialects.reading import event_id
from streams.learning import Sample, TooFew, auc, judged, learned, toml
from streams.past import of_topics, split
from streams.replay import event
from streams.settings import Settings
from tests.operators.conftest import Run, run
from tests.replay import ou

__all__ = ["run"]
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TRUE = RiskPolicy(base=-1000)


def world(learners: int, seed: int) -> list[Sample]:
    """Learners who leave with the chance that 2,000 points for missing, 1,000 for silence give."""
    chance, found = Random(seed), []
    for number in range(learners):
        missed, silent = chance.choice((0, 500, 1000)), chance.randint(0, 1000)
        odds = 2.718281828 ** (-1 + 2 * missed / 1000 + silent / 1000)
        bad = chance.random() < odds / (1 + odds)
        found.append(Sample(f"ou:{number}", (missed, 0, silent, 0, 0, 0), bad))
    return found


def test_the_weights_that_made_the_world_are_found() -> None:
    found = learned(world(4000, 1), "world", RiskPolicy())
    assert found.base == pytest.approx(-1000, abs=150)
    assert found.weights.missed == pytest.approx(2000, abs=200)
    assert found.weights.silent == pytest.approx(1000, abs=200)
    assert (found.weights.late, found.weights.absent, found.weights.grades, found.weights.slow_start) == (
        0,
        0,
        0,
        0,
    )


def test_the_same_past_teaches_the_same_to_the_digit() -> None:
    assert learned(world(300, 2), "world", RiskPolicy()) == learned(world(300, 2), "world", RiskPolicy())


def test_on_another_world_what_is_said_is_what_comes() -> None:
    report = judged(world(4000, 3), learned(world(4000, 1), "world", RiskPolicy()))
    assert report["auc"] > 0.7
    assert report["precision"]["top_10_percent"] > report["base_rate"]
    for row in report["calibration"]:
        if row["learners"] >= 200:
            assert row["came"] == pytest.approx(row["said"], abs=0.08)


def test_too_few_to_learn_from_are_refused_in_one_sentence() -> None:
    few = [Sample(f"ou:{n}", (0,) * len(FEATURES), n < 5) for n in range(100)]
    with pytest.raises(TooFew, match="5 learners who left or failed and 95 who did not"):
        learned(few, "few", RiskPolicy())


def test_a_learner_seen_often_is_one_learner() -> None:
    often = [Sample(f"ou:{n % 12}", (0,) * len(FEATURES), n % 2 == 0) for n in range(400)]
    with pytest.raises(TooFew):
        learned(often, "often", RiskPolicy())


def test_auc_counts_ties_by_half() -> None:
    assert auc([(1, True), (0, False)]) == 1.0
    assert auc([(1, True), (1, False)]) == 0.5
    assert auc([(1, True)]) is None


@pytest.mark.parametrize("name", ["world", 'the "great" \\ course', "Größe 🌍"])
def test_what_is_written_is_a_section_that_a_policy_takes(name: str) -> None:
    found = learned(world(500, 4), name, RiskPolicy())
    policy = Policy.model_validate({"version": "2", **tomllib.loads(toml(found))})
    assert (policy.risk.base, policy.risk.weights, policy.risk.model) == (found.base, found.weights, name)


# --- the past ------------------------------------------------------------------------------


def made(cls: type[Fact], day: float, learner: str, course: str | None, **fields: object) -> Fact:
    at = START + timedelta(days=day)
    id = event_id("ou", f"{cls.TYPE}/{learner}/{course}/{day}")
    return cls(id=id, at=at, seen_at=at, source="ou", programme="p", learner=learner, course=course, **fields)  # type: ignore[arg-type]


def test_the_topics_tell_which_courses_ended_when_and_who_left() -> None:
    ends = START + timedelta(days=90)
    facts = [
        made(LearnerEnrolled, -9, "a", "two", starts_at=START, ends_at=ends),
        made(LearnerEnrolled, -8, "b", "two", starts_at=START, ends_at=ends),
        made(LearnerEnrolled, -7, "c", "two", starts_at=START, ends_at=ends),
        made(LearnerEnrolled, 0, "a", "one"),
        made(LearnerWithdrew, 12, "b", "two"),
        made(LearnerCompleted, 80, "c", "two", outcome="failed"),
        made(LearnerCompleted, 60, "a", "one", outcome="passed"),
    ]
    one, two = of_topics(facts)
    assert (one.course, two.course) == ("one", "two")
    assert (one.ends_at, two.ends_at) == (START + timedelta(days=60), ends)
    assert [(f.learner, f.left, f.bad) for f in two.fates] == [
        ("a", None, False),
        ("b", 12, True),
        ("c", None, True),
    ]
    assert len(list(two.events(30))) == 4


def test_who_left_and_came_back_has_not_left() -> None:
    facts = [
        made(LearnerEnrolled, 0, "a", "one"),
        made(LearnerWithdrew, 3, "a", "one"),
        made(LearnerEnrolled, 5, "a", "one"),
    ]
    (term,) = of_topics(facts)
    assert [(f.left, f.bad) for f in term.fates] == [(None, False)]


def fates(*facts: Fact) -> list[tuple[int, int | None, bool]]:
    (term,) = of_topics(facts)
    return [(fate.joined, fate.left, fate.bad) for fate in term.fates]


def test_who_failed_and_enrols_again_has_failed_all_the_same() -> None:
    first, failed = (
        made(LearnerEnrolled, 0, "a", "one"),
        made(LearnerCompleted, 60, "a", "one", outcome="failed"),
    )
    assert fates(first, failed, made(LearnerEnrolled, 200, "a", "one")) == [
        (0, 200, True),
        (200, None, False),
    ]
    # an enrolment that is told again and again is one
    assert fates(first, made(LearnerEnrolled, 9, "a", "one"), failed) == [(0, None, True)]


def test_who_withdrew_and_was_passed_has_not_left() -> None:
    passed = made(LearnerCompleted, 60, "a", "one", outcome="passed")
    first = made(LearnerEnrolled, 0, "a", "one"), made(LearnerWithdrew, 10, "a", "one")
    assert fates(*first, passed) == [(0, None, False)]


@pytest.mark.parametrize(("outcome", "bad"), [("passed", False), ("failed", True)])
def test_whom_a_roster_loses_after_the_end_has_not_left(outcome: str, bad: bool) -> None:
    end = made(LearnerCompleted, 60, "a", "one", outcome=outcome)
    first, cleared = made(LearnerEnrolled, 0, "a", "one"), made(LearnerWithdrew, 70, "a", "one")
    assert fates(first, end, cleared) == [(0, None, bad)]
    again = made(LearnerEnrolled, 80, "a", "one"), made(LearnerWithdrew, 90, "a", "one")
    assert fates(first, end, cleared, *again) == [(0, 80, bad), (80, 90, True)]


def test_who_left_and_comes_back_long_after_or_to_a_later_term_had_left() -> None:
    first = made(LearnerEnrolled, 0, "a", "one"), made(LearnerWithdrew, 10, "a", "one")
    assert fates(*first, made(LearnerEnrolled, 60, "a", "one")) == [(0, 10, True), (60, None, False)]
    later = made(LearnerEnrolled, 20, "b", "one", starts_at=START + timedelta(days=30))
    begun = [made(LearnerEnrolled, 0, who, "one", starts_at=START) for who in "abc"]
    withdrew = made(LearnerWithdrew, 10, "b", "one")
    assert fates(*begun, withdrew, later) == [
        (0, None, False),
        (0, 10, True),
        (0, None, False),
        (20, None, False),
    ]


def test_who_withdraws_and_enrols_again_before_the_course_begins_takes_it_once() -> None:
    begin = {"starts_at": START.replace(hour=0)}
    facts = [made(LearnerEnrolled, day, "a", "one", **begin) for day in (-20, -10)]
    assert fates(facts[0], made(LearnerWithdrew, -15, "a", "one"), facts[1]) == [(-20, None, False)]


def test_one_wrong_clock_or_date_moves_a_term_for_nobody() -> None:
    ends, wrong = START + timedelta(days=90), START - timedelta(days=9000)
    facts = [
        *(made(LearnerEnrolled, -9, who, "one", starts_at=START, ends_at=ends) for who in "abc"),
        made(LearnerEnrolled, -8, "d", "one", starts_at=wrong, ends_at=START + timedelta(days=40_000)),
        made(LearnerEnrolled, -9000, "e", "one"),
    ]
    (term,) = of_topics(sorted(facts, key=lambda fact: fact.at))
    assert (term.starts_at.date(), term.ends_at) == (START.date(), ends)
    assert [fact.at for fact in term.events(56)] == [START - timedelta(days=9)] * 3 + [
        START - timedelta(days=8)
    ]


@pytest.mark.parametrize("told", [True, False], ids=["ends told", "ends not told"])
def test_a_course_that_is_run_again_under_its_id_has_two_terms(told: bool) -> None:
    """One that failed comes again, two come for the first time; a start that one alone tells is no run."""
    year = 364

    def enrolled(day: int, who: str) -> Fact:
        begin = START + timedelta(days=0 if day < 100 else year)
        ends = {"ends_at": begin + timedelta(days=90)} if told else {}
        return made(LearnerEnrolled, day, who, "one", starts_at=begin, **ends)

    facts = [
        *(enrolled(-9, f"old-{n}") for n in range(12)),
        made(LearnerEnrolled, -8, "odd", "one", starts_at=START + timedelta(days=3000)),
        made(LearnerWithdrew, 20, "old-1", "one"),
        made(LearnerCompleted, 90, "old-0", "one", outcome="failed"),
        *(enrolled(year - 9, f"new-{n}") for n in range(12)),
        enrolled(year - 8, "old-0"),
        made(LearnerEnrolled, year, "late", "one"),
        made(LearnerWithdrew, year + 30, "new-1", "one"),
        made(LearnerCompleted, year + 90, "new-2", "one", outcome="passed"),
    ]
    first, second = of_topics(facts)
    assert (first.title, second.title) == ("one of 2026-01-05", "one of 2027-01-04")
    assert {first.course, second.course} == {"one"}
    assert [term.ends_at for term in (first, second)] == [
        START + timedelta(days=day) for day in (90, year + 90)
    ]
    assert {fate.learner for fate in first.fates if fate.bad} == {"old-0", "old-1"}
    assert [(fate.learner, fate.left) for fate in second.fates if fate.bad] == [("new-1", 30)]
    assert (len(first.fates), len(second.fates)) == (13, 14)
    assert [(f.joined, f.bad) for f in second.fates if f.learner == "old-0"] == [(-8, False)]
    lost_before = START + timedelta(days=30)
    assert [term.title for term in of_topics(facts, lost_before)] == ["one of 2027-01-04"]


@pytest.mark.parametrize("told", [True, False], ids=["end told", "end not told"])
def test_who_has_ended_a_short_course_is_not_looked_at_as_silent(told: bool) -> None:
    ends = START.replace(hour=0) + timedelta(days=24) if told else None
    facts = [made(LearnerEnrolled, 0, who, "one", starts_at=START, ends_at=ends) for who in ("a:1", "a:2")]
    facts += [made(ActivitySeen, day, "a:1", "one") for day in range(1, 23)]
    facts += [made(ActivitySeen, day, "a:2", "one") for day in range(1, 12)]
    facts += [made(LearnerCompleted, 24, "a:1", "one", outcome="passed")]
    (term,) = of_topics(sorted(facts, key=lambda fact: fact.at))
    by_day = _samples(Settings(), Policy(), term)
    assert list(by_day) == [14, 21]
    silent = FEATURES.index("silent")
    assert all(seen.shares[silent] < 100 for day in by_day.values() for seen in day if seen.learner == "a:1")
    found = _judged(by_day, RiskPolicy())
    assert (found["by_day"], found["learners"]) == (21, 2)


def test_a_course_over_within_two_weeks_teaches_nothing() -> None:
    ends = START + timedelta(days=10)
    facts = [made(LearnerEnrolled, 0, "a:1", "one", starts_at=START, ends_at=ends)]
    (term,) = of_topics(facts)
    assert _judged(_samples(Settings(), Policy(), term), RiskPolicy())["learners"] == 0


def test_a_fact_without_a_course_is_told_for_its_own_learner_s_courses_alone() -> None:
    facts = [
        made(LearnerEnrolled, 0, "a", "one"),
        made(LearnerEnrolled, 0, "b", "two"),
        made(CheckinAnswered, 3, "a", None, domain="time", level=4),
    ]
    assert [len(list(term.events(30))) for term in of_topics(facts)] == [2, 1]


@pytest.mark.parametrize(
    ("ends", "teach"),
    [([1], 1), ([1, 2], 1), ([1, 2, 3], 2), ([1, 2, 3, 4], 3), ([1, 2, 3, 4, 5, 6], 4), ([1, 2, 3, 3, 3], 2)],
    ids=lambda each: str(each),
)
def test_two_thirds_of_the_courses_teach_and_one_is_left_to_judge(ends: list[int], teach: int) -> None:
    days = [START + timedelta(days=day) for day in ends]
    assert sum(day <= split(days) for day in days) == teach


class Record(NamedTuple):
    partition: int
    offset: int
    timestamp: int
    value: bytes
    headers: list[tuple[str, bytes]]


def test_a_course_whose_first_enrolments_the_topics_may_have_lost_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def held(offset: int) -> list[str]:
        facts = [made(LearnerEnrolled, day, "ou:a", name) for day, name in ((2, "cut"), (9, "whole"))]
        records = []
        for number, fact in enumerate(facts):
            _, value, headers = event(fact)
            records.append(
                Record(0, offset + number, int(fact.at.timestamp() * 1000), value, headers)  # type: ignore[arg-type]
            )
        monkeypatch.setattr("streams.history.records", lambda settings, topic: iter(records))
        kept = history.kept(Settings(), Policy())
        return [term.course for term in of_topics(kept.facts, kept.since)]

    assert held(offset=0) == ["cut", "whole"]
    assert held(offset=7) == ["whole"]


@pytest.mark.parametrize(("clock", "held"), [("wall", ["now"]), ("facts", ["now", "later"])])
def test_an_event_that_intake_parks_as_of_the_future_is_no_history(
    clock: str, held: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [made(LearnerEnrolled, day, "ou:a", name) for day, name in ((0, "now"), (90, "later"))]
    records = []
    for number, fact in enumerate(told):
        _, value, headers = event(fact)
        records.append(Record(0, number, int(START.timestamp() * 1000), value, headers))  # type: ignore[arg-type]
    monkeypatch.setattr("streams.history.records", lambda settings, topic: iter(records))
    settings = Settings().model_copy(update={"clock": clock})
    assert [fact.course for fact in history.events(settings, Policy())] == held  # type: ignore[attr-defined]


def test_the_command_says_what_it_lacks(run: Run, tmp_path: Path) -> None:
    folder = str(ou.write(tmp_path / "ou", learners=4))
    said = run({}, "learn", "oulad", folder)
    assert (said.code, "name the presentations that teach" in said.err) == (2, True)
    assert "is no date" in run({}, "learn", "--from", "soon").err


def test_weights_learned_from_a_folder_are_taken_by_the_policy(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.learning.LEAST_EACH", 2)
    folder, out = str(ou.write(tmp_path / "ou", learners=8)), tmp_path / "risk.toml"
    said = run({}, "learn", "oulad", folder, "--presentation", ou.COURSE, "--out", str(out), "--json")
    found = json.loads(said.out)
    assert said.code == 0
    assert found["judged"][f"{ou.COURSE}, which taught"]["learners"] > 0
    assert run({}, "policy", "--check", str(out)).code == 0
