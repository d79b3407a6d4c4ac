"""How is what a ledger decided written to Kafka, all of it or nothing?  By transactions, fenced by the group (KIP-447)."""

import uuid
from collections.abc import Mapping

from confluent_kafka import KafkaError, KafkaException, Producer, TopicPartition

from schemas.topics import LETTER_BYTES
from streams.kafka_changelog import CALL_S
from streams.log import Fenced, LogFailed, RawHeaders
from streams.settings import Settings

TRANSACTION_S = 10.0  # offsets and commit: beyond it the process ends, and the next restores
_FENCED = frozenset(
    {
        KafkaError._FENCED,
        KafkaError.ILLEGAL_GENERATION,
        KafkaError.UNKNOWN_MEMBER_ID,
        KafkaError.FENCED_INSTANCE_ID,
        KafkaError.REBALANCE_IN_PROGRESS,
        KafkaError.INVALID_PRODUCER_EPOCH,
        KafkaError.PRODUCER_FENCED,
    }
)


class KafkaTransactions:
    """The writing half of `streams.log.Log`: one transaction at a time, under a fresh transactional id a start."""

    def __init__(self, settings: Settings, member: str) -> None:
        self.settings = settings
        self.topic = ""  # of the input, whose offsets are committed; known once the group is joined
        self.producer = Producer(
            {
                **settings.confluent(),
                "transactional.id": f"{member}-{uuid.uuid4()}",
                "transaction.timeout.ms": settings.transaction_ms,
                "message.max.bytes": LETTER_BYTES,
                "partitioner": "murmur2_random",
                "linger.ms": 2,
                "batch.size": 1_000_000,
                "queue.buffering.max.messages": 1_000_000,
            }
        )
        self._names: dict[str, str] = {}

    def open(self) -> None:
        """Once, before the first transaction."""
        self.producer.init_transactions(CALL_S)

    def begin(self) -> None:
        self.producer.begin_transaction()

    def write(
        self, topic: str, partition: int | None, key: bytes | None, value: bytes | None, headers: RawHeaders
    ) -> None:
        if partition is None:
            self.producer.produce(self._name(topic), value, key, headers=headers)
        else:
            self.producer.produce(self._name(topic), value, key, partition, headers=headers)

    def offsets(self, offsets: Mapping[int, int], membership: object) -> None:
        parts = [TopicPartition(self.topic, number, offset) for number, offset in offsets.items()]
        try:
            self.producer.send_offsets_to_transaction(parts, membership, TRANSACTION_S)
        except KafkaException as error:
            raise _told_apart(error) from error

    def commit(self) -> None:
        try:
            self.producer.commit_transaction(TRANSACTION_S)
        except KafkaException as error:
            raise _told_apart(error) from error

    def _name(self, topic: str) -> str:
        name = self._names.get(topic)
        if name is None:
            name = self._names[topic] = self.settings.topic(topic)
        return name


def _told_apart(error: KafkaException) -> Exception:
    inner = error.args[0]
    if isinstance(inner, KafkaError) and inner.code() in _FENCED:
        return Fenced(inner.str())
    return LogFailed(str(inner))
