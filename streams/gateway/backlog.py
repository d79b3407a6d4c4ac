"""What is one webhook still owed?  Nudges from its committed offsets on, read and committed for it alone.

One gateway delivers, so partitions are assigned, not shared out: no rebalance, and no dead member to wait for.
"""

import contextlib
import logging
import time
from collections.abc import Sequence
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from schemas.topics import NUDGES
from streams.gateway.owed import MOST, Owed
from streams.settings import Settings

log = logging.getLogger("mentorway")
CALL_S = 10.0
RENEW_S = 3600.0  # a broker forgets what a group without members committed a week ago, or as it is set


class Backlog:
    """`open` and `close` wait for the broker; call them in a thread."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name, self.settings = name, settings
        self.topic = settings.topic(NUDGES.name)
        self.owed: dict[int, Owed] = {}
        self.committed: dict[int, tuple[int, str]] = {}
        self.renewed = time.monotonic()

    @property
    def waiting(self) -> int:
        return sum(len(owed.open) for owed in self.owed.values())

    def open(self) -> None:
        """A webhook that is new is owed what is sent from now on.  What fails leaves no client behind: it is tried again."""
        quiet: dict[str, Any] = {"log_level": 0, "error_cb": lambda error: None}
        self.reader = Consumer(
            {
                **self.settings.confluent(),
                **quiet,
                "group.id": self.settings.group(f"webhook-{self.name}"),
                "enable.auto.commit": False,
                "on_commit": self._told,
                "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
                "queued.max.messages.kbytes": 4096,
            }
        )
        try:
            self._begin()
        except BaseException:
            self.reader.close()
            raise

    def _begin(self) -> None:
        places = [TopicPartition(self.topic, n) for n in range(self.settings.partitions)]
        for found in self.reader.committed(places, timeout=CALL_S):
            if found.error is not None:
                raise KafkaException(found.error)
            if found.offset >= 0:
                owed = Owed.restored(found.offset, found.metadata or "")
            else:
                owed = Owed(self.reader.get_watermark_offsets(found, CALL_S)[1])
            self.owed[found.partition] = owed
        self.commit(wait=True)
        starts = [TopicPartition(self.topic, n, owed.commit()[0]) for n, owed in self.owed.items()]
        self.reader.assign(starts)

    def read(self) -> Sequence[Message]:
        """What has come, as far as there is room; only records that are owed.  Never waits."""
        room = MOST - self.waiting
        found = []
        for message in self.reader.consume(room, 0) if room > 0 else ():
            error = message.error()
            if error is None:
                if self.owed[message.partition()].begin(message.offset()):
                    found.append(message)
            elif error.code() != KafkaError._PARTITION_EOF:
                log.warning("webhook %s cannot read nudges: %s", self.name, error.str())
        return found

    def settle(self, message: Message) -> None:
        self.owed[message.partition()].settle(message.offset())

    def commit(self, wait: bool = False) -> None:
        """What changed, and now and then all: else a restart after a quiet week would owe nothing of what came meanwhile."""
        if time.monotonic() >= self.renewed + RENEW_S:
            self.renewed = time.monotonic()
            self.committed.clear()
        news = {n: at for n, owed in self.owed.items() if (at := owed.commit()) != self.committed.get(n)}
        if not news:
            return
        places = [TopicPartition(self.topic, n, offset, metadata) for n, (offset, metadata) in news.items()]
        for done in self.reader.commit(offsets=places, asynchronous=not wait) or ():
            if done.error is not None:
                raise KafkaException(done.error)
        self.committed |= news

    def _told(self, error: KafkaError | None, places: list[TopicPartition]) -> None:
        if error is not None:
            self.committed.clear()  # what did not arrive is said again

    def close(self) -> None:
        with contextlib.suppress(KafkaException):
            self.commit(wait=True)
        self.reader.close()
