"""Where is one learner's life in the topics?  Only the partitions that may hold it are read, and only what names it.

The learner's own partition first; then those of the mentors found there and of the operators, for what they heard.
"""

import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from nudging.pulse_rows import PulseRow
from schemas.activity import DeadlineRemoved, DeadlineSet
from schemas.codec import decode
from schemas.fact import Fact
from schemas.rows import RowKey
from schemas.topics import LEARNER_FACTS, MATCHES, NUDGES, PERSON_FACTS, Topic, changelog
from streams.memory_log import partition_of
from streams.partition import key_bytes
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

    life.since = _hear(life, settings, LEARNER_FACTS, {person}, own, until)
    _hear(life, settings, MATCHES, {person}, own, until)
    if life.since is not None and (pulse := _pulse(settings, person, until)) is not None:
        life.remember(pulse)
    people = {person, *life.mentors, *operators}
    _hear(life, settings, PERSON_FACTS, people, mentioned, until)
    keys = {who.encode() for who in people}
    _hear(life, settings, NUDGES, people, lambda key, message: key in keys, until)
    return life


def _type(message: Message) -> bytes | None:
    return dict(message.headers() or []).get("ce_type")


def _hear(
    life: Life, settings: Settings, topic: Topic, people: Collection[str], wanted: Wanted, until: float
) -> datetime | None:
    """From when on all is held, where the topic has lost its oldest records."""
    parts = sorted({partition_of(who.encode(), settings.partitions) for who in people})
    lost = set[int]()
    since: list[datetime] = []
    for message in _records(settings, settings.topic(topic.name), parts, until, lost):
        if message is None:
            life.partial = True
            break
        if message.partition() in lost:
            lost.discard(message.partition())
            first = decode(message.value(), message.headers() or [])
            since += [first.seen_at] if isinstance(first, Fact) else []
        if wanted(message.key() or b"", message):
            fact = decode(message.value(), message.headers() or [])
            if isinstance(fact, Fact):
                life.hear(fact)
    return max([*since, *(datetime.now(UTC) for _ in lost)], default=None)  # of what is lost whole: until now


def _pulse(settings: Settings, person: str, until: float) -> PulseRow | None:
    """What the person's pulse remembers; the last row counts."""
    key, found = key_bytes(RowKey(PulseRow.KIND, person)), None
    parts = [partition_of(person.encode(), settings.partitions)]
    for message in _records(settings, settings.topic(changelog("pulses").name), parts, until, set()):
        if message is None:
            break
        if message.key() == key:
            found = message.value()
    return None if found is None else PulseRow.model_validate_json(found)


def _records(
    settings: Settings, topic: str, parts: list[int], until: float, lost: set[int]
) -> Iterator[Message | None]:
    """All there is now; None = no time is left.  `lost` takes the partitions that do not begin at 0 any more."""
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
        lost.update(part.partition for part in starts if part.offset > 0)
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
