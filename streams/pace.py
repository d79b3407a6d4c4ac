"""How fast may history be told?  One tick at a time: the next only when the ledgers have passed the last one on.

Without it a fast partition runs days ahead of a slow one, and a round meets learners from its future.
"""

import time
from datetime import datetime
from uuid import uuid4

from confluent_kafka import Consumer, KafkaException, TopicPartition

from schemas.codec import decode
from schemas.control import ClockTicked
from schemas.topics import PERSON_FACTS
from streams.errors import Trouble
from streams.settings import Settings

STUCK_S = 120.0
LAST = "pulses"  # the last ledger that passes ticks on


class Pace:
    """Hears the ticks of the last ledger in one partition of its output; each tick goes to every partition."""

    def __init__(self, settings: Settings) -> None:
        self.partitions = settings.partitions
        self.consumer = Consumer(
            {
                **settings.confluent(),
                "group.id": f"{settings.prefix}pace-{uuid4()}",
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
                "isolation.level": "read_committed",
                "fetch.wait.max.ms": 10,
            }
        )
        where = TopicPartition(settings.topic(PERSON_FACTS.name), 0)
        where.offset = self.consumer.get_watermark_offsets(where, 10)[1]
        self.consumer.assign([where])
        self.heard: dict[int, datetime] = {}

    def wait(self, through: datetime) -> None:
        """Until every partition of the last ledger has passed this tick on."""
        until = time.monotonic() + STUCK_S
        while sum(at >= through for at in self.heard.values()) < self.partitions:
            if time.monotonic() > until:
                raise Trouble(
                    f"the ledgers do not pass the tick {through:%Y-%m-%d %H:%M} on: are all of them running "
                    f"(`python -m streams up`), and is none behind (`python -m streams lag`)?"
                )
            for message in self.consumer.consume(1000, 0.2):
                if message.error() is not None:
                    raise KafkaException(message.error())
                headers = message.headers() or []
                if any(name == "ce_type" and raw.endswith(b".clock.ticked.v1") for name, raw in headers):
                    tick = decode(message.value(), headers)
                    if isinstance(tick, ClockTicked) and tick.writer == LAST:
                        self.heard[tick.partition] = max(
                            tick.through, self.heard.get(tick.partition, tick.through)
                        )

    def close(self) -> None:
        self.consumer.close()
