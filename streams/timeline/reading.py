"""Where is one learner's life in the topics?  Only the partitions that may hold it are read, and only what names it.

The learner's own partition first; then those of the mentors found there and of the operators, for what they heard.
"""

import time
from collections.abc import Callable, Collection, Iterator

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from schemas.activity import DeadlineRemoved, DeadlineSet
from schemas.codec import decode
from schemas.fact import Fact
from schemas.topics import LEARNER_FACTS, MATCHES, NUDGES, PERSON_FACTS, Topic
from streams.memory_log import partition_of
from streams.settings import Settings
from streams.timeline.life import Life

OF_COURSES = frozenset({DeadlineSet.TYPE.encode(), DeadlineRemoved.TYPE.encode()})
Wanted = Callable[[bytes, Message], bool]


def life_of(settings: Settings, person: str, operators: Collection[str], seconds: float = 600) -> Life:
    """`seconds` is when to stop and show what was read by then."""
    life, word, until = Life(person), person.encode(), time.monotonic() + seconds

    def own(key: bytes, message: Message) -> bool:
        return key == word or _type(message) in OF_COURSES

    def mentioned(key: bytes, message: Message) -> bool:
        return key == word or word in (message.value() or b"")

    for topic in (LEARNER_FACTS, MATCHES):
        _hear(life, settings, topic, {person}, own, until)
    people = {person, *life.mentors, *operators}
    _hear(life, settings, PERSON_FACTS, people, mentioned, until)
    keys = {who.encode() for who in people}
    _hear(life, settings, NUDGES, people, lambda key, message: key in keys, until)
    return life


def _type(message: Message) -> bytes | None:
    return dict(message.headers() or []).get("ce_type")


def _hear(
    life: Life, settings: Settings, topic: Topic, people: Collection[str], wanted: Wanted, until: float
) -> None:
    parts = sorted({partition_of(who.encode(), settings.partitions) for who in people})
    for message in _records(settings, settings.topic(topic.name), parts, until):
        if message is None:
            life.partial = True
            return
        if wanted(message.key() or b"", message):
            fact = decode(message.value(), message.headers() or [])
            if isinstance(fact, Fact):
                life.hear(fact)


def _records(settings: Settings, topic: str, parts: list[int], until: float) -> Iterator[Message | None]:
    """All there is now; None = no time is left."""
    consumer = Consumer(
        {
            **settings.confluent(), "group.id": f"{settings.prefix}timeline", "enable.auto.commit": False,
            "auto.offset.reset": "earliest", "isolation.level": "read_committed", "enable.partition.eof": True,
        }
    )  # fmt: skip
    try:
        starts = [TopicPartition(topic, n) for n in parts]
        for part in starts:
            part.offset = consumer.get_watermark_offsets(part, 10)[0]
        consumer.assign(starts)
        unread = set(parts)
        while unread:
            if time.monotonic() > until:
                yield None
                return
            for message in consumer.consume(2000, 0.5):
                error = message.error()
                if error is None:
                    yield message
                elif error.code() == KafkaError._PARTITION_EOF:
                    unread.discard(message.partition())
                else:
                    raise KafkaException(error)
    finally:
        consumer.close()
