"""A broker in memory: transactions, the dead's open transactions, one group, rebalances, a virtual clock.

What a broker does by itself (markers, evictions, timeouts) happens in `SimulatedBroker.tick`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from streams.log import RawHeaders, Record, Stored

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
        self.first = 0  # what lay before was deleted
        self.unmarked: list[tuple[int, Txn]] = []  # first offset of each transaction without its marker

    def stable_end(self) -> int:
        """The last stable offset: nothing at or beyond it is readable `read_committed`."""
        return min(first for first, _ in self.unmarked) if self.unmarked else len(self.entries)


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
        if end <= start:
            return [], end
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
        self.now = now = self.now + seconds
        for txn in tuple(self.transactions):
            if txn.state == "open" and now - txn.started > TRANSACTION_S:
                self.finish(txn, "aborting")
            if txn.state in ("committing", "aborting") and self.chance.random() < txn.marking:
                self._mark_one(txn)
        for name in [name for name, member in self.members.items() if now - member.heard > SESSION_S]:
            self.leave(name)
        for name, topic in self.connected.items():
            member = self.members.get(name)
            if member is None:  # a client's own thread joins anew, whatever its worker is doing
                self.enter(name)
                self.members[name].joined = True
                self.try_assign(topic)
            elif not self.rebalancing:
                member.heard = now

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

    def delete_before(self, topic: str, partition: int, offset: int) -> None:
        """As retention does: nobody can read these records any more."""
        log = self.topics[topic][partition]
        log.first = offset
        for entry in log.entries[:offset]:
            entry.compacted = True

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
