"""How do nudges reach one webhook?  A reader of its own, so many on their way, each tried until it arrives or is dead.

What is owed is what the topic holds from this webhook's committed offset on; an offset counts as settled only once
the fact of its outcome is written.  Lanes share nothing, so a slow webhook holds up itself alone.
"""

import asyncio
import logging
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from confluent_kafka import Message

from schemas.codec import Reject, decode
from schemas.delivery import DeliveryPolicy, Webhook
from schemas.nudges import NudgeSent
from streams.gateway.addresses import Rules
from streams.gateway.backlog import Backlog
from streams.gateway.courier import Courier, Delivered, Failed
from streams.gateway.parcel import Parcel, outcome, parcel
from streams.gateway.signing import SecretMissing, secrets_of
from streams.gateway.writer import Writer
from streams.settings import Settings

log = logging.getLogger("mentorway")
LOOK_S, COMMIT_S, AGAIN_S = 0.05, 0.1, 3.0


class Lane:
    """One webhook's deliveries, until cancelled."""

    def __init__(
        self, webhook: Webhook, knobs: DeliveryPolicy, settings: Settings, rules: Rules, writer: Writer
    ) -> None:
        self.webhook, self.knobs, self.settings = webhook, knobs, settings
        self.rules, self.writer = rules, writer
        self.backlog = Backlog(webhook.name, settings)
        self.at_once = asyncio.Semaphore(knobs.in_flight)
        self.reading = False
        self.told = False  # of what could not be read
        self.delivered = self.failed = 0
        self.last = ""  # code of the last answer

    def state(self) -> dict[str, Any]:
        """For the console: since this lane began."""
        return {
            "name": self.webhook.name, "reading": self.reading, "delivered": self.delivered, "failed": self.failed,
            "waiting": self.backlog.waiting, "last": self.last,
        }  # fmt: skip

    async def run(self) -> None:
        backlog, knobs = self.backlog, self.knobs
        await asyncio.to_thread(backlog.open)
        self.reading = True
        try:
            async with (
                Courier(self.webhook.url, self.rules, knobs.timeout_seconds, knobs.in_flight) as courier,
                asyncio.TaskGroup() as under_way,
            ):
                due = 0.0
                while True:
                    messages = backlog.read()
                    for message in messages:
                        self._take(message, courier, under_way)
                    if time.monotonic() >= due:
                        due = time.monotonic() + COMMIT_S
                        backlog.commit()
                    await asyncio.sleep(0 if messages else LOOK_S)
        finally:
            self.reading = False
            await asyncio.shield(asyncio.to_thread(backlog.close))

    def _take(self, message: Message, courier: Courier, under_way: asyncio.TaskGroup) -> None:
        fact = decode(message.value(), message.headers() or [])
        if isinstance(fact, Reject) and not self.told:
            self.told = True  # once: a thousand lines say no more
            log.error(
                "webhook %s is not sent nudges that this gateway cannot read (%s): run the release of the ledgers here, too",
                self.webhook.name, fact.reason,
            )  # fmt: skip
        found = parcel(fact, self.webhook) if isinstance(fact, NudgeSent) else None
        if found is None:  # no nudge, or none of its programmes
            self.backlog.settle(message)
        else:
            under_way.create_task(self._deliver(found, message, courier))

    async def _deliver(self, sent: Parcel, message: Message, courier: Courier) -> None:
        found, attempts = await self._tried(sent, courier)
        record = outcome(sent, found, attempts, self._at(sent))
        while not await self.writer.written([record]):
            await asyncio.sleep(AGAIN_S)
        self.backlog.settle(message)
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
