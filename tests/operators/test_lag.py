"""Lag counts facts that are still to be read, not the markers of transactions."""

import json
from uuid import uuid4

from confluent_kafka import Consumer, Producer, TopicPartition

from streams.broker import Broker
from streams.lag import lags
from streams.settings import Settings
from tests.operators.conftest import Run


def _transact(settings: Settings, topic: str, count: int, abort: bool = False) -> None:
    producer = Producer({**settings.confluent(), "transactional.id": uuid4().hex})
    producer.init_transactions(20)
    producer.begin_transaction()
    for n in range(count):
        producer.produce(topic, b"%d" % n, partition=0)
    if abort:
        producer.flush(20)
        producer.abort_transaction(20)
    else:
        producer.commit_transaction(20)


def _read_through(settings: Settings, group: str, topic: str, offset: int) -> None:
    consumer = Consumer({**settings.confluent(), "group.id": group, "enable.auto.commit": False})
    consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False)
    consumer.close()


def test_lag_counts_facts_and_no_markers(broker: Broker, prefix: str, run: Run) -> None:
    settings = broker.settings(prefix=prefix, partitions=2)
    assert run(settings, "topics", "create").code == 0
    topic = prefix + "pool-facts"
    _transact(settings, topic, 5)
    _transact(settings, topic, 3, abort=True)

    behind = {(lag.ledger, lag.partition): lag.behind for lag in lags(settings)}
    assert len(behind) == 4 * 2
    assert behind["pools", 0] == 5
    assert sum(behind.values()) == 5

    _read_through(settings, prefix + "pools", topic, 5)
    assert sum(lag.behind for lag in lags(settings)) == 0
    assert next(lag for lag in lags(settings) if lag.ledger == "pools" and lag.partition == 0).committed == 5


def test_lag_as_a_table_as_json_and_as_an_alarm(broker: Broker, prefix: str, run: Run) -> None:
    settings = broker.settings(prefix=prefix, partitions=2)
    assert run(settings, "topics", "create").code == 0
    _transact(settings, prefix + "person-facts", 7)

    table = run(settings, "lag")
    assert table.code == 0
    assert "inboxes: 7 behind" in table.out
    assert "pools: nothing left to read" in table.out
    found = json.loads(run(settings, "lag", "--json").out)
    assert {row["behind"] for row in found if row["ledger"] == "inboxes"} == {0, 7}
    assert run(settings, "lag", "--at-most", "7").code == 0
    assert run(settings, "lag", "--at-most", "6").code == 1
