"""`preview --nudges` decides the events in the topics anew under two policies; nothing is written."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from streams.broker import Broker
from streams.feed import Feed
from streams.lag import lags
from streams.settings import Settings
from streams.simulate import Shape, lives
from tests.operators.conftest import Run

START = datetime(2026, 1, 5, tzinfo=UTC)
OLD, NEW = 'version = "now"\n', 'version = "quiet"\n[inbox]\nlearner_a_day = 0\n'


@pytest.fixture
def site(embedded: Broker, prefix: str, tmp_path: Path, run: Run) -> Settings:
    for name, text in (("policy", OLD), ("new", NEW)):
        (tmp_path / f"{name}.toml").write_text(text)
    policy = str(tmp_path / "policy.toml")
    settings: Settings = embedded.settings(prefix=prefix, partitions=1, clock="facts", policy_path=policy)
    assert run(settings, "topics", "create").code == 0
    feed = Feed(settings)
    for fact in lives(Shape(seed=5, learners=5, mentors=2, days=12), START):
        feed.send(fact)
    feed.flush()
    return settings


def test_what_people_would_hear_is_compared_and_nothing_is_written(
    site: Settings, tmp_path: Path, run: Run
) -> None:
    new = str(tmp_path / "new.toml")
    before = {lag.topic: lag.end for lag in lags(site)}
    said = run(site, "preview", "--nudges", "--policy", new, "--from", "2026-01-06", "--json")
    assert said.code == 0
    found = json.loads(said.out)
    learner = next(line for line in found["roles"] if line["role"] == "learner")
    assert learner["nudges_now"] > learner["nudges_then"] == 0
    assert (found["now"], found["then"], found["from"][:10]) == ("now", "quiet", "2026-01-06")
    assert {lag.topic: lag.end for lag in lags(site)} == before
    shown = run(site, "preview", "--nudges", "--policy", new)
    assert (shown.code, "Who hears more or less" in shown.out) == (0, True)


def test_what_cannot_be_asked_is_refused(site: Settings, tmp_path: Path, run: Run) -> None:
    new = str(tmp_path / "new.toml")
    said = run(site, "preview", "--policy", new, "--from", "2026-01-06")
    assert (said.code, "--from and --until go with --nudges" in said.err) == (2, True)
    said = run(site, "preview", "--nudges", "--policy", new, "--from", "2030-01-01")
    assert (said.code, "choose --from and --until within" in said.err) == (2, True)
    said = run(site, "preview", "--nudges", "--policy", new, "--from", "tomorrow")
    assert (said.code, "a day, as 2026-02-01" in said.err) == (2, True)
