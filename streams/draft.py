"""What would one transaction change in a partition?

Decisions see the rows through a `Draft`: a fact that raises leaves no trace in it.
"""

import heapq
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar, cast

from schemas.erased import ErasedRow
from schemas.rows import Naming, Row, RowKey
from streams.partition import Partition, key_bytes, row_bytes
from streams.progress import PROGRESS

R = TypeVar("R", bound=Row)
_key = tuple.__new__  # as RowKey(...) makes it, without the call in between: two or more a fact


class Due(NamedTuple):
    at: datetime
    key: RowKey


class Draft:
    """What one transaction would change in one partition; implements `schemas.rows.Rows`.

    `own` holds the writes of the fact at hand: `accept` adds them to the draft, `reject` forgets them.
    """

    def __init__(self, partition: Partition) -> None:
        self.partition = partition
        self.rows: dict[RowKey, Row | None] = {}
        self.raws: dict[RowKey, bytes] = {}  # rows as `changes` gave them
        self.own: dict[RowKey, Row | None] = {}
        self.ids: dict[tuple[str, str], set[str]] = {}  # of `rows`, by kind and routing, but for the empty id
        self.progress = partition.progress
        self.next = self.progress.next  # kept apart: these two change with every fact
        self.clock = self.progress.clock
        self.heap: list[tuple[datetime, RowKey]] = []  # wake-ups asked for within this draft
        self.popped: set[RowKey] = set()  # wake-ups taken off the partition's heap meanwhile
        self.changed = False

    def _look(self, key: RowKey) -> Row | None:
        if key in self.own:
            return self.own[key]
        if key in self.rows:
            return self.rows[key]
        return self.partition.read(key)

    def find(self, cls: type[R], routing: str, id: str = "") -> R | None:
        row = self._look(_key(RowKey, (cls.KIND, routing, id)))
        assert row is None or isinstance(row, cls)
        return row

    def put(self, row: Row, routing: str, id: str = "") -> None:
        self.own[_key(RowKey, (row.KIND, routing, id))] = row

    def drop(self, cls: type[Row], routing: str, id: str = "") -> None:
        self.own[RowKey(cls.KIND, routing, id)] = None

    def scan(self, cls: type[R], routing: str, *, indexed: bool = False) -> Iterator[tuple[str, R]]:
        if cls.HELD and not indexed:
            yield from self._scan_held(cls, routing).items()
            return
        known = self.partition.indexed if indexed else self.partition.ids
        ids = set(known.get((cls.KIND, routing), ()))
        ids |= self.ids.get((cls.KIND, routing), set())
        ids |= {key.id for key in self.own if key.kind == cls.KIND and key.routing == routing}
        if RowKey(cls.KIND, routing, "") in self.rows:
            ids.add("")
        for id in sorted(ids):
            row = self.find(cls, routing, id)
            if row is not None and (row.indexed or not indexed):
                yield id, row

    def _scan_held(self, cls: type[R], routing: str) -> Mapping[str, R]:
        """Those of the partition as they lie there, with what this draft changed: they are many, and it is little."""
        held = cast(Mapping[str, R], self.partition.all_held(cls.KIND, routing))
        written = self.ids.get((cls.KIND, routing), set()) | {
            key.id for key in self.own if key.kind == cls.KIND and key.routing == routing
        }
        if not written:
            return held
        found = {id: self.find(cls, routing, id) for id in written}
        merged = {**held, **found}
        ordered = merged if held.keys() >= found.keys() else dict(sorted(merged.items()))
        return {id: row for id, row in ordered.items() if row is not None}

    def routings(self, cls: type[Row]) -> list[str]:
        found = {routing for (kind, routing), ids in self.partition.ids.items() if kind == cls.KIND and ids}
        for written in (self.rows, self.own):
            found |= {key.routing for key, row in written.items() if key.kind == cls.KIND and row is not None}
        return sorted(found)

    def naming(self, text: str) -> list[RowKey]:
        named, written = Naming(text), {**self.rows, **self.own}
        tail, stored, found = named.tail, self.partition.stored, []
        if self.partition.words.may_name(text, stored):
            found = [
                key
                for key, raw in stored.items()
                if (tail in raw or text in key) and key not in written and named(key, raw)
            ]
        for key, row in written.items():
            if row is not None and key.kind != ErasedRow.KIND and named(key, row_bytes(row)):
                found.append(key)  # a mark names nobody by its key, and many are written at once
        return sorted(found)

    def quiet(self, key: RowKey) -> None:
        """Clears a row's wish to be woken."""
        row = self._look(key)
        if row is not None:
            self.rows[key] = row.model_copy(update={"wake_at": None})
            if key.id:
                self.ids.setdefault(key[:2], set()).add(key.id)

    def adds(self) -> int:
        """Rows of the fact at hand that the transaction would not write anyway."""
        new, rows = 0, self.rows
        for key in self.own:
            if key not in rows:
                new += 1
        return new

    def accept(self) -> None:
        wakes, popped = self.partition.wakes, self.popped
        self.rows.update(self.own)
        for key, row in self.own.items():
            if key.id:
                self.ids.setdefault(key[:2], set()).add(key.id)
            at = None if row is None else row.wake_at
            if at is not None and (wakes.get(key) != at or key in popped):
                heapq.heappush(self.heap, (at, key))
        self.own.clear()
        self.changed = True

    def reject(self) -> None:
        self.own.clear()

    def due(self, horizon: datetime) -> Due | None:
        """The first wake-up at or before the horizon, in (due, key) order; left in place."""
        kept, own = self.partition.heap, self.heap
        if not ((kept and kept[0][0] <= horizon) or (own and own[0][0] <= horizon)):
            return None
        best: Due | None = None
        for heap in (kept, own):
            while heap and heap[0][0] <= horizon:
                at, key = heap[0]
                if self._asks(key) == at:
                    if best is None or (at, key) < best:
                        best = Due(at, key)
                    break
                self.popped.add(heapq.heappop(heap)[1])
        return best

    def _asks(self, key: RowKey) -> datetime | None:
        if key in self.rows:
            row = self.rows[key]
            return None if row is None else row.wake_at
        return self.partition.wakes.get(key)

    def changes(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Rows, then progress, as changelog records."""
        stored, raws = self.partition.stored, self.raws
        for key, row in self.rows.items():
            if row is None:
                if key in stored:
                    yield key_bytes(key), None
            else:
                raws[key] = raw = row_bytes(row)
                yield key_bytes(key), raw
        self.progress = self.progress.model_copy(update={"next": self.next, "clock": self.clock})
        yield PROGRESS, self.progress.model_dump_json(exclude_none=True).encode()

    def keep(self) -> None:
        """All `changes` were committed: the partition is now as drafted."""
        self.partition.keep(self.progress, self.rows, self.raws, self.popped)
