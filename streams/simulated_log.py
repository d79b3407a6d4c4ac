"""The log port on a simulated broker: crashes, freezes and zombies at any call of a worker.

`pause` is called before and after every call, so a test can stop, crash or reorder workers there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from streams.log import Fenced, LogFailed, Partitions, RawHeaders, Record, out_of_range
from streams.simulated_broker import SimulatedBroker, Txn


@dataclass
class SimulatedLog:
    """One worker's connection to the broker; implements `streams.log.Log`."""

    broker: SimulatedBroker
    name: str
    pause: Callable[[str], None]
    topic: str = ""
    generation: int = -1
    positions: dict[int, int] = field(default_factory=dict)
    resumed: set[int] = field(default_factory=set)
    txn: Txn | None = None
    on_assigned: Callable[[Partitions], None] = field(default=lambda _: None)
    on_lost: Callable[[Partitions], None] = field(default=lambda _: None)
    owned: tuple[int, ...] = ()

    def _heartbeat(self) -> None:
        if (member := self.broker.members.get(self.name)) is not None:
            member.heard = self.broker.now

    def join(
        self, topic: str, on_assigned: Callable[[Partitions], None], on_lost: Callable[[Partitions], None]
    ) -> None:
        self.topic, self.on_assigned, self.on_lost = topic, on_assigned, on_lost
        self.pause("join")
        self.broker.enter(self.name)
        self.broker.connected[self.name] = topic
        self.pause("joined")

    def poll(self, limit: int, wait_s: float) -> Sequence[Record]:
        self.pause("poll")
        self._serve_group()
        records: list[Record] = []
        for partition in sorted(self.resumed):
            self._is_there(partition, self.positions[partition])
            found, self.positions[partition] = self.broker.readable(
                self.topic, partition, self.positions[partition], 1 + self.broker.chance.randrange(4)
            )
            records += found
        self.pause("polled")
        return records

    def _is_there(self, partition: int, position: int) -> None:
        log = self.broker.topics[self.topic][partition]
        end = len(log.entries)
        if not log.first <= position <= end:
            raise out_of_range("pulses", self.topic, partition, position, log.first, end)

    def _serve_group(self) -> None:
        broker = self.broker
        if self.name not in broker.members:  # evicted meanwhile: lose all, come back as new
            self._drop()
            broker.enter(self.name)
        self._heartbeat()
        member = broker.members[self.name]
        if broker.rebalancing and not member.joined:
            self._drop()
            member.joined = True
            broker.try_assign(self.topic)
        if not broker.rebalancing and member.generation != self.generation:
            self._drop()
            self.generation, self.owned = member.generation, member.assignment
            if self.owned:
                self.on_assigned(self.owned)

    def _drop(self) -> None:
        if self.owned:
            self.on_lost(self.owned)
        self.owned, self.positions, self.resumed = (), {}, set()

    def at_end(self, partition: int) -> bool:
        self.pause("at_end")
        return self.positions[partition] >= self.broker.topics[self.topic][partition].stable_end()

    def committed(self, partitions: Partitions) -> Mapping[int, int | None]:
        self.pause("committed")
        while self._pending(partitions):
            self._heartbeat()
            self.pause("waiting for stable offsets")
        found = {number: self.broker.committed.get(number) for number in partitions}
        self.pause("committed, answered")
        return found

    def _pending(self, partitions: Partitions) -> bool:
        return any(t.offsets_pending and set(partitions) & set(t.offsets) for t in self.broker.transactions)

    def ends(self, topic: str, partitions: Partitions) -> Mapping[int, int]:
        self.pause("ends")
        found = {number: len(self.broker.topics[topic][number].entries) for number in partitions}
        self.pause("ends, answered")
        return found

    def bounds(self, topic: str, partitions: Partitions) -> Mapping[int, tuple[int, int]]:
        self.pause("bounds")
        kept = self.broker.topics[topic]
        return {number: (kept[number].first, len(kept[number].entries)) for number in partitions}

    def changelog(self, topic: str, ends: Mapping[int, int]) -> "SimulatedChangelog":
        return SimulatedChangelog(self, topic, ends)

    def assign(self, offsets: Mapping[int, int | None]) -> None:
        self.pause("assign")
        logs = self.broker.topics[self.topic]
        self.positions = {n: logs[n].first if offset is None else offset for n, offset in offsets.items()}
        self.resumed = set()

    def resume(self, partition: int) -> None:
        self.resumed.add(partition)

    def membership(self) -> object:
        member = self.broker.members.get(self.name)
        return self.generation if member is None else member.generation

    # --- transactions --------------------------------------------------------------------------

    def begin(self) -> None:
        self.pause("begin")
        while self.txn is not None and self.txn in self.broker.transactions:
            if self.txn.state == "aborting":
                raise LogFailed("the broker aborted this producer's transaction")
            self.pause("waiting for markers")
        self.txn = Txn(self.broker.now, marking=self.broker.chance.choice((0.7,) * 7 + (0.03,)))
        self.broker.transactions.append(self.txn)
        self.pause("begun")

    def _open(self) -> Txn:
        if self.txn is None or self.txn.state != "open":
            raise Fenced("the transaction timed out and was aborted")
        return self.txn

    def write(
        self, topic: str, partition: int | None, key: bytes | None, value: bytes | None, headers: RawHeaders
    ) -> None:
        self.pause("write")
        logs = self.broker.topics[topic]
        number = crc32(key or b"") % len(logs) if partition is None else partition
        self.broker.append(topic, number, key, value, headers, self._open())
        self.pause("written")

    def offsets(self, offsets: Mapping[int, int], membership: object) -> None:
        self.pause("offsets")
        txn, member = self._open(), self.broker.members.get(self.name)
        if member is None or member.generation != membership or self.broker.generation != membership:
            raise Fenced("another generation owns these partitions")
        txn.offsets, txn.offsets_pending = dict(offsets), True
        self.pause("offsets sent")

    def commit(self) -> None:
        self.pause("commit")
        self.broker.finish(self._open(), "committing")
        self.pause("committed transaction")

    def close(self) -> None:
        self.pause("close")
        self.broker.connected.pop(self.name, None)
        self.broker.leave(self.name)


class SimulatedChangelog:
    def __init__(self, log: SimulatedLog, topic: str, ends: Mapping[int, int]) -> None:
        self.log, self.topic, self.ends = log, topic, dict(ends)
        self.positions = dict.fromkeys(ends, 0)

    def slice(self, limit: int) -> tuple[Iterable[Record], set[int]]:
        self.log.pause("slice")
        records: list[Record] = []
        done: set[int] = set()
        for number, end in list(self.ends.items()):
            found, position = self.log.broker.readable(self.topic, number, self.positions[number], 6)
            records += found
            self.positions[number] = position
            if position >= end:
                done.add(number)
                del self.ends[number]
        self.log.pause("sliced")
        return records, done

    def close(self) -> None:
        self.ends = {}
