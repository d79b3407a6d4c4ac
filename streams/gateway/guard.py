"""How does the board read each fact once, in order and only when it is committed?

Two things Faust's own consumer does not do.  After a rebalance it delivers what an older fetch
brought, ahead of the committed offset: here such records are dropped and the partition is sought
back, and a gap is believed only when a fresh fetch shows it again (a transaction's marker is such a
gap, and normal).  And it reads what an aborted transaction wrote: here the driver is told not to.
"""

from collections.abc import AsyncIterator
from typing import Any

import aiokafka
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, AppT, Message


class CommittedThread(driver.AIOKafkaConsumerThread):
    """The consumer's thread, told to leave out open and aborted transactions."""

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # read when it starts; Faust has no setting for it
        return consumer


class GuardedConsumer(driver.Consumer):
    """Holds each source partition to the offset that must come next."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._next: dict[TP, int] = {}
        self._trusted: set[TP] = set()  # the fetches of these partitions are known to be fresh
        self._asked: dict[TP, int] = {}  # where we sought back to, to see whether a gap is real
        self.dropped = 0
        self.sought_back = 0

    def _new_consumer_thread(self) -> Any:
        return CommittedThread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        self._trusted.clear()
        await super().perform_seek()
        self._trusted.clear()
        self._next = {tp: offset for tp, offset in self._read_offset.items() if offset is not None}

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        for tp in revoked:
            self._next.pop(tp, None)
            self._asked.pop(tp, None)
            self._trusted.discard(tp)
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        self._trusted.clear()
        await super().on_partitions_assigned(assigned, generation_id)

    async def seek(self, partition: TP, offset: int) -> None:
        self._trusted.discard(partition)
        self._next[partition] = offset
        await super().seek(partition, offset)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """`offset_to` is the record that came, which is no gap."""
        await super()._add_gap(tp, offset_from, offset_to - 1)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:
        sought: set[TP] = set()  # the rest of this batch is of no use for them
        async for tp, message in super().getmany(timeout):
            ours = self.app.topics.acks_enabled_for(tp.topic) and not self._is_changelog_tp(tp)
            if not ours or (tp not in sought and await self._in_order(tp, message.offset, sought)):
                yield tp, message
            else:
                self.dropped += 1

    async def _in_order(self, tp: TP, offset: int, sought: set[TP]) -> bool:
        if tp not in self._trusted:
            if tp not in self._next:
                self._next[tp] = (await self.earliest_offsets(tp))[tp]
            wanted = self._next[tp]
            if offset < wanted:
                return False
            if offset > wanted and self._asked.get(tp) != wanted:
                self._asked[tp] = wanted
                self.sought_back += 1
                sought.add(tp)
                await self._seek(tp, wanted)
                self._read_offset[tp] = wanted or None
                return False
            self._trusted.add(tp)
        self._asked.pop(tp, None)
        self._next[tp] = offset + 1
        return True


class GuardedTransport(driver.Transport):
    Consumer = GuardedConsumer


def harden(app: AppT) -> None:
    """Before the app starts: its records come through the guard."""
    app.transport = GuardedTransport(app.conf.broker_consumer, app, app.loop)
