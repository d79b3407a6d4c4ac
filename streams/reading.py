"""What does a topic hold?  Read once from its beginning, committed records only, with kafka-python."""

import time
from collections.abc import Iterator
from typing import Any

from kafka import KafkaConsumer
from kafka.errors import KafkaTimeoutError
from kafka.structs import TopicPartition

from schemas.codec import decode
from schemas.fact import Fact
from streams.errors import Trouble
from streams.settings import Settings

WAIT_MS = 10_000  # for an answer of the brokers


def reader_of_committed(settings: Settings) -> KafkaConsumer:
    """A consumer of committed records, in no group."""
    config = {
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "bootstrap_timeout_ms": WAIT_MS,
    }
    return KafkaConsumer(**settings.kafka_python(), **config)


def records(settings: Settings, topic: str) -> Iterator[Any]:
    """All committed records of a topic (its full name), up to where it ended when asked, partition by partition."""
    consumer = reader_of_committed(settings)
    try:
        parts = [TopicPartition(topic, n) for n in sorted(consumer.partitions_for_topic(topic) or ())]
        ends = consumer.end_offsets(parts) if parts else {}
        for part in parts:
            consumer.assign([part])
            consumer.seek_to_beginning(part)
            deadline = time.monotonic() + WAIT_MS / 1000
            while consumer.position(part) < ends[part]:
                records = consumer.poll(timeout_ms=200).get(part, [])
                if records:
                    deadline = time.monotonic() + WAIT_MS / 1000
                elif time.monotonic() > deadline:
                    raise KafkaTimeoutError(f"{topic} {part.partition} cannot be read to its end")
                yield from records
    finally:
        consumer.close()


def fact_in(record: Any) -> Fact:
    fact = decode(record.value, record.headers)
    if not isinstance(fact, Fact):
        raise Trouble(
            f"a record of {record.topic} cannot be read ({fact.reason}): was it written by a newer release?"
        )
    return fact
