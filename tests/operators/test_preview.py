"""Does an operator see what a new policy would do, and then that it does it?

The programme lives on the facts' clock: two pairs that would be better crossed, a review an hour later.
"""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, TopicPartition

from schemas.fact import Fact
from schemas.learners import LearnerEnrolled, LearnerProfiled
from schemas.mentors import MentorJoined
from streams.broker import Broker
from streams.feed import Feed
from streams.lag import lags
from streams.outside import Reader, fact_of
from streams.settings import Settings
from streams.supervisor import Supervisor, role_slot
from tests.operators.conftest import Run

START = datetime(2026, 3, 2, tzinfo=UTC)
NOW_TOML = """version = "now"
[pool]
told_hours = 0
told_skills = 0
move_cooldown_days = 0
max_moves = 0
review_hours = 1
[pool.weights]
move = 1000
"""
NEW_TOML = NOW_TOML.replace('"now"', '"bold"').replace("move = 1000", "move = 100")


def made(cls: type[Fact], minutes: int, **fields: Any) -> Fact:
    at = START + timedelta(minutes=minutes)
    return cls(id=uuid4(), at=at, seen_at=at, source="academy", programme="P", **fields)


def mentor(name: str, skill: str, minutes: int) -> Fact:
    return made(MentorJoined, minutes, mentor=f"a:{name}", capacity_minutes=60, skills=((skill, 5),))


def learner(name: str, skill: str, minutes: int) -> list[Fact]:
    who = f"a:{name}"
    return [
        made(LearnerProfiled, minutes, learner=who, skills_wanted=((skill, 5),)),
        made(LearnerEnrolled, minutes + 1, learner=who, course="C"),
    ]


def crossed() -> list[tuple[int, list[Fact]]]:
    """Through which minute what was told."""
    return [
        (0, []),
        (60, [mentor("java-mentor", "java", 1)]),
        (120, learner("wants-art", "art", 61)),
        (180, [mentor("art-mentor", "art", 121)]),
        (240, learner("wants-java", "java", 181)),
        (300, []),
    ]


@contextmanager
def pools(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Feed]:
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    with Supervisor([role_slot(name, 0) for name in ("intake", "pools")]).beside():
        yield Feed(settings)


def caught_up(settings: Settings, seconds: float = 60) -> None:
    """Waits until intake and pools have nothing left to read."""
    deadline = time.monotonic() + seconds
    while any(lag.behind for lag in lags(settings) if lag.ledger in ("intake", "pools")):
        assert time.monotonic() < deadline, "the ledgers did not catch up"
        signal.sigtimedwait([], 0.1)


def told(settings: Settings, name: str, count: int, seconds: float = 60) -> list[Fact]:
    """Waits for so many matches of this class."""
    reader, found, deadline = Reader(settings, ["matches"]), [], time.monotonic() + seconds
    while len(found) < count:
        assert time.monotonic() < deadline, f"{len(found)} of {count} {name}"
        for topic, message in reader.poll(0.2):
            fact = fact_of(topic, message.value(), message.headers() or [])
            if type(fact).__name__ == name and fact is not None:
                found.append(fact)
    reader.close()
    return found


def ends(settings: Settings) -> dict[str, int]:
    """The last offsets of the topics a decision would show in; the pool may meanwhile review itself."""
    consumer = Consumer({**settings.confluent(), "group.id": uuid4().hex})
    found = {
        f"{name}/{number}": consumer.get_watermark_offsets(TopicPartition(settings.topic(name), number), 10)[
            1
        ]
        for name in ("matches", "learner-facts", "person-facts", "nudges")
        for number in range(settings.partitions)
    }
    consumer.close()
    return found


@pytest.fixture
def site(broker: Broker, prefix: str, tmp_path: Path, run: Run) -> Settings:
    policy = tmp_path / "policy.toml"
    policy.write_text(NOW_TOML)
    (tmp_path / "new.toml").write_text(NEW_TOML)
    settings: Settings = broker.settings(
        prefix=prefix, partitions=2, clock="facts", health_port=0, policy_path=str(policy), aside="equal"
    )
    assert run(settings, "topics", "create").code == 0
    return settings


def test_a_change_is_previewed_adopted_seen_and_rolled_back(
    site: Settings, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, new = tmp_path / "policy.toml", tmp_path / "new.toml"
    with pools(site, monkeypatch) as feed:
        for minutes, facts in crossed():
            for fact in facts:
                feed.send(fact)
            feed.tick(START + timedelta(minutes=minutes))
            caught_up(site)
        pairs = {fact.learner: fact.mentor for fact in told(site, "MatchProposed", 2)}  # type: ignore[attr-defined]
        assert pairs == {"a:wants-art": "a:java-mentor", "a:wants-java": "a:art-mentor"}

        before = ends(site)
        kept = json.loads(run(site, "preview", "--policy", str(policy), "--json").out)
        found = json.loads(run(site, "preview", "--policy", str(new), "--json").out)
        assert (kept["moved"], found["moved"], found["gain"], found["lose"]) == (0, 2, 2, 0)
        assert {change["learner"]: change["after"] for change in found["changes"]} == {
            "a:wants-art": "a:art-mentor", "a:wants-java": "a:java-mentor",
        }  # fmt: skip
        shown = run(site, "preview", "--policy", str(new), "--history")
        assert shown.code == 0
        assert "Pairs that would move: 2. Learners who gain by it: 2, who lose: 0" in shown.out
        assert "pairs that may not move" in shown.out
        assert ends(site) == before

        policy.write_text(NEW_TOML)  # adopted
        signal.sigtimedwait([], 1.0)
        for fact in [mentor("spare", "ink", 301), *learner("extra", "ink", 302)]:  # the pool changes, and
            feed.send(fact)
        for hour in (6, 8):  # an hour later it is looked at as a whole
            feed.tick(START + timedelta(hours=hour))
            caught_up(site)
        moved = told(site, "MatchMoved", 2)
        assert {fact.learner: fact.to_mentor for fact in moved} == {  # type: ignore[attr-defined]
            "a:wants-art": "a:art-mentor", "a:wants-java": "a:java-mentor",
        }  # fmt: skip
        assert {fact.policy for fact in moved} == {"bold"}

        policy.write_text(NOW_TOML)  # rolled back
        signal.sigtimedwait([], 1.0)
        feed.send(mentor("late-mentor", "art", 9 * 60))
        for fact in learner("late", "art", 9 * 60):
            feed.send(fact)
        feed.tick(START + timedelta(hours=10))
        assert told(site, "MatchProposed", 6)[-1].policy == "now"
        feed.flush()


def test_a_pool_that_is_not_there_is_named(site: Settings, tmp_path: Path, run: Run) -> None:
    said = run(site, "preview", "--policy", str(tmp_path / "new.toml"), "--pool", "nowhere")
    assert said.code == 1
    assert "there is no pool 'nowhere'" in said.err


def test_a_bad_new_policy_is_refused_before_anything_is_read(
    site: Settings, tmp_path: Path, run: Run
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[pool]\nmax_moves = 5000\n")
    said = run(site, "preview", "--policy", str(bad))
    assert said.code == 2
    assert "pool.max_moves" in said.err
