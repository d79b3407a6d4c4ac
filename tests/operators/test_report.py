"""`report effect` reads what became of the held out from the topics alone, committed records only."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from confluent_kafka import Producer

from nudging.inbox_rows import InboxRow, Word
from schemas.codec import encode
from schemas.control import SourceProgressed
from schemas.fact import Fact
from schemas.rows import RowKey
from streams.broker import Broker
from streams.partition import key_bytes, row_bytes
from streams.settings import Settings
from tests.memory import START
from tests.operators.conftest import Run
from tests.replay.test_effect import ACTIVE, active, made, many, nudged

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


@pytest.mark.parametrize(
    "words", [("report",), ("report", "effects"), ("report", "effect", "--confidence", "5")]
)
def test_what_cannot_be_asked_is_refused(words: tuple[str, ...], run: Run) -> None:
    assert run({}, *words).code == 2
