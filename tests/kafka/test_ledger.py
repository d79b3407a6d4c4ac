"""The ledger on real brokers: takeover after kill -9, poison facts, a crash of the interpreter, a graceful stop."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from schemas.activity import ActivitySeen
from schemas.codec import decode, encode
from schemas.matches import LearnerWaitlisted
from schemas.topics import changelog
from streams import kafka_log
from streams.broker import Broker
from streams.kafka_log import KafkaLog
from streams.log import LogFailed
from streams.settings import Settings
from streams.supervisor import Slot, Supervisor
from streams.topics import create

pytestmark = pytest.mark.kafka


def until(true: Callable[[], bool], seconds: float, what: str) -> float:
    started = time.monotonic()
    while not true():
        assert time.monotonic() - started < seconds, f"not within {seconds} s: {what}"
        signal.sigtimedwait([], 0.05)  # waits without a busy loop
    return time.monotonic() - started


@contextmanager
def workers(count: int) -> Iterator[Supervisor]:
    supervisor = Supervisor(
        [
            Slot(
                f"count-{n}",
                lambda deaths, n=n: [sys.executable, "-m", "tests.kafka.counting", str(n), str(deaths)],
            )
            for n in range(count)
        ]
    )
    with supervisor.beside():
        yield supervisor


def send(settings: Settings, facts: list[ActivitySeen]) -> None:
    producer = Producer({**settings.confluent(), "partitioner": "murmur2_random", "enable.idempotence": True})
    for fact in facts:
        wire = encode(fact)
        producer.produce(settings.topic(wire.topic), wire.value, wire.key, headers=[*wire.headers])
    assert producer.flush(30) == 0


def facts(count: int, kind: str = "view") -> list[ActivitySeen]:
    now = datetime.now(UTC)
    return [
        ActivitySeen(id=uuid4(), at=now, seen_at=now, source="p", learner=f"p:{n % 20}", kind=kind)  # type: ignore[arg-type]
        for n in range(count)
    ]


def told(settings: Settings) -> list[LearnerWaitlisted]:
    """All committed outputs, read anew."""
    reader = Consumer(
        {
            **settings.confluent(),
            "group.id": f"reader-{uuid4()}",
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
        }
    )
    topic = settings.topic("matches")
    reader.assign([TopicPartition(topic, n, 0) for n in range(settings.partitions)])
    found: list[LearnerWaitlisted] = []
    ended: set[int] = set()
    while len(ended) < settings.partitions:
        for message in reader.consume(1000, 1.0):
            if message.error():
                ended.add(message.partition())
                continue
            fact = decode(message.value(), message.headers() or [])
            assert isinstance(fact, LearnerWaitlisted)
            found.append(fact)
    reader.close()
    return found


def caused_by_facts(settings: Settings) -> list[str]:
    return [o.would_change.split()[1] for o in told(settings) if o.would_change.startswith("fact")]


def test_a_killed_worker_is_replaced_and_nothing_is_lost_or_told_twice(site: Settings) -> None:
    first, second = facts(500), facts(500)
    with workers(2) as supervisor:
        send(site, first)
        until(lambda: len(caused_by_facts(site)) >= 500, 40, "the first facts are folded")
        victim = supervisor.slots[0].process
        assert victim is not None
        os.kill(victim.pid, signal.SIGKILL)
        send(site, second)
        until(lambda: len(caused_by_facts(site)) >= 1000, 40, "the rest is folded")
        until(lambda: len([o for o in told(site) if o.would_change.startswith("wake")]) >= 60, 30, "wakes")
    said = caused_by_facts(site)
    assert sorted(said) == sorted(str(f.id) for f in [*first, *second])


def test_a_fact_that_raises_is_parked_alone(site: Settings) -> None:
    good, poison = facts(50), facts(1, "forum")
    with workers(1):
        send(site, [*good[:25], *poison, *good[25:]])
        until(lambda: len(caused_by_facts(site)) >= 50, 40, "the good ones are folded")
    assert sorted(caused_by_facts(site)) == sorted(str(f.id) for f in good)


def test_a_graceful_stop_leaves_the_group_at_once(site: Settings) -> None:
    with workers(1):
        send(site, facts(10))
        until(lambda: len(caused_by_facts(site)) >= 10, 40, "folded")
    with workers(1):
        send(site, facts(10))
        seconds = until(lambda: len(caused_by_facts(site)) >= 20, 40, "folded by the next")
    assert timedelta(seconds=seconds) < timedelta(milliseconds=site.session_ms)


def test_a_record_as_large_as_a_broker_takes_is_parked_and_the_next_one_is_folded(site: Settings) -> None:
    producer = Producer({**site.confluent(), "message.max.bytes": 1_040_000, "partitioner": "murmur2_random"})
    producer.produce(site.topic("learner-facts"), b"x" * 999_900, b"p:1")
    assert producer.flush(30) == 0
    good = facts(40)
    with workers(1):
        send(site, good)
        until(lambda: len(caused_by_facts(site)) >= 40, 40, "the good ones are folded")
    assert sorted(caused_by_facts(site)) == sorted(str(f.id) for f in good)


def test_a_restored_partition_is_read_no_further_while_another_waits(kafka: Broker, prefix: str) -> None:
    """Its new owner writes to it meanwhile; those records are no news."""
    settings = kafka.settings(prefix=prefix, partitions=2, health_port=0)
    create(settings)
    log = KafkaLog(settings, "pulses", "0")
    rows = changelog("pulses").name
    topic = settings.topic(rows)
    plain = Producer(settings.confluent())
    plain.produce(topic, b"row", b"first", 0)
    assert plain.flush(10) == 0
    unfinished = Producer({**settings.confluent(), "transactional.id": prefix})
    unfinished.init_transactions(20)
    unfinished.begin_transaction()
    unfinished.produce(topic, b"row", b"open", 1)
    assert unfinished.flush(10) == 0
    reader = log.changelog(rows, log.ends(rows, [0, 1]))
    found: list[tuple[int, bytes | None]] = []
    done: set[int] = set()

    def read() -> bool:
        records, finished = reader.slice(100)
        found.extend((record.partition(), record.key()) for record in records)
        done.update(finished)
        return True

    until(lambda: read() and 0 in done, 20, "the first partition is restored")
    plain.produce(topic, b"row", b"later", 0)
    assert plain.flush(10) == 0
    for _ in range(10):
        read()
    assert 1 not in done
    unfinished.commit_transaction(20)
    until(lambda: read() and 1 in done, 20, "the second partition is restored")
    reader.close()
    log.close()
    assert found == [(0, b"first"), (1, b"open")]


def test_a_join_that_the_embedded_broker_never_answers_ends_the_worker(
    embedded: Broker, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here since a member before it stands still; the broker waits for that for ever."""
    monkeypatch.setattr(kafka_log, "JOIN_S", 2.0)
    settings = embedded.settings(prefix=prefix, partitions=2)
    create(settings)
    first, second = KafkaLog(settings, "pulses", "0"), KafkaLog(settings, "pulses", "1")

    def join(log: KafkaLog) -> None:
        log.join("learner-facts", lambda owned: log.assign(dict.fromkeys(owned)), lambda lost: None)

    join(first)
    until(lambda: (first.poll(1, 0.1), first.unanswered_since is None)[1], 20, "the first has partitions")
    join(second)
    with pytest.raises(LogFailed, match="not answered for 2 s"):
        until(lambda: bool(second.poll(1, 0.1)), 20, "nothing is raised")
    first.close()
    second.close()


def test_a_worker_that_rests_on_the_embedded_broker_hears_what_comes(
    embedded: Broker, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_log, "IDLE_S", 0.1)
    settings = embedded.settings(prefix=prefix, partitions=2)
    create(settings)
    log = KafkaLog(settings, "pulses", "0")
    rests: list[int] = []
    monkeypatch.setattr(log, "_rest", lambda rest=log._rest: (rest(), rests.append(1)))

    def serve(owned: Sequence[int]) -> None:
        log.assign(dict.fromkeys(owned))
        for number in owned:
            log.resume(number)

    log.join("learner-facts", serve, lambda lost: None)
    until(lambda: (log.poll(10, 0.05), len(rests) > 3)[1], 20, "it rests")
    producer = Producer(settings.confluent())
    for number in (0, 1):
        producer.produce(settings.topic("learner-facts"), b"late", b"key", number)
    assert producer.flush(10) == 0
    heard: set[int] = set()
    until(
        lambda: (heard.update(one.partition() for one in log.poll(10, 0.05)), heard == {0, 1})[1], 20, "both"
    )
    log.close()
