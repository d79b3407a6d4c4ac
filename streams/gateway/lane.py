"""How do nudges reach one webhook?  A reader of its own, so many on their way, each tried until it arrives or is dead.

What is owed is what the topic holds from this webhook's committed offset on; an offset counts as settled only once
the fact of its outcome is written.  Lanes share nothing, so a slow webhook holds up itself alone.
"""

import asyncio
import contextlib
import logging
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from schemas.codec import decode
from schemas.nudges import NudgeSent
from schemas.policy import DeliveryPolicy, Webhook
from schemas.topics import NUDGES
from streams.gateway.addresses import Rules
from streams.gateway.courier import Courier, Delivered, Failed
from streams.gateway.owed import MOST, Owed
from streams.gateway.parcel import Parcel, outcome, parcel
from streams.gateway.signing import SecretMissing, secrets_of
from streams.gateway.writer import Writer
from streams.settings import Settings

log = logging.getLogger("mentorway")
CALL_S = 10.0
LOOK_S, COMMIT_S, AGAIN_S = 0.05, 0.1, 3.0


class Lane:
    """One webhook's deliveries, until cancelled."""

    def __init__(
        self, webhook: Webhook, knobs: DeliveryPolicy, settings: Settings, rules: Rules, writer: Writer
    ) -> None:
        self.webhook, self.knobs, self.settings = webhook, knobs, settings
        self.rules, self.writer = rules, writer
        self.topic = settings.topic(NUDGES.name)
        self.owed: dict[int, Owed] = {}
        self.committed: dict[int, tuple[int, str]] = {}
        self.at_once = asyncio.Semaphore(knobs.in_flight)
        self.delivered = self.failed = 0
        self.last = ""  # code of the last answer

    def state(self) -> dict[str, Any]:
        """For the console: since this process began."""
        waiting = sum(len(owed.open) for owed in self.owed.values())
        return {
            "name": self.webhook.name, "delivered": self.delivered, "failed": self.failed, "waiting": waiting,
            "last": self.last,
        }  # fmt: skip

    async def run(self) -> None:
        reader = await asyncio.to_thread(self._opened)
        try:
            async with (
                Courier(
                    self.webhook.url, self.rules, self.knobs.timeout_seconds, self.knobs.in_flight
                ) as courier,
                asyncio.TaskGroup() as under_way,
            ):
                await self._read(reader, courier, under_way)
        finally:
            await asyncio.shield(asyncio.to_thread(self._closed, reader))

    def _opened(self) -> Consumer:
        """A reader at what is owed.  A webhook that is new is owed what is sent from now on."""
        quiet: dict[str, Any] = {"log_level": 0, "error_cb": lambda error: None}
        reader = Consumer(
            {
                **self.settings.confluent(),
                **quiet,
                "group.id": self.settings.group(f"webhook-{self.webhook.name}"),
                "enable.auto.commit": False,
                "on_commit": self._told,
                "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
                "queued.max.messages.kbytes": 4096,
            }
        )
        places = [TopicPartition(self.topic, n) for n in range(self.settings.partitions)]
        for found in reader.committed(places, timeout=CALL_S):
            if found.error is not None:
                raise KafkaException(found.error)
            if found.offset >= 0:
                owed = Owed.restored(found.offset, found.metadata or "")
            else:
                owed = Owed(reader.get_watermark_offsets(found, CALL_S)[1])
            self.owed[found.partition] = owed
        self._commit(reader, wait=True)
        reader.assign([TopicPartition(self.topic, n, owed.commit()[0]) for n, owed in self.owed.items()])
        return reader

    def _closed(self, reader: Consumer) -> None:
        with contextlib.suppress(KafkaException):
            self._commit(reader, wait=True)
        reader.close()

    def _commit(self, reader: Consumer, wait: bool = False) -> None:
        news = {n: at for n, owed in self.owed.items() if (at := owed.commit()) != self.committed.get(n)}
        if not news:
            return
        places = [TopicPartition(self.topic, n, offset, metadata) for n, (offset, metadata) in news.items()]
        for done in reader.commit(offsets=places, asynchronous=not wait) or ():
            if done.error is not None:
                raise KafkaException(done.error)
        self.committed |= news

    def _told(self, error: KafkaError | None, places: list[TopicPartition]) -> None:
        if error is not None:
            self.committed.clear()  # what did not arrive is said again

    async def _read(self, reader: Consumer, courier: Courier, under_way: asyncio.TaskGroup) -> None:
        due = 0.0
        while True:
            room = MOST - sum(len(owed.open) for owed in self.owed.values())
            messages = reader.consume(room, 0) if room > 0 else []
            for message in messages:
                self._take(message, courier, under_way)
            if time.monotonic() >= due:
                due = time.monotonic() + COMMIT_S
                self._commit(reader)
            await asyncio.sleep(0 if messages else LOOK_S)

    def _take(self, message: Message, courier: Courier, under_way: asyncio.TaskGroup) -> None:
        error = message.error()
        if error is not None:
            if error.code() != KafkaError._PARTITION_EOF:
                log.warning("webhook %s cannot read nudges: %s", self.webhook.name, error.str())
            return
        owed, offset = self.owed[message.partition()], message.offset()
        if not owed.begin(offset):
            return
        fact = decode(message.value(), message.headers() or [])
        found = parcel(fact, self.webhook) if isinstance(fact, NudgeSent) else None
        if found is None:  # no nudge, or none of its programmes
            owed.settle(offset)
        else:
            under_way.create_task(self._deliver(found, owed, offset, courier))

    async def _deliver(self, sent: Parcel, owed: Owed, offset: int, courier: Courier) -> None:
        found, attempts = await self._tried(sent, courier)
        record = outcome(sent, found, attempts, self._at(sent))
        while not await self.writer.written([record]):
            await asyncio.sleep(AGAIN_S)
        owed.settle(offset)
        if isinstance(found, Delivered):
            self.delivered += 1
        else:
            self.failed += 1
            log.warning("nudge %s did not reach webhook %s: %s", sent.nudge.nudge, sent.webhook, found.code)

    async def _tried(self, sent: Parcel, courier: Courier) -> tuple[Delivered | Failed, int]:
        """Again and again, with full jitter between tries, until it arrives, is refused for good, or is dead."""
        dead_at = time.monotonic() + self._lives(sent).total_seconds()
        found: Delivered | Failed = Failed("expired")
        attempts, wait = 0, float(self.knobs.first_retry_seconds)
        while True:
            async with self.at_once:
                if time.monotonic() >= dead_at:
                    return found, attempts
                found = await self._post(sent, courier)
            attempts += 1
            self.last = found.code
            if isinstance(found, Delivered) or found.permanent:
                return found, attempts
            pause = max(found.after_s, random.uniform(0, min(wait, self.knobs.longest_retry_seconds)))
            wait *= 2
            await asyncio.sleep(min(pause, max(0.0, dead_at - time.monotonic())))

    async def _post(self, sent: Parcel, courier: Courier) -> Delivered | Failed:
        try:
            keys = secrets_of(self.webhook.secret)  # anew at each try, so that a changed one is taken
        except SecretMissing:
            return Failed("no_secret")
        return await courier.post(sent.body, sent.headers(keys, int(time.time())))

    def _lives(self, sent: Parcel) -> timedelta:
        """How much longer it is worth trying; on the facts' clock a nudge is as old as our reading of it."""
        nudge = sent.nudge
        now = nudge.at if self.settings.clock == "facts" else datetime.now(UTC)
        return min(nudge.at + timedelta(hours=self.knobs.dead_after_hours), nudge.expires_at) - now

    def _at(self, sent: Parcel) -> datetime:
        return sent.nudge.at if self.settings.clock == "facts" else datetime.now(UTC)
