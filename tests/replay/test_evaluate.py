"""What was said is judged by what came, and what came is never looked at before."""

import json
import os
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import takewhile
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from matching.rows import LearnerRow
from schemas.advice import AdviceGiven, AdviceWithdrawn
from schemas.control import FactParked
from schemas.fact import Fact
from schemas.learners import NeedsChanged
from schemas.policy import Policy
from streams.draft import Draft
from streams.evaluation import AT_ONCE, MENTOR, Fate, Heard, Unfit, tally
from streams.figures import at_top, figures
from streams.log import Stored
from streams.oulad import Source
from streams.oulad_fates import fates
from streams.people import british_mentors
from streams.rehearsal import TICK, rehearse, rehearsed
from streams.replay import Replay
from streams.settings import Settings
from tests.operators.conftest import Run, run
from tests.replay import ou

__all__ = ["run"]
START = datetime(2026, 1, 5, tzinfo=UTC)
NAMES = UUID("8d1f5a7e-1f0f-5a68-9a0e-5d8b1c7b2f11")


def at(day: float) -> datetime:
    return START + timedelta(days=day)


def advice(learner: str, signal: str, day: float, role: str = "mentor", priority: int = 50) -> AdviceGiven:
    id = uuid5(NAMES, f"{learner}/{signal}/{day}/{role}")
    return AdviceGiven(
        id=id, at=at(day), seen_at=at(day), source="pulses", advice=id, episode=id, signal=signal, rung=1, recipient="m",
        role=role, kind="missed", learner=learner, priority=priority, expires_at=at(day + 9),
    )  # type: ignore[arg-type]  # fmt: skip


def withdrawn(given: AdviceGiven, day: float) -> AdviceWithdrawn:
    return AdviceWithdrawn(
        id=uuid5(given.id, "back"), at=at(day), seen_at=at(day), source="pulses", advice=given.advice,
        episode=given.episode, recipient="m", reason="recovered",
    )  # fmt: skip


FATES = [
    Fate("a", -20, 40, True), Fate("b", -20, None, True), Fate("c", -20, None, False), Fate("d", 5, None, False),
    Fate("gone", -20, 10, True), Fate("late", 30, None, False),
]  # fmt: skip


def judged(*said: AdviceGiven | AdviceWithdrawn, day: int = 28) -> dict[str, object]:
    heard = Heard(START)
    for fact in said:
        heard.hear(fact)
    return figures(tally(FATES, heard, day))


def of(found: dict[str, object], signal: str) -> dict[str, object]:
    signals = found["signals"]
    assert isinstance(signals, dict)
    return dict(signals[signal])


def test_only_who_is_enrolled_at_the_end_of_the_day_is_counted() -> None:
    found = judged(advice("gone", "L5", 8), advice("late", "L5", 35))
    assert (found["learners"], found["base_rate"], found["withdraw_later"]) == (4, 0.5, 1)
    assert "L5" not in found["signals"]  # type: ignore[operator]


def test_precision_lift_reach_and_warning() -> None:
    row = of(judged(advice("a", "L5", 20), advice("a", "L5", 22), advice("c", "L5", 21)), "L5")
    assert row["flagged"] == 2
    assert (row["precision"], row["lift"], row["share_flagged"]) == (0.5, 1.0, 0.5)
    assert (row["reached"], row["warning_days"]) == (1.0, 20.0)


def test_what_is_said_after_the_day_does_not_count() -> None:
    assert of(judged(advice("a", "L5", 28.9)), "L5")["flagged"] == 1
    assert "L5" not in judged(advice("a", "L5", 29))["signals"]  # type: ignore[operator]


def test_praise_and_plans_are_no_warning_and_a_learner_is_no_mentor() -> None:
    found = judged(advice("a", "L9", 3), advice("b", "L12", 3), advice("c", "L2", 3, role="learner"))
    assert of(found, MENTOR)["flagged"] == 0


def test_what_a_mentor_hears_at_once_is_told_apart() -> None:
    found = judged(advice("a", "L5", 3, priority=70), advice("c", "L5", 3, priority=69))
    assert (of(found, MENTOR)["flagged"], of(found, AT_ONCE)["flagged"]) == (2, 1)


def test_the_order_is_of_the_priority_of_what_stands() -> None:
    old = advice("c", "L5", 3, priority=90)
    said = [old, withdrawn(old, 9), advice("a", "L2", 5, priority=40), advice("b", "L5", 5, priority=70)]
    heard = Heard(START)
    for fact in said:
        heard.hear(fact)
    order = dict(zip("abcd", (value for value, _ in tally(FATES, heard, 28).order), strict=True))
    assert order == {"a": 40, "b": 70, "c": -1, "d": -1}


