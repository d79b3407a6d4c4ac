"""Experiments in the whole pipeline: nobody held out hears what is covered, whatever the partitions."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.experiments import Experiment, held_out
from schemas.fact import Fact
from schemas.matches import LearnerWaitlisted, MatchProposed
from schemas.nudges import NudgeSent, NudgeSuppressed
from schemas.policy import Defaults, Policy
from streams.log import Stored
from streams.replay import Replay
from streams.settings import Settings
from streams.simulate import Shape, lives

START = datetime(2026, 1, 5, tzinfo=UTC)
EVERY = timedelta(hours=12)
RUNS = {"starts_at": START, "ends_at": START + timedelta(days=90), "held_permille": 400}
NUDGING = Experiment(name="words", about="nudging", **RUNS)  # type: ignore[arg-type]
MATCHING = Experiment(name="mentors", about="matching", wait_days=7, **RUNS)  # type: ignore[arg-type]
POLICY = Policy(experiments=(NUDGING, MATCHING), defaults=Defaults(experiment_consent=True))


def replayed(partitions: int) -> list[Fact]:
    told: list[Fact] = []

    def hear(topic: str, fact: Fact, line: Stored) -> None:
        told.append(fact)

    facts = lives(Shape(seed=5, learners=20, mentors=6, days=24), START)
    Replay(Settings(partitions=partitions), POLICY, hear).run(facts, EVERY)
    return told


@pytest.fixture(scope="module")
def told() -> list[Fact]:
    return replayed(3)


def test_a_held_out_learner_hears_nothing_that_is_covered_and_a_treated_one_does(told: list[Fact]) -> None:
    heard = [i for f in told if isinstance(f, NudgeSent) and f.role == "learner" for i in f.items]
    covered = [i for i in heard if i.kind != "match"]
    assert covered
    assert {i.arm for i in covered} == {("words", "treatment")}
    assert not any(held_out("words", i.learner or "", 400) for i in covered)
    withheld = [f.withheld for f in told if isinstance(f, NudgeSuppressed) and f.reason == "holdout"]
    assert withheld
    assert all(i is not None and held_out("words", i.learner or "", 400) for i in withheld)
    assert any(i.kind == "match" and held_out("words", i.learner or "", 400) for i in heard)


def test_a_held_out_learner_has_no_mentor_for_a_week_and_then_has_one(told: list[Fact]) -> None:
    waits = {f.learner: f.since for f in told if isinstance(f, LearnerWaitlisted) and f.binding == "holdout"}
    assert waits
    matched: dict[str, datetime] = {}
    for fact in told:
        if isinstance(fact, MatchProposed):
            matched.setdefault(fact.learner, fact.at)
    assert all(held_out("mentors", learner, 400) for learner in waits)
    assert all(
        matched[learner] - since >= timedelta(days=7)
        for learner, since in waits.items()
        if learner in matched
    )
    assert any(learner in matched for learner in waits)
    others = [learner for learner in matched if learner not in waits]
    assert not any(held_out("mentors", learner, 400) for learner in others)


def test_another_number_of_partitions_draws_the_same_arms(told: list[Fact]) -> None:
    def arms(facts: list[Fact]) -> set[tuple[str, str]]:
        withheld = {
            (f.withheld.learner or "", "words")
            for f in facts
            if isinstance(f, NudgeSuppressed) and f.withheld
        }
        waits = {
            (f.learner, "mentors")
            for f in facts
            if isinstance(f, LearnerWaitlisted) and f.binding == "holdout"
        }
        return withheld | waits

    assert arms(replayed(1)) == arms(told)
