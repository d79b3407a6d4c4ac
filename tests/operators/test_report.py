"""`report effect` reads what became of the held out from the topics alone, committed records only."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest
from confluent_kafka import Producer

from nudging.inbox_rows import InboxRow
from nudging.person_rows import Word
from schemas.codec import encode
from schemas.control import SourceProgressed
from schemas.fact import Fact
from schemas.nudges import PersonProfiled
from schemas.rows import RowKey
from streams.broker import Broker
from streams.partition import key_bytes, row_bytes
from streams.settings import Settings
from tests.memory import START
from tests.operators.conftest import Run
from tests.replay.test_effect import ACTIVE, active, made, many, nudged
from tests.replay.test_restraint import DAY, NOON, nudge, word

HOUR = timedelta(hours=1)
POLICY = """
[[experiments]]
name = "t"
about = "nudging"
kinds = ["reengage"]
held_permille = 500
starts_at = 2026-01-01T00:00:00Z
ends_at = 2027-01-01T00:00:00Z
"""


def heard_through(days: float) -> Fact:
    fact: Fact = made(
        SourceProgressed, days, reader="intake", input_topic="platform-events", input_partition=0, partitions=1,
        heard_through=START + timedelta(days=days),
    )  # fmt: skip
    return fact


def write(settings: Settings, facts: list[Fact], commit: bool = True) -> None:
    producer = Producer({**settings.confluent(), "transactional.id": uuid4().hex})
    producer.init_transactions(20)
    producer.begin_transaction()
    for fact in facts:
        wire = encode(fact)
        producer.produce(settings.topic(wire.topic), wire.value, wire.key, partition=0, headers=wire.headers)
    if commit:
        producer.commit_transaction(20)
    else:
        producer.flush(20)
        producer.abort_transaction(20)


@pytest.fixture
def site(broker: Broker, prefix: str, tmp_path: Path, run: Run) -> Settings:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY)
    settings: Settings = broker.settings(prefix=prefix, partitions=2, policy_path=str(path))
    assert run(settings, "topics", "create").code == 0
    return settings


def test_the_difference_is_told_from_the_topics_as_a_table_and_as_json(site: Settings, run: Run) -> None:
    decisions, facts = many(60, of_treated=40, of_held=20)
    write(site, [*decisions, *facts, active("ou:nobody", 1), heard_through(40)])
    write(site, [nudged("ou:never", False), active("ou:never", 1), heard_through(90)], commit=False)
    producer = Producer(
        site.confluent()
    )  # one learner took the consent back, long ago: only the row still says so
    row = InboxRow(experiments=Word(yes=False, at=START))
    key = key_bytes(RowKey(InboxRow.KIND, "ou:True59"))
    producer.produce(site.topic("inboxes-rows"), row_bytes(row), key, partition=0)
    producer.flush(20)

    said = run(site, "report", "effect", "--json")
    assert said.code == 0
    found = json.loads(said.out)
    assert (found["experiment"], found["people"], found["took_back"], found["running"]) == ("t", 119, 1, True)
    told = next(one for one in found["lines"] if one["outcome"] == ACTIVE)
    assert (told["treated"], told["held_out"], told["verdict"]) == (60, 59, "helps")
    assert (told["treated_permille"], told["held_out_permille"]) == (667, 339)

    shown = run(site, "report", "effect")
    assert shown.code == 0
    assert "Experiment t" in shown.out
    assert "too few" in shown.out
    assert "It still runs" in shown.out


def test_without_anybody_in_an_experiment_it_says_what_to_do(site: Settings, run: Run) -> None:
    said = run(site, "report", "effect")
    assert (said.code, "nobody came into an experiment yet" in said.err) == (1, True)
    said = run(site, "report", "effect", "--experiment", "other")
    assert "leave --experiment out" in said.err


class Record(NamedTuple):
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def test_restraint_takes_what_was_said_before_all_that_is_held_from_the_rows(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Word(yes=False, at=NOON - 90 * DAY)
    rows = {"a:ana": InboxRow(kinds={"reengage": told}), "a:bob": InboxRow()}
    zone = word(PersonProfiled, NOON - 30 * DAY, role="learner", time_zone="UTC", language="en")
    nudges = [nudge(0), nudge(1, NOON - 60 * DAY), nudge(2, NOON - 12 * HOUR, recipient="a:bob")]

    def held(settings: Settings, topic: str) -> Iterator[Record]:
        facts = {"person-facts": [zone], "nudges": nudges}.get(topic.removeprefix(settings.prefix), [])
        for offset, fact in enumerate(facts, 1):
            wire = encode(fact)
            yield Record(0, offset, wire.key, wire.value, list(wire.headers))
        if topic.endswith("inboxes-rows"):
            for offset, (person, row) in enumerate(rows.items()):
                yield Record(0, offset, key_bytes(RowKey(InboxRow.KIND, person)), row_bytes(row), [])

    monkeypatch.setattr("streams.commands.report.records", held)
    monkeypatch.setattr("streams.commands.report.check", lambda settings: None)
    said = run({}, "report", "restraint", "--json")
    found = json.loads(said.out)
    assert (said.code, found["breaches by kind"]) == (1, {"in quiet hours": 1, "opted out of reengage": 1})
    assert (found["nudges"], found["not held against what was said"]) == (3, 1)
    shown = run({}, "report", "restraint").out
    assert "Of 3 nudges 1 could not be held against what their people said" in shown
    assert "holds all of it from 2025-12-06 on" in shown


def test_where_first_decisions_are_gone_it_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    decisions, facts = many(60, of_treated=40, of_held=20)

    def held(settings: Settings, topic: str) -> Iterator[Record]:
        kept = {"nudges": (5, decisions), "learner-facts": (0, [*facts, heard_through(40)])}
        first, told = kept.get(topic.removeprefix(settings.prefix), (0, []))
        for offset, fact in enumerate(told, first):
            wire = encode(fact)
            yield Record(0, offset, wire.key, wire.value, list(wire.headers))

    monkeypatch.setattr("streams.trials.records", held)
    monkeypatch.setattr("streams.commands.report.check", lambda settings: None)
    (tmp_path / "policy.toml").write_text(POLICY)
    said = run({"MENTORWAY_POLICY_PATH": str(tmp_path / "policy.toml")}, "report", "effect")
    assert (said.code, "decisions from 2026-01-05 on alone, and it began before" in said.out) == (1, True)


@pytest.mark.parametrize("percent", ["abc", "5", "100", "nan"])
def test_a_confidence_that_is_none_is_refused_in_plain_words(percent: str, run: Run) -> None:
    said = run({}, "report", "effect", "--confidence", percent)
    assert (said.code, f"{percent!r} is not a percentage from 50 to 99.9" in said.err) == (2, True)


@pytest.mark.parametrize(
    "words", [("report",), ("report", "effects"), ("report", "effect", "--confidence", "5")]
)
def test_what_cannot_be_asked_is_refused(words: tuple[str, ...], run: Run) -> None:
    assert run({}, *words).code == 2
