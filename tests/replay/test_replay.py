"""A replay is the same pipeline without a broker: every run decides the same, and a term told again changes nothing."""

import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.fact import Fact
from schemas.matches import MatchEnded, MatchProposed
from schemas.nudges import NudgeSent
from schemas.policy import Policy
from streams import accounts, row_sizes
from streams.log import Stored
from streams.oulad import Source
from streams.oulad_tables import OuladMissing
from streams.replay import Replay
from streams.settings import Settings
from streams.simulate import Shape, lives

START = datetime(2026, 1, 5, tzinfo=UTC)
FACTS = list(lives(Shape(seed=3, learners=12, mentors=4, days=24), START))
EVERY = timedelta(hours=6)


def replayed(facts: list[Fact], *again: list[Fact]) -> tuple[list[tuple[str, bytes]], list[Fact], Replay]:
    """Decisions as they stand on the outside topics, the facts, and the replay itself."""
    lines: list[tuple[str, bytes]] = []
    told: list[Fact] = []

    def hear(topic: str, fact: Fact, line: Stored) -> None:
        told.append(fact)
        if topic in ("matches", "nudges"):
            lines.append((topic, line.value() or b""))

    replay = Replay(Settings(partitions=3), Policy(), hear)
    replay.run(facts, EVERY)
    for more in again:
        replay.step(replay.through + EVERY, more)
    return lines, told, replay


Once = tuple[list[tuple[str, bytes]], list[Fact], Replay]


@pytest.fixture(scope="module")
def once() -> Once:
    return replayed(FACTS)


def test_every_run_decides_the_same_to_the_byte(once: Once) -> None:
    assert replayed(FACTS)[0] == once[0]


def test_learners_are_matched_and_nudged_and_all_is_accounted_for(once: Once) -> None:
    _, told, replay = once
    assert any(isinstance(fact, MatchProposed) for fact in told)
    assert {item.signal for fact in told if isinstance(fact, NudgeSent) for item in fact.items} >= {
        "match",
        "L9",
    }
    found = accounts.add_up(accounts.of_partitions(replay.ledgers["intake"].owned.values()))
    assert found["records"] == found["folded"] == len(FACTS)


def test_the_report_says_how_large_the_rows_of_each_ledger_are(once: Once) -> None:
    ledgers = once[2].ledgers
    found = row_sizes.of_ledgers(ledgers)
    stored = [raw for part in ledgers["pulses"].owned.values() for raw in part.stored.values()]
    assert (found["pulses: rows"], found["pulses: row bytes at most"]) == (len(stored), max(map(len, stored)))
    for name in ("pools", "pulses", "inboxes"):
        assert (
            0
            < found[f"{name}: row bytes p50"]
            <= found[f"{name}: row bytes p99"]
            <= found[f"{name}: row bytes at most"]
        )
    assert row_sizes.of_ledgers({}) == {}


def test_a_whole_term_told_again_changes_no_decision() -> None:
    half = [fact for fact in FACTS if fact.at < START + timedelta(days=12)]
    assert replayed(half, half)[0] == replayed(half, [])[0]


def test_no_learner_has_two_mentors_at_once(once: Once) -> None:
    pairs: Counter[str] = Counter()
    for fact in once[1]:
        if isinstance(fact, MatchProposed):
            pairs[fact.learner] += 1
            assert pairs[fact.learner] == 1
        elif isinstance(fact, MatchEnded):
            pairs[fact.learner] -= 1


def test_a_folder_without_the_tables_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OuladMissing, match="name the folder with the OULAD tables"):
        Source(tmp_path)


def test_the_outcome_is_never_read(tmp_path: Path) -> None:
    """The table that holds it may be missing altogether."""
    (tmp_path / "courses.csv").write_text(
        "code_module,code_presentation,module_presentation_length\nAAA,2013J,268\n"
    )
    (tmp_path / "assessments.csv").write_text(
        "code_module,code_presentation,id_assessment,assessment_type,date,weight\nAAA,2013J,1,TMA,19,10\n"
    )
    (tmp_path / "studentRegistration.csv").write_text(
        "code_module,code_presentation,id_student,date_registration,date_unregistration\nAAA,2013J,7,-159,?\n"
    )
    (tmp_path / "studentAssessment.csv").write_text(
        "id_assessment,id_student,date_submitted,is_banked,score\n1,7,18,0,78.0\n"
    )
    with gzip.open(tmp_path / "studentVle.csv.gz", "wt") as file:
        file.write("code_module,code_presentation,id_student,id_site,date,sum_click\nAAA,2013J,7,5,-10,4\n")
    assert len(list(Source(tmp_path).events())) == 5
