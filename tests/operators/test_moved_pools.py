"""A programme keeps its pool while anybody of it is there: in another they would get a second mentor."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from kafka import KafkaProducer

from matching.rows import LearnerRow, MentorRow
from schemas.fact import Fact
from schemas.learners import LearnerEnrolled, LearnerWithdrew
from schemas.matches import MatchConfirmed, MatchEnded
from schemas.mentors import MentorJoined
from schemas.policy import Policy
from schemas.rows import Row, RowKey
from streams import moved_pools, policy_file
from streams.broker import Broker
from streams.moved_pools import Move, PoolsRefused, moved
from streams.partition import key_bytes, row_bytes
from streams.replay import Replay
from streams.settings import Settings
from tests.operators.conftest import Run

START = datetime(2026, 3, 2, tzinfo=UTC)
SHARED = Policy(version="shared", pools={"P": "health"})


def test_what_a_programme_that_moves_would_leave_behind() -> None:
    """Why it is refused: the pair in the old pool outlives the learner's withdrawal, beside a second one."""
    said: list[Fact] = []
    policy = [Policy()]
    replay = Replay(Settings(partitions=1), policy[0], lambda topic, fact, line: said.append(fact))
    for ledger in replay.ledgers.values():
        ledger.policy = lambda: policy[0]
    hour = timedelta(hours=1)

    def told(hours: int, cls: type[Fact], **fields: object) -> Fact:
        at = START + hours * hour
        return cls(id=uuid4(), at=at, seen_at=at, source="a", programme="P", **fields)

    replay.step(START, [])
    for hours, name in ((1, "C"), (3, "D")):
        mentor = told(hours, MentorJoined, mentor=f"a:m{hours}", capacity_minutes=120)
        replay.step(
            START + (hours + 1) * hour, [mentor, told(hours, LearnerEnrolled, learner="a:l", course=name)]
        )
        policy[0] = SHARED
    pairs = {(fact.pool, fact.mentor) for fact in said if isinstance(fact, MatchConfirmed)}
    assert pairs == {("P", "a:m1"), ("health", "a:m3")}
    gone = [told(5, LearnerWithdrew, learner="a:l", course=name) for name in ("C", "D")]
    replay.step(START + 6 * hour, gone)
    assert {fact.pool for fact in said if isinstance(fact, MatchEnded)} == {"health"}


def test_only_another_pool_is_a_move() -> None:
    assert moved({"a": "a", "b": "x"}, {"b": "x", "c": "c"}) == []
    assert moved({"b": "x"}, {"c": "x"}) == [Move("b", "x", "b"), Move("c", "c", "x")]


@pytest.fixture
def site(embedded: Broker, prefix: str, tmp_path: Path, run: Run) -> Settings:
    policy = tmp_path / "policy.toml"
    policy.write_text('version = "own"\n')
    settings: Settings = embedded.settings(
        prefix=prefix, partitions=2, policy_path=str(policy), health_port=0
    )
    assert run(settings, "topics", "create").code == 0
    moved_pools.keep(settings, Policy())
    return settings


def put(settings: Settings, rows: dict[tuple[str, str], Row | None]) -> None:
    producer = KafkaProducer(**settings.kafka_python())
    for (pool, id), row in rows.items():
        kind = "mentor" if id.startswith("a:m") else "learner"
        value = None if row is None else row_bytes(row)
        producer.send(settings.topic("pools-rows"), key=key_bytes(RowKey(kind, pool, id)), value=value)
    producer.flush()
    producer.close()


STUDIES = LearnerRow(programme="P", courses={"C": (START, True)})
LEFT = LearnerRow(programme="P", courses={"C": (START, False)})


def test_who_is_there_keeps_the_programme_where_it_is(site: Settings, run: Run) -> None:
    told: list[str] = []
    running = policy_file.watch(site.policy_file, told.append, lambda policy: moved_pools.keep(site, policy))
    put(site, {("P", "a:1"): STUDIES, ("P", "a:2"): LEFT, ("P", "a:m"): MentorRow(programme="P", here=True)})
    put(site, {("Q", "a:3"): LearnerRow(programme="Q", courses=STUDIES.courses)})
    with pytest.raises(
        PoolsRefused, match=r"1 learners and 1 mentors of it are in pool P.* Take P out of pools"
    ):
        moved_pools.keep(site, SHARED)

    policy = site.policy_file
    assert policy is not None
    policy.write_text('version = "shared"\npools = { P = "health" }\n')
    assert running.now().version == "own"  # one that runs goes on under the last good file
    assert "they would stay behind" in told[-1]
    assert told[-1].endswith("the policy 'own' stays in force")
    started = run(site, "intake")
    assert (started.code, "put programme P into pool health" in started.err) == (2, True)
    assert "no worker would take this policy" in run(site, "preview", "--policy", str(policy)).err

    policy.write_text('version = "new"\npools = { N = "health" }\n')  # of which nobody is known
    assert running.now().version == "new"
    put(site, {("health", "a:4"): LearnerRow(programme="N", courses=STUDIES.courses)})
    policy.write_text('version = "newer"\n')
    assert running.now().version == "new"


def test_it_may_move_when_all_have_left(site: Settings) -> None:
    put(site, {("P", "a:1"): STUDIES, ("P", "a:m"): MentorRow(programme="P", here=True)})
    put(site, {("P", "a:1"): LEFT, ("P", "a:m"): None})
    moved_pools.keep(site, SHARED)
    put(site, {("health", "a:1"): STUDIES})
    with pytest.raises(PoolsRefused, match=r'Write pools = { P = "health" } again'):
        moved_pools.keep(site, Policy())


def test_who_takes_part_in_two_programmes_keeps_both_where_they_are(site: Settings) -> None:
    both = LearnerRow(programme="R", courses={"C": (START, True), "D": (START, True)}, elsewhere={"C": "P"})
    put(site, {("P", "a:1"): both})
    with pytest.raises(PoolsRefused, match="1 learners and 0 mentors of it are in pool P"):
        moved_pools.keep(site, SHARED)
    put(site, {("P", "a:1"): both.model_copy(update={"courses": {"C": (START, False), "D": (START, True)}})})
    moved_pools.keep(site, SHARED)
