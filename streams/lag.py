"""How far is each ledger behind?  For each partition: the topic's end less the group's offset.

A transaction leaves a marker after its records, which counts as an offset and not as a fact.  So a
small difference is read, and only what is really there counts.
"""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from kafka.admin import KafkaAdminClient, OffsetSpec
from kafka.errors import CorruptRecordError, KafkaTimeoutError
from kafka.structs import TopicPartition

from schemas.topics import LEDGERS
from streams.groups import coordinated
from streams.reading import WAIT_MS, reader_of_committed
from streams.settings import Settings
from streams.topics import admin

READ_BELOW = 64  # differences up to this are read


class Lag(NamedTuple):
    """`committed` is None where the group has none yet: then everything there is counts."""

    ledger: str
    topic: str
    partition: int
    committed: int | None
    end: int
    behind: int


def lags(settings: Settings) -> list[Lag]:
    with admin(settings) as client:
        found = [
            lag for ledger, topic in LEDGERS.items() for lag in _of(client, settings, ledger, topic.name)
        ]
    small = [lag for lag in found if 0 < lag.behind <= READ_BELOW]
    exact = _readable(settings, small) if small else {}
    return [lag._replace(behind=exact.get((lag.topic, lag.partition), lag.behind)) for lag in found]


def _of(client: KafkaAdminClient, settings: Settings, ledger: str, name: str) -> list[Lag]:
    topic, group = settings.topic(name), settings.group(ledger)
    parts = [TopicPartition(topic, n) for n in range(settings.partitions)]
    ends = client.list_partition_offsets(dict.fromkeys(parts, OffsetSpec.LATEST))
    starts = client.list_partition_offsets(dict.fromkeys(parts, OffsetSpec.EARLIEST))
    committed = {part: seen.offset for part, seen in _committed(client, group).items() if seen.offset >= 0}
    return [
        Lag(
            ledger,
            topic,
            part.partition,
            committed.get(part),
            ends[part].offset,
            max(0, ends[part].offset - committed.get(part, starts[part].offset)),
        )
        for part in parts
    ]


def _committed(client: KafkaAdminClient, group: str) -> Mapping[TopicPartition, Any]:
    offsets: Mapping[TopicPartition, Any] = coordinated(
        lambda: client.list_group_offsets({group: None})[group]
    )
    return offsets


def _readable(settings: Settings, few: list[Lag]) -> dict[tuple[str, int], int]:
    """Committed records from the group's offset on, by topic and partition."""
    consumer = reader_of_committed(settings)
    ends = {TopicPartition(lag.topic, lag.partition): lag.end for lag in few}
    found = {(lag.topic, lag.partition): 0 for lag in few}
    deadline = time.monotonic() + WAIT_MS / 1000
    try:
        consumer.assign(list(ends))
        for lag in few:
            consumer.seek(TopicPartition(lag.topic, lag.partition), lag.end - lag.behind)
        while any(consumer.position(part) < end for part, end in ends.items()):
            for part, records in consumer.poll(timeout_ms=200).items():
                found[(part.topic, part.partition)] += sum(record.offset < ends[part] for record in records)
            if time.monotonic() > deadline:  # an open transaction holds the rest back: it counts in full
                left = {(lag.topic, lag.partition): lag.behind for lag in few}
                return {
                    key: left[key]
                    if consumer.position(TopicPartition(*key)) < ends[TopicPartition(*key)]
                    else count
                    for key, count in found.items()
                }
    except (KafkaTimeoutError, CorruptRecordError):  # or what this client cannot read: then offsets count
        return {}
    finally:
        consumer.close()
    return found


def settle(settings: Settings, quiet_s: float) -> None:
    """Waits until no ledger is behind and nothing new was written for so long."""
    before: list[tuple[int, int]] = []
    quiet = time.monotonic()
    while time.monotonic() - quiet < quiet_s:
        now = [(lag.end, lag.behind) for lag in lags(settings)]
        if now != before or any(behind for _, behind in now):
            before, quiet = now, time.monotonic()
        time.sleep(0.5)