def test_who_ties_at_the_edge_counts_by_the_mean() -> None:
    assert at_top([(9.0, True), (5.0, True), (5.0, False), (1.0, False)], 500) == 0.75
    assert at_top([(1.0, True)] * 3, 100) is None


def test_courses_add_up() -> None:
    heard = Heard(START)
    heard.hear(advice("a", "L5", 20))
    one = tally(FATES, heard, 28)
    both = figures(one + one)
    assert (both["learners"], both["base_rate"]) == (8, 0.5)
    assert of(both, "L5")["share_flagged"] == 0.25


def test_a_fact_that_was_parked_spoils_the_judgement() -> None:
    parked = FactParked(
        id=NAMES,
        at=START,
        seen_at=START,
        source="pulses",
        topic="learner-facts",
        partition=0,
        offset=1,
        reason="bug",
    )
    with pytest.raises(Unfit, match="could not be folded"):
        Heard(START).hear(parked)


# --- over a term ---------------------------------------------------------------------------


def decided(folder: Path, through: int = 28) -> Heard:
    source = Source(folder)
    (place,) = source.presentations.values()
    heard = Heard(place.at(0))
    for _ in rehearse(
        Settings(), Policy(), source.events_of(place, through), place.at(through + 1), heard.hear
    ):
        pass
    return heard


def known(folder: Path) -> list[Fate]:
    source = Source(folder)
    return [fate for place in source.presentations.values() for fate in fates(source, place)]


def said_by(heard: Heard, end: datetime) -> list[tuple[object, ...]]:
    """What was said of whom, whoever the mentor is."""
    return sorted(
        (f.at, f.learner, f.signal, f.rung, f.role, f.priority, f.figures)
        for f in heard.decided
        if isinstance(f, AdviceGiven) and f.at < end and f.signal.startswith("L")
    )  # type: ignore[type-var]


def test_what_became_of_the_learners_changes_no_decision_before(tmp_path: Path) -> None:
    folders = [ou.write(tmp_path / "one"), *(ou.write(tmp_path / str(n), after=28 + n) for n in range(2))]
    outcomes = [[fate.bad for fate in known(folder)] for folder in folders]
    assert outcomes[0] != outcomes[1]
    once, *others = [decided(folder).decided for folder in folders]
    assert once
    assert all(other == once for other in others)


def test_the_rehearsal_says_what_the_whole_pipeline_says_where_there_are_mentors_enough(
    tmp_path: Path,
) -> None:
    source = Source(ou.write(tmp_path / "ou", learners=6))
    (place,) = source.presentations.values()
    whole, end = Heard(place.at(0)), place.at(29)
    needs: dict[str, str] = {}

    def hear(topic: str, fact: Fact, line: Stored) -> None:
        whole.hear(fact)
        if isinstance(fact, NeedsChanged):
            needs[fact.learner] = fact.band

    replay = Replay(
        Settings(partitions=1), rehearsed(Policy()), hear, overheard=("person-facts", "pool-facts")
    )
    mentors = british_mentors(7, 12, place.programme, place.at(-100), hours=(9, 9))
    facts = merge(mentors, source.events(), key=lambda fact: fact.at)
    replay.run(takewhile(lambda fact: fact.at < end, facts), TICK)
    replay.step(end, [])
    short = said_by(decided(tmp_path / "ou"), end)
    assert short
    assert said_by(whole, end) == short
    rows = Draft(replay.ledgers["pools"].owned[0])
    known = {who: rows.find(LearnerRow, place.programme, who) for who in needs}
    assert needs
    assert {who: row.band for who, row in known.items() if row is not None} == needs


def test_the_command_tells_each_signal_by_each_day(run: Run, tmp_path: Path) -> None:
    said = run(
        {}, "evaluate", "oulad", str(ou.write(tmp_path / "ou")), "--day", "14", "--day", "28", "--json"
    )
    found = json.loads(said.out)["evaluated"][ou.COURSE]
    assert said.code == 0
    assert found["28"]["signals"][MENTOR]["flagged"] > 0
    assert set(found["28"]["by_priority"]) == {"top_10_percent", "top_15_percent", "top_25_percent"}


def test_a_folder_or_a_presentation_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    assert "is no folder" in run({}, "evaluate", "oulad", str(tmp_path / "none")).err
    said = run({}, "evaluate", "oulad", str(ou.write(tmp_path / "ou")), "--presentation", "ZZZ/1999J")
    assert said.code == 2
    assert "choose of AAA/2013J" in said.err


def test_of_the_real_data_the_outcome_is_that_of_the_data_set() -> None:
    folder = os.environ.get("MENTORWAY_DATA")
    if folder is None:
        pytest.skip("MENTORWAY_DATA names no folder with the real learners")
    here = [f for f in known(Path(folder) / "oulad") if f.joined <= 28 and (f.left is None or f.left > 28)]
    assert (len(here), sum(f.bad for f in here)) == (1898, 818)
