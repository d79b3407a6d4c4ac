"""How do platform events reach Kafka?  One idempotent producer; on the facts' clock with ticks between."""

from datetime import datetime

from confluent_kafka import KafkaError, Message, Producer

from schemas.fact import Fact
from schemas.topics import PLATFORM_EVENTS
from streams.errors import Trouble
from streams.replay import event, tick
from streams.settings import Settings


class FeedFailed(Trouble):
    """Events did not reach Kafka; the text says how many."""


class Feed:
    """Sends canonical facts as binary CloudEvents."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.topic = settings.topic(PLATFORM_EVENTS.name)
        self.failed = 0
        self.producer = Producer(
            {
                **settings.confluent(),
                "enable.idempotence": True,
                "partitioner": "murmur2_random",
                "linger.ms": 5,
                "queue.buffering.max.messages": 200_000,
            }
        )

    def send(self, fact: Fact) -> None:
        key, value, headers = event(fact)
        while True:
            try:
                self.producer.produce(self.topic, value, key, headers=headers, on_delivery=self._delivered)
            except BufferError:
                self.producer.poll(0.1)
                continue
            break
        self.producer.poll(0)

    def tick(self, through: datetime) -> None:
        """After all facts up to `through`, the word to every partition that they were told."""
        self.flush()
        for number in range(self.settings.partitions):
            value, headers = tick(number, self.settings.partitions, through)
            self.producer.produce(
                self.topic, value, b"tick", number, headers=headers, on_delivery=self._delivered
            )
        self.flush()

    def flush(self) -> None:
        if self.producer.flush(60) or self.failed:
            raise FeedFailed(
                f"{self.failed or 'some'} events did not reach Kafka: check the broker, then send them again (repeats are harmless)"
            )

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self.failed += 1
