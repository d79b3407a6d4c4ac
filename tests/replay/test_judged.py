"""Are signals held against what really was the matter, and do people live it so that there is something to tell?"""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from schemas.advice import AdviceGiven
from schemas.matches import MatchConfirmed, MatchEnded
from schemas.policy import Policy
from streams.company import Company
from streams.judged import Judged
from streams.settings import Settings
from streams.simulate import Shape, programme
from streams.truth import KNOWN, Judge, Truth

NAMES = UUID("7d1f6f0c-6a7e-5b8e-9c55-0f6a1a2b3c04")
START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def advice(signal: str, learner: str, day: float, episode: str, mentor: str | None = None) -> AdviceGiven:
    at = START + day * DAY
    return AdviceGiven(
        id=uuid5(NAMES, f"{episode}/{day}"), at=at, seen_at=at, source="pulses", advice=uuid5(NAMES, f"{day}"),
        episode=uuid5(NAMES, episode), signal=signal, rung=1, recipient="m", role="mentor", kind="help",
        learner=learner, mentor=mentor, expires_at=at + DAY,
    )  # fmt: skip


def test_what_is_told_within_a_trouble_is_true_and_an_episode_counts_once() -> None:
    judge = Judge()
    for fact in (
        advice("L6", "ana", 3, "one"), advice("L6", "ana", 5, "one"), advice("L6", "ana", 30, "two"),
        advice("L6", "ben", 3, "three"), advice("M5", "ana", 3, "four", mentor="mia"),
    ):  # fmt: skip
        judge.hear(fact)
    truths = [
        Truth("L6", "ana", START + 2 * DAY, START + 9 * DAY),
        Truth("L6", "cem", START + 2 * DAY, START + 9 * DAY),
        Truth("L6", "ana", START + 50 * DAY, START + 59 * DAY),  # not due yet
        Truth("M5", "mia", START, START + 9 * DAY),
    ]
    found = judge.verdict(truths, START + 40 * DAY)
    assert found["L6"] == {
        "troubles": 2, "reached": 1, "told": 3, "true": 1, "recall": 0.5, "precision": 0.333,
    }  # fmt: skip
    assert (found["M5"]["recall"], found["M5"]["precision"]) == (1.0, 1.0)


def test_a_signal_without_troubles_or_words_has_no_figure() -> None:
    found = Judge().verdict([Truth("L6", "ana", START, START + 9 * DAY)], START)
    assert (found["L6"]["recall"], found["L6"]["precision"]) == (None, None)


def test_what_is_told_without_a_trouble_is_not_left_out() -> None:
    judge = Judge()
    for fact in (advice("L6", "ana", 3, "one"), advice("L2", "ana", 5, "two")):
        judge.hear(fact)
    found = judge.verdict([], START + 40 * DAY)
    assert found["L6"] == {
        "troubles": 0, "reached": 0, "told": 1, "true": 0, "recall": None, "precision": 0.0,
    }  # fmt: skip
    assert found["L2"] == {
        "troubles": None, "reached": None, "told": 1, "true": None, "recall": None, "precision": None,
    }  # fmt: skip


def test_of_every_truth_that_lives_tell_it_is_known_that_they_do() -> None:
    _, truths = programme(Shape(seed=3, learners=60, mentors=3, days=40), START)
    company = Company("academy", "P", START, 60, asks=True)
    for n in range(60):
        company.answer(confirmed(str(n), f"m{n % 9}"), START)
    assert {truth.signal for truth in [*truths, *company.truths]} <= KNOWN


def test_the_same_programme_has_the_same_lives_and_the_same_truth() -> None:
    shape = Shape(seed=3, learners=60, mentors=3, days=40)
    assert programme(shape, START) == programme(shape, START)
    facts, truths = programme(shape, START)
    assert [fact.at for fact in facts] == sorted(fact.at for fact in facts)
    assert len({fact.id for fact in facts}) == len(facts)
    assert {truth.signal for truth in truths} >= {"L6", "L8", "L11", "L12"}


def confirmed(name: str, mentor: str = "mia") -> MatchConfirmed:
    return MatchConfirmed(
        id=uuid5(NAMES, f"confirmed/{name}"), at=START, seen_at=START, source="pools", pool="P", programme="P",
        pair=uuid5(NAMES, name), learner=f"l-{name}", mentor=mentor, how="automatic",
    )  # fmt: skip


def test_pairs_live_after_their_match_and_what_an_end_cut_short_was_not_to_be_reached() -> None:
    company = Company("academy", "P", START, 60, asks=False)
    made = [fact for n in range(60) for fact in company.answer(confirmed(str(n), f"m{n % 9}"), START)]
    assert all(fact.at > START for fact in made)
    assert {truth.signal for truth in company.truths} >= {"M2", "M3", "M4"}
    never = next(truth for truth in company.truths if truth.signal == "M2")
    assert never.due == START + 8 * DAY
    pair = next(n for n in range(60) if f"l-{n}" == never.subject)
    ended = MatchEnded(
        id=uuid5(NAMES, "end"), at=START + DAY, seen_at=START + DAY, source="pools", pool="P", programme="P",
        pair=uuid5(NAMES, str(pair)), learner=never.subject, mentor="m", reason="completed",
    )  # fmt: skip
    company.answer(ended, START + DAY)
    (cut,) = [truth for truth in company.truths if (truth.signal, truth.subject) == ("M2", never.subject)]
    assert cut.due > START + 60 * DAY


def test_a_lived_programme_is_told_most_of_its_troubles() -> None:
    run = Judged(Settings(partitions=2), Policy(), Shape(seed=7, learners=14, mentors=5, days=26), START)
    for _ in run.run():
        pass
    found = run.verdict()
    assert set(found) >= {one.signal for one in run.judge.told}
    judged = [line for signal, line in found.items() if signal in KNOWN]
    troubles = sum(line["troubles"] for line in judged)
    assert troubles > 20
    assert sum(line["reached"] for line in judged) > 0.6 * troubles
