"""The log port in memory: transactions, the dead's open transactions, rebalances, zombies, a virtual clock.

`pause` is called before and after every call of a worker, so a test can stop, crash or reorder workers
there.  What a broker does by itself (markers, evictions, timeouts) happens in `SimulatedBroker.tick`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from zlib import crc32

from streams.log import Fenced, LogFailed, Partitions, RawHeaders, Record, Stored

SESSION_S, TRANSACTION_S = 6.0, 5.0


@dataclass
class Entry(Stored):
    """A record in a partition, with the transaction it belongs to."""

    transaction: "Txn | None" = None
    compacted: bool = False


@dataclass(eq=False)
class Txn:
    """`state`: open, then committing or aborting while markers are written, then the end of it."""

    started: float
    state: str = "open"
    touched: set[tuple[str, int]] = field(default_factory=set)  # whose marker is still to come
    offsets: dict[int, int] = field(default_factory=dict)
    offsets_pending: bool = False
    marking: float = 0.7  # chance a tick that one more marker is written


class PartitionLog:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.unmarked: list[tuple[int, Txn]] = []  # first offset of each transaction without its marker

    def stable_end(self) -> int:
        """The last stable offset: nothing at or beyond it is readable `read_committed`."""
        return min((first for first, _ in self.unmarked), default=len(self.entries))


@dataclass
class Member:
    heard: float
    generation: int = -1
    joined: bool = False  # in the round under way
    assignment: tuple[int, ...] = ()


class SimulatedBroker:
    """Topics, one group, and what happens with time.  All randomness comes from `chance`."""

    def __init__(self, topics: Mapping[str, int], chance: Random) -> None:
        self.topics = {name: [PartitionLog() for _ in range(count)] for name, count in topics.items()}
        self.chance, self.now = chance, 0.0
        self.members: dict[str, Member] = {}
        self.generation, self.rebalancing = 0, False
        self.committed: dict[int, int] = {}
        self.transactions: list[Txn] = []
        self.connected: dict[str, str] = {}  # the client threads alive and awake, with the topic each reads

    def append(
        self,
        topic: str,
        partition: int,
        key: bytes | None,
        value: bytes | None,
        headers: RawHeaders,
        txn: Txn | None = None,
    ) -> None:
        log = self.topics[topic][partition]
        if txn is not None and (topic, partition) not in txn.touched:
            txn.touched.add((topic, partition))
            log.unmarked.append((len(log.entries), txn))
        log.entries.append(Entry(partition, len(log.entries), key, value, headers, txn))

    def readable(self, topic: str, partition: int, start: int, limit: int) -> tuple[list[Record], int]:
        """Committed records from `start`, and the position after what was looked at."""
        log = self.topics[topic][partition]
        end = min(log.stable_end(), start + limit)
        found: list[Record] = [
            e
            for e in log.entries[start:end]
            if not e.compacted
            and (e.transaction is None or e.transaction.state in ("committing", "committed"))
        ]
        return found, end

    # --- what happens with time ----------------------------------------------------------------

    def tick(self, seconds: float) -> None:
        """Time passes: some markers are written, open transactions time out, silent members go."""
        self.now += seconds
        for txn in list(self.transactions):
            if txn.state == "open" and self.now - txn.started > TRANSACTION_S:
                self.finish(txn, "aborting")
            if txn.state in ("committing", "aborting") and self.chance.random() < txn.marking:
                self._mark_one(txn)
        for name, member in list(self.members.items()):
            if self.now - member.heard > SESSION_S:
                self.leave(name)
        for name, topic in self.connected.items():
            if name not in self.members:  # a client's own thread joins anew, whatever its worker is doing
                self.enter(name)
                self.members[name].joined = True
                self.try_assign(topic)
            elif not self.rebalancing:
                self.members[name].heard = self.now

    def finish(self, txn: Txn, state: str) -> None:
        txn.state = state
        if not txn.touched and not txn.offsets_pending:
            self._ended(txn)

    def _mark_one(self, txn: Txn) -> None:
        """One partition learns how the transaction ended; others may learn much later."""
        choices = sorted(txn.touched) + ([("", -1)] if txn.offsets_pending else [])
        topic, partition = self.chance.choice(choices)
        if topic:
            log = self.topics[topic][partition]
            log.unmarked = [(first, t) for first, t in log.unmarked if t is not txn]
            log.entries.append(Entry(partition, len(log.entries), None, None, [], None, compacted=True))
            txn.touched.discard((topic, partition))
        else:
            if txn.state == "committing":
                self.committed.update(txn.offsets)
            txn.offsets_pending = False
        if not txn.touched and not txn.offsets_pending:
            self._ended(txn)

    def _ended(self, txn: Txn) -> None:
        txn.state = "committed" if txn.state == "committing" else "aborted"
        self.transactions.remove(txn)

    def compact(self, topic: str) -> None:
        """Removes what a later committed record of the same key replaces."""
        for log in self.topics[topic]:
            latest: dict[bytes | None, Entry] = {}
            for entry in log.entries[: log.stable_end()]:
                if entry.compacted or (
                    entry.transaction and entry.transaction.state not in ("committing", "committed")
                ):
                    continue
                if (before := latest.get(entry.raw_key)) is not None:
                    before.compacted = True
                latest[entry.raw_key] = entry

    # --- the group -----------------------------------------------------------------------------

    def enter(self, name: str) -> None:
        self.members[name] = Member(self.now)
        self._rebalance()

    def leave(self, name: str) -> None:
        if self.members.pop(name, None) is not None:
            self._rebalance()

    def _rebalance(self) -> None:
        self.rebalancing = True
        for member in self.members.values():
            member.joined = False

    def try_assign(self, topic: str) -> None:
        """All have joined: a new generation, each with a range of the partitions."""
        if not self.rebalancing or not self.members or not all(m.joined for m in self.members.values()):
            return
        self.rebalancing, self.generation = False, self.generation + 1
        names, count = sorted(self.members), len(self.topics[topic])
        share, more = divmod(count, len(names))
        start = 0
        for index, name in enumerate(names):
            size = share + (index < more)
            member = self.members[name]
            member.assignment, start = tuple(range(start, start + size)), start + size
            member.generation = self.generation


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
            found, self.positions[partition] = self.broker.readable(
                self.topic, partition, self.positions[partition], 1 + self.broker.chance.randrange(4)
            )
            records += found
        self.pause("polled")
        return records

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

    def changelog(self, topic: str, ends: Mapping[int, int]) -> "SimulatedChangelog":
        return SimulatedChangelog(self, topic, ends)

    def assign(self, offsets: Mapping[int, int | None]) -> None:
        self.pause("assign")
        self.positions = {number: offset or 0 for number, offset in offsets.items()}
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
        self.txn = Txn(self.broker.now, marking=self.broker.chance.choice((0.7,) * 15 + (0.02,)))
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
