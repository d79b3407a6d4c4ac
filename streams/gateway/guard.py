"""How does Faust read without running ahead of what it has acknowledged, and committed records only?

After a rebalance Faust 0.15 delivers fetches that began before it as if they were new, and then marks
the gap as read.  This consumer drops what is stale, seeks back, and believes a gap (transaction
markers are gaps) only when a fresh fetch shows it again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import faust
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

AT_ONCE_S, PAUSE_S = 0.02, 0.1
FETCH = 1  # Kafka's number of that request
Send = Callable[..., Awaitable[Any]]


class CommittedThread(driver.AIOKafkaConsumerThread):
    """Reads `read_committed`, which Faust itself does only inside its own transactions."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"
        consumer._client.send = unhurried(consumer._client.send)
        return consumer


def unhurried(send: Send) -> Send:
    """A Kafka waits a while with an answer that is empty.  The embedded broker does not, and would be asked again
    and again without a pause: a third of a core for nothing."""

    async def wait(node: int, request: Any, **how: Any) -> Any:
        asked = time.monotonic()
        answer = await send(node, request, **how)
        if (
            getattr(request, "API_KEY", None) == FETCH
            and time.monotonic() - asked < AT_ONCE_S
            and _empty(answer)
        ):
            await asyncio.sleep(PAUSE_S)
        return answer

    return wait


def _empty(answer: Any) -> bool:
    """A partition's records are the last of what is told of it."""
    return not any(told[-1] for _, partitions in answer.topics for told in partitions)


class GuardedConsumer(driver.Consumer):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._expected: dict[TP, int] = {}  # what must come next
        self._verified: set[TP] = set()  # read on from a position that a fetch confirmed
        self._asked: dict[TP, int] = {}  # the position sought back to
        self.dropped = self.sought = 0

    def _new_consumer_thread(self) -> CommittedThread:
        return CommittedThread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        self._verified.clear()
        await super().perform_seek()
        self._verified.clear()
        self._expected = {tp: offset for tp, offset in self._read_offset.items() if offset is not None}

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        for tp in revoked:
            self._expected.pop(tp, None)
            self._asked.pop(tp, None)
            self._verified.discard(tp)
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        self._verified.clear()
        await super().on_partitions_assigned(assigned, generation_id)

    async def seek(self, partition: TP, offset: int) -> None:
        self._verified.discard(partition)
        self._expected[partition] = offset
        await super().seek(partition, offset)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Faust counts the record after the gap into it; it is not read yet."""
        await super()._add_gap(tp, offset_from, offset_to - 1)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Any]]:
        skip: set[TP] = set()
        async for tp, message in super().getmany(timeout):
            if self._is_changelog_tp(tp) or not self.app.topics.acks_enabled_for(tp.topic):
                yield tp, message
            elif tp in skip or not await self._in_turn(tp, message.offset, skip):
                self.dropped += 1
            else:
                await self._note(tp, message.offset)
                yield tp, message

    async def _note(self, tp: TP, offset: int) -> None:
        """This record is next.  Faust notes no gap behind offset 0, and would then never commit again."""
        expected = self._expected.get(tp, offset)
        if offset > expected and not self._read_offset[tp]:
            await self._add_gap(tp, expected, offset)
        self._asked.pop(tp, None)
        self._expected[tp] = offset + 1

    async def _in_turn(self, tp: TP, offset: int, skip: set[TP]) -> bool:
        """Is this the record that must come next?  If a fetch jumps ahead, ask once more from where we are."""
        if tp in self._verified:
            return True
        want = self._expected.get(tp)
        if want is None:
            want = self._expected[tp] = (await self.earliest_offsets(tp))[tp]
        if offset < want:
            return False
        if offset > want and self._asked.get(tp) != want:
            self._asked[tp] = want
            self.sought += 1
            skip.add(tp)
            await self._seek(tp, want)
            self._read_offset[tp] = want if want else None
            return False
        self._verified.add(tp)
        return True


class GuardedTransport(driver.Transport):
    Consumer = GuardedConsumer


def guard(app: faust.App) -> None:
    """Makes the app read through the guarded consumer."""
    app.transport = GuardedTransport(app.conf.broker_consumer, app)
