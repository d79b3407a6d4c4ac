"""Reads the outside topics as a notification service would: committed records only, from where it was told."""

from collections.abc import Iterator, Sequence
from uuid import uuid4

import orjson
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from schemas.codec import decode
from schemas.fact import Fact
from streams.settings import Settings

MOST_BYTES = 2_000_000_000  # of one answer: the embedded broker sends all there is, whatever is asked for
OUTSIDE = ("matches", "rounds", "nudges", "dead-letters")


class Reader:
    """One reader of some topics, all partitions, from their beginning or from now on."""

    def __init__(self, settings: Settings, topics: Sequence[str], *, from_now: bool = False) -> None:
        self.settings = settings
        self.names = {settings.topic(name): name for name in topics}
        self.consumer = Consumer(
            {
                **settings.confluent(),
                "group.id": f"{settings.prefix}reader-{uuid4()}",
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "receive.message.max.bytes": MOST_BYTES,
            }
        )
        parts = [TopicPartition(name, n, 0) for name in self.names for n in range(settings.partitions)]
        for part in parts:
            low, high = self.consumer.get_watermark_offsets(part, 10)
            part.offset = high if from_now else low
        self.consumer.assign(parts)
        self.unread = {(part.topic, part.partition) for part in parts}

    def poll(self, wait_s: float) -> Iterator[tuple[str, Message]]:
        """Records as (topic without prefix, message); notes which partitions were read to their end."""
        for message in self.consumer.consume(1000, wait_s):
            error = message.error()
            if error is None:
                yield self.names[message.topic()], message
            elif error.code() == KafkaError._PARTITION_EOF:
                self.unread.discard((message.topic(), message.partition()))
            else:
                raise KafkaException(error)

    def all(self) -> Iterator[tuple[str, Message]]:
        """Everything there is now, once."""
        while self.unread:
            yield from self.poll(0.5)

    def close(self) -> None:
        self.consumer.close()


def fact_of(topic: str, value: bytes | None, headers: Sequence[tuple[str, bytes]]) -> Fact | None:
    """The fact of an outside record; a dead letter's own bytes are never looked at."""
    if topic == "dead-letters":
        told = {name: raw.decode("utf-8", "replace") for name, raw in headers if name.startswith("parked_")}
        value = orjson.dumps(
            {
                "topic": told.get("parked_topic", "?"),
                "partition": int(told.get("parked_partition", 0)),
                "offset": int(told.get("parked_offset", 0)),
                "reason": told.get("parked_reason", "?"),
                "dialect": told.get("parked_dialect", ""),
            }
        )
        headers = [(name, raw) for name, raw in headers if name.startswith("ce_")]
    found = decode(value, headers)
    return found if isinstance(found, Fact) else None
