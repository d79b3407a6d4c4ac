"""What does one partition of a ledger remember?  Rows as bytes, who wants waking, and how far it is."""

import heapq
from collections import OrderedDict
from collections.abc import Collection, Mapping
from datetime import datetime

import orjson
from pydantic import ValidationError

from schemas.plain import as_json
from schemas.rows import Row, RowKey
from streams.progress import PROGRESS, Progress
from streams.words import Words

CACHE_ROWS = 4_000  # decoded rows kept a partition: some 4 KB each, and decoding one again costs microseconds
STALE, LEAST_HEAP = 2, 1_000  # the heap of wake-ups may be so many times the rows that ask, and this
_SEPARATOR = "\x1f"


class RowsFailed(Exception):
    """A row cannot be restored: it was written by a later release, or is not a row at all."""


def key_bytes(key: RowKey) -> bytes:
    return _SEPARATOR.join(key).encode()


def key_of(raw: bytes) -> RowKey:
    kind, routing, id = raw.decode().split(_SEPARATOR)
    return RowKey(kind, routing, id)


def row_bytes(row: Row) -> bytes:
    return as_json(row)


class Partition:
    """One partition's state.  Changes only by `restore` and by a committed `Draft`."""

    def __init__(self, number: int, kinds: Mapping[str, type[Row]]) -> None:
        self.number = number
        self.kinds = kinds
        self.progress = Progress()
        self.found_progress = False
        self.stored: dict[RowKey, bytes] = {}
        # a plain dict finds its oldest key by a walk over all that were removed
        self.cache = OrderedDict[RowKey, Row]()
        self.held: dict[tuple[str, str], dict[str, Row]] = {}  # HELD rows by kind and routing key, then by id
        self.whole: set[tuple[str, str]] = set()  # of which all are held, in the order of their ids
        self.wakes: dict[RowKey, datetime] = {}
        self.heap: list[tuple[datetime, RowKey]] = []
        self.ids: dict[tuple[str, str], set[str]] = {}
        self.indexed: dict[tuple[str, str], set[str]] = {}
        self.trying_committed: int | None = None  # the offset this process is about to try alone
        self.begun = False
        self.words = Words()
        self.tried = 0  # facts tried alone by this process

    # --- restoring ---------------------------------------------------------------------------

    def restore(self, key: bytes, value: bytes | None) -> None:
        """Takes one changelog record; the last one of a key wins."""
        if key == PROGRESS:
            if value is not None:
                self.progress = self._progress(value)
                self.found_progress = True
            return
        row_key = key_of(key)
        if value is None:
            self.stored.pop(row_key, None)
            return
        kind = self.kinds.get(row_key.kind)
        if kind is None or _version(value) > kind.V:
            raise RowsFailed(
                f"a row of kind {row_key.kind!r} was written by a later release than this one: "
                f"run the newer release, or restore its topics from before the upgrade"
            )
        self.stored[row_key] = value

    def _progress(self, value: bytes) -> Progress:
        if _version(value) > 1:
            raise RowsFailed(
                "the progress row was written by a later release than this one: run that release"
            )
        return Progress.model_validate_json(value)

    def restored(self) -> None:
        """All records are in: learn who wants waking, and who is looked for."""
        indexes = {name: [f'"{field}"'.encode() for field in kind.INDEX] for name, kind in self.kinds.items()}
        for key, raw in self.stored.items():
            if key.id:
                self._index(key)
            if any(field in raw for field in indexes[key.kind]):
                self._mark(key, self.decode(key, raw))
            if b'"wake_at"' in raw and (at := self.decode(key, raw).wake_at) is not None:
                self.wakes[key] = at
        self._heap()

    def _index(self, key: RowKey) -> None:
        self.ids.setdefault((key.kind, key.routing), set()).add(key.id)

    def _mark(self, key: RowKey, row: Row | None) -> None:
        if row is not None and row.indexed:
            self.indexed.setdefault((key.kind, key.routing), set()).add(key.id)
        elif (ids := self.indexed.get((key.kind, key.routing))) is not None:
            ids.discard(key.id)

    def decode(self, key: RowKey, raw: bytes) -> Row:
        try:
            return self.kinds[key.kind].model_validate_json(raw)
        except ValidationError as error:
            raise RowsFailed(f"the row {'/'.join(key)} cannot be read: {error.errors()[0]['msg']}") from None

    def read(self, key: RowKey) -> Row | None:
        row = self.cache.get(key)
        if row is None and (held := self.held.get(key[:2])) is not None:
            row = held.get(key.id)
        if row is None and (raw := self.stored.get(key)) is not None:
            row = self.decode(key, raw)
            self._cache(key, row)
        return row

    def _cache(self, key: RowKey, row: Row) -> None:
        if self.kinds[key.kind].HELD:
            self.held.setdefault(key[:2], {})[key.id] = row
            return
        if len(self.cache) >= CACHE_ROWS:
            self.cache.popitem(last=False)
        self.cache[key] = row

    def all_held(self, kind: str, routing: str) -> Mapping[str, Row]:
        """All rows of a HELD kind with this routing key and an id, in the order of their ids."""
        name = (kind, routing)
        if name not in self.whole:
            ids = sorted(self.ids.get(name, ()))
            self.held[name] = {
                id: row for id in ids if (row := self.read(RowKey(kind, routing, id))) is not None
            }
            self.whole.add(name)
        return self.held[name]

    # --- committing --------------------------------------------------------------------------

    def keep(
        self,
        progress: Progress,
        rows: Mapping[RowKey, Row | None],
        raws: Mapping[RowKey, bytes],
        popped: Collection[RowKey],
    ) -> None:
        """Makes what was committed the present state.

        `raws` holds the rows as written; `popped` the wake-ups that were taken off the heap meanwhile.
        """
        self.progress = progress
        self.words.committed(raws)
        for key, row in rows.items():
            self.cache.pop(key, None)
            if self.kinds[key.kind].INDEX:
                self._mark(key, row)
            if row is None:
                self.stored.pop(key, None)
                self.wakes.pop(key, None)
                self.held.get(key[:2], {}).pop(key.id, None)
                if key.id and (ids := self.ids.get((key.kind, key.routing))) is not None:
                    ids.discard(key.id)
                continue
            if key.id and key not in self.stored:
                self._index(key)
                self.whole.discard(key[:2])
            self.stored[key] = raws[key]
            self._cache(key, row)
            at = row.wake_at
            if at is None:
                self.wakes.pop(key, None)
            elif self.wakes.get(key) != at or key in popped:
                self.wakes[key] = at
                heapq.heappush(self.heap, (at, key))
        if len(self.heap) > STALE * (len(self.wakes) + LEAST_HEAP):
            self._heap()

    def _heap(self) -> None:
        """Only what is asked for now: a wish taken back lies in the heap until it is due, a year ahead maybe."""
        self.heap = [(at, key) for key, at in self.wakes.items()]
        heapq.heapify(self.heap)


def _version(raw: bytes) -> int:
    """`v` leads every row, so it is read without parsing the rest."""
    head = raw[5 : raw.find(b",", 5)].rstrip(b"}")
    if raw.startswith(b'{"v":') and head.isdigit():
        return int(head)
    try:
        return int(orjson.loads(raw)["v"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise RowsFailed(
            "a changelog record is not a row: was the topic written by something else?"
        ) from None
