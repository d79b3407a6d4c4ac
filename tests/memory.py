"""Rows in a dict and a small world that drives one state machine: facts and due wake-ups in order of time."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from schemas.fact import Fact, Moment, Wake
from schemas.policy import Policy
from schemas.rows import Naming, R, Row, RowKey, wake_of

START = datetime(2026, 1, 5, 12, tzinfo=UTC)  # a Monday
Fold = Callable[["MemoryRows", Moment], list[Fact]]


class MemoryRows:
    """Keeps each row as bytes, as a ledger does, so that what does not survive writing shows."""

    def __init__(self, kinds: dict[str, type[Row]]) -> None:
        self.kinds = kinds
        self.stored: dict[RowKey, bytes] = {}
        self.asks: dict[RowKey, tuple[bytes, datetime | None]] = {}  # what a row, as written, asks for

    def find(self, cls: type[R], routing: str, id: str = "") -> R | None:
        raw = self.stored.get(RowKey(cls.KIND, routing, id))
        return None if raw is None else cls.model_validate_json(raw)

    def put(self, row: Row, routing: str, id: str = "") -> None:
        self.stored[RowKey(row.KIND, routing, id)] = row.model_dump_json(exclude_none=True).encode()

    def drop(self, cls: type[Row], routing: str, id: str = "") -> None:
        self.stored.pop(RowKey(cls.KIND, routing, id), None)

    def scan(self, cls: type[R], routing: str, *, indexed: bool = False) -> Iterator[tuple[str, R]]:
        for key in sorted(self.stored):
            if key.kind == cls.KIND and key.routing == routing:
                row = cls.model_validate_json(self.stored[key])
                if row.indexed or not indexed:
                    yield key.id, row

    def routings(self, cls: type[Row]) -> list[str]:
        return sorted({key.routing for key in self.stored if key.kind == cls.KIND})

    def naming(self, text: str) -> list[RowKey]:
        named = Naming(text)
        return sorted(key for key, raw in self.stored.items() if named(key, raw))

    def due(self) -> Wake | None:
        """The first wake-up any row asks for, in (due, key) order."""
        asked = [(at, key) for key, raw in self.stored.items() if (at := self._asks(key, raw)) is not None]
        if not asked:
            return None
        at, key = min(asked)
        return wake_of(key, at)

    def _asks(self, key: RowKey, raw: bytes) -> datetime | None:
        known = self.asks.get(key)
        if known is None or known[0] is not raw:
            known = self.asks[key] = (raw, self.kinds[key.kind].model_validate_json(raw).wake_at)
        return known[1]


class World:
    """One state machine on a clock of its own.  `tell` folds facts; `pass_time` fires what falls due."""

    def __init__(
        self, fold: Fold, kinds: dict[str, type[Row]], policy: Policy | None = None, source: str = "test"
    ) -> None:
        self.fold, self.rows, self.policy, self.source = fold, MemoryRows(kinds), policy or Policy(), source
        self.now = START

    def tell(self, *facts: Fact) -> list[Fact]:
        said: list[Fact] = []
        for fact in facts:
            said += self.until(max(self.now, fact.seen_at))
            said += self.fold(self.rows, Moment(fact, self.now, self.policy, self.source))
        return said

    def pass_time(self, **span: float) -> list[Fact]:
        return self.until(self.now + timedelta(**span))

    def until(self, then: datetime) -> list[Fact]:
        said: list[Fact] = []
        while (wake := self.rows.due()) is not None and wake.due <= then:
            self.now = max(self.now, wake.due)
            before = dict(self.rows.stored)
            said += self.fold(self.rows, Moment(wake, self.now, self.policy, self.source))
            key = RowKey(wake.kind, wake.routing, wake.row)
            assert self.rows.stored.get(key) != before.get(key), (
                f"{key} asked for a wake-up and did not clear it"
            )
        self.now = max(self.now, then)
        return said


def only(said: Iterable[Fact], cls: type[Fact]) -> list[Fact]:
    return [fact for fact in said if isinstance(fact, cls)]
