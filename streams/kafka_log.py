"""The log port on a real Kafka, by confluent-kafka (librdkafka)."""

import time
from collections.abc import Callable, Mapping, Sequence

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from streams.kafka_changelog import CALL_S, KafkaChangelog, bounds, reader
from streams.kafka_transactions import KafkaTransactions
from streams.log import LogFailed, Partitions, Record, out_of_range
from streams.settings import Settings

FROZEN_S = 1.0  # a gap between polls after which what was known of the log's end is stale
HEARTBEAT_MS = 500  # a rebalance is noticed at the next one, so a graceful restart costs less than 2 s
IDLE_S, REST_S = 2.0, 0.2  # after so long without a record a broker that never waits is asked so much later
OUT_OF_RANGE = (KafkaError.OFFSET_OUT_OF_RANGE, KafkaError._AUTO_OFFSET_RESET)
JOIN_S = 10.0  # without an answer from the group, where a broker may forget to give one


class KafkaLog(KafkaTransactions):
    """Implements `streams.log.Log`: a member of the ledger's group, with its transactions."""

    def __init__(self, settings: Settings, group: str, slot: str) -> None:
        self.ledger, self.group = group, settings.topic(group)
        member = f"{self.group}-{slot}"
        super().__init__(settings, member)
        config = {
            **settings.confluent(),
            "group.id": self.group,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "error",
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "session.timeout.ms": settings.session_ms,
            "heartbeat.interval.ms": min(HEARTBEAT_MS, settings.session_ms // 4),
            "max.poll.interval.ms": max(300_000, settings.session_ms),
            "fetch.wait.max.ms": 20,
            "partition.assignment.strategy": "range",
        }
        if settings.static_members:  # a broker that never evicts the dead must know us again
            config["group.instance.id"] = member
        self.consumer = Consumer(config)
        self.ended: set[int] = set()  # partitions read to their end, as an event told
        self.unsure: set[int] = set()  # they were, before this process was frozen
        self.polled_at = self.heard_at = time.monotonic()
        self.serving: set[int] = set()  # partitions that are read
        self.unanswered_since: float | None = None  # the group was asked for partitions then

    # --- the group -----------------------------------------------------------------------------

    def join(
        self, topic: str, on_assigned: Callable[[Partitions], None], on_lost: Callable[[Partitions], None]
    ) -> None:
        self.topic = self.settings.topic(topic)
        self.open()  # before the group waits for us

        def assigned(_: Consumer, parts: list[TopicPartition]) -> None:
            self.unanswered_since = None
            if parts:
                on_assigned(sorted(p.partition for p in parts))

        def lost(_: Consumer, parts: list[TopicPartition]) -> None:
            self.ended.clear()
            self.unsure.clear()
            self.serving.clear()
            self.unanswered_since = time.monotonic()
            on_lost(sorted(p.partition for p in parts))

        self.consumer.subscribe([self.topic], on_assign=assigned, on_revoke=lost, on_lost=lost)
        self.unanswered_since = time.monotonic()

    def poll(self, limit: int, wait_s: float) -> Sequence[Record]:
        now = time.monotonic()
        if now - self.polled_at > FROZEN_S:
            self.unsure |= self.ended
            self.ended.clear()
        self.polled_at = now
        self._join_is_answered(now)
        records: list[Record] = []
        for message in self.consumer.consume(limit, wait_s):
            error = message.error()
            number = message.partition()
            if error is None:
                self.ended.discard(number)
                self.unsure.discard(number)
                records.append(message)
            elif error.code() == KafkaError._PARTITION_EOF:
                self.ended.add(number)
                self.unsure.discard(number)
            elif error.code() in OUT_OF_RANGE:
                raise self._out_of_range(number, message.offset())
            else:
                raise KafkaException(error)
        self.polled_at = time.monotonic()
        if records:
            self.heard_at = self.polled_at
        elif self.settings.static_members and self.polled_at - self.heard_at > IDLE_S:
            self._rest()
        return records

    def _out_of_range(self, partition: int, wanted: int) -> Exception:
        first, end = self.consumer.get_watermark_offsets(TopicPartition(self.topic, partition), CALL_S)
        return out_of_range(self.ledger, self.topic, partition, wanted, first, end)

    def _rest(self) -> None:
        """The embedded broker answers an empty fetch at once, where a Kafka waits a while.  The client would ask
        again and again, and a worker that has nothing to do take a quarter of a core."""
        parts = [TopicPartition(self.topic, number) for number in self.serving]
        if parts:
            self.consumer.pause(parts)
            time.sleep(REST_S)
            self.consumer.resume(parts)
            self._wake(parts[0])

    def _join_is_answered(self, now: float) -> None:
        """Two members that join at once are, one time in thirty, never answered by the embedded broker.

        Only who was first can end that, by leaving.  A real Kafka answers, be it as late as its slowest member.
        """
        since = self.unanswered_since
        if self.settings.static_members and since is not None and now - since > JOIN_S:
            raise LogFailed(f"{self.group} was joined, and the broker has not answered for {JOIN_S:.0f} s")

    def at_end(self, partition: int) -> bool:
        """By the end-of-partition event, which comes once; after a freeze the broker is asked anew."""
        if partition in self.ended:
            return True
        if partition not in self.unsure:
            return False
        where = TopicPartition(self.topic, partition)
        _, end = self.consumer.get_watermark_offsets(where, CALL_S)
        position = self.consumer.position([where])[0].offset
        if position < 0:
            position = self.consumer.committed([where], CALL_S)[0].offset
        if max(position, 0) >= end:
            self.ended.add(partition)
            self.unsure.discard(partition)
            return True
        return False

    def committed(self, partitions: Partitions) -> Mapping[int, int | None]:
        asked = [TopicPartition(self.topic, number) for number in partitions]
        try:
            found = self.consumer.committed(asked, CALL_S)
        except KafkaException as error:
            if error.args[0].code() != KafkaError._TIMED_OUT:
                raise
            raise LogFailed(
                f"the offsets of {self.group} stay unstable for {CALL_S:.0f} s: a former owner's transaction is open. "
                f"If this goes on, it hangs on the broker: see deploy/decisions/0003-sweep.md"
            ) from error
        for part in found:
            if part.error is not None:
                raise KafkaException(part.error)
        return {part.partition: part.offset if part.offset >= 0 else None for part in found}

    def assign(self, offsets: Mapping[int, int | None]) -> None:
        parts = [
            TopicPartition(self.topic, number, OFFSET_BEGINNING if offset is None else offset)
            for number, offset in offsets.items()
        ]
        self.consumer.assign(parts)
        self.consumer.pause([TopicPartition(self.topic, number) for number in offsets])

    def resume(self, partition: int) -> None:
        where = TopicPartition(self.topic, partition)
        self.consumer.resume([where])
        self.serving.add(partition)
        self._wake(where)

    def _wake(self, where: TopicPartition) -> None:
        """Asks the partition's broker something: else the client sleeps up to a second before it fetches."""
        self.consumer.get_watermark_offsets(where, CALL_S)

    def membership(self) -> object:
        return self.consumer.consumer_group_metadata()

    # --- the changelog -------------------------------------------------------------------------

    def ends(self, topic: str, partitions: Partitions) -> Mapping[int, int]:
        return {number: end for number, (_, end) in self.bounds(topic, partitions).items()}

    def bounds(self, topic: str, partitions: Partitions) -> Mapping[int, tuple[int, int]]:
        return bounds(
            reader(self.settings, self.group, "read_uncommitted"), self.settings.topic(topic), partitions
        )

    def changelog(self, topic: str, ends: Mapping[int, int]) -> KafkaChangelog:
        return KafkaChangelog(
            reader(self.settings, self.group, "read_committed"), self.settings.topic(topic), ends
        )

    def close(self) -> None:
        self.consumer.close()
