"""A partition's rows, read back from Kafka."""

from collections.abc import Iterable, Mapping

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from streams.log import Partitions, Record
from streams.settings import Settings

SLICE_S = 0.02  # how long a restore waits for more of the changelog before the group is polled again
CALL_S = 20.0


def reader(settings: Settings, group: str, isolation: str) -> Consumer:
    return Consumer(
        {
            **settings.confluent(),
            "group.id": f"{group}-restore",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            "isolation.level": isolation,
            "fetch.wait.max.ms": 20,
        }
    )


def bounds(consumer: Consumer, topic: str, partitions: Partitions) -> Mapping[int, tuple[int, int]]:
    """Where partitions begin and end, by a reader that is closed then."""
    try:
        return {n: consumer.get_watermark_offsets(TopicPartition(topic, n), CALL_S) for n in partitions}
    finally:
        consumer.close()


class KafkaChangelog:
    """Reads committed changelog records to the ends asked for; end-of-partition events tell.

    A partition that is done is read no further: whoever serves it now writes to it.
    """

    def __init__(self, consumer: Consumer, topic: str, ends: Mapping[int, int]) -> None:
        self.consumer, self.topic, self.ends = consumer, topic, dict(ends)
        consumer.list_topics(topic, CALL_S)  # or the client finds no leader at first, and waits half a second
        self.consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in ends])

    def slice(self, limit: int) -> tuple[Iterable[Record], set[int]]:
        records: list[Record] = []
        done: set[int] = set()
        if not self.ends:
            return records, done
        for message in self.consumer.consume(limit, SLICE_S):
            error, number = message.error(), message.partition()
            if error is None:
                if number in self.ends:
                    records.append(message)
            elif error.code() != KafkaError._PARTITION_EOF:
                raise KafkaException(error)
            elif number in self.ends and message.offset() >= self.ends[number]:
                done.add(number)
                del self.ends[number]
                self.consumer.pause([TopicPartition(self.topic, number)])
        return records, done

    def close(self) -> None:
        self.consumer.close()
