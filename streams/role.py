"""What does one kind of ledger do with a record?  The seam between the shell and the pure core."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from schemas.codec import decode
from schemas.fact import MAX_HOPS, Fact, Moment
from schemas.policy import Policy
from schemas.rows import Row, RowKey, Rows
from schemas.topics import LEDGERS, Topic, changelog
from streams.log import RawHeaders, Record


class Newer(Exception):
    """A fact was written by a later release than this one: stop before misreading it."""


class Reading(NamedTuple):
    """One input record, read: what to fold, and what to park with which reason."""

    facts: Sequence[Fact] = ()
    rejects: Sequence[str] = ()
    seen_at: datetime | None = None
    dialect: str = ""
    detail: object = None  # for the role's own fold
    headless: bool = False  # its headers must not be touched again


class HeadersFailed(Exception):
    """The client cannot tell a record's headers: the name of one is not UTF-8.  Asked again, it may crash."""


class Role(Protocol):
    """One ledger's work.  `stamps` = it is the one that gives facts their `seen_at` (intake)."""

    name: str
    input: Topic
    kinds: Mapping[str, type[Row]]
    stamps: bool
    asides: Mapping[str, Callable[[Rows, Moment], Fact]]  # what takes long, by the kind of row that asks

    def read(self, record: Record, clock: datetime, policy: Policy) -> Reading: ...

    def fold(self, rows: Rows, moment: Moment, reading: Reading | None) -> list[Fact]: ...

    def first_rows(self, partition: int, wall: datetime) -> Mapping[RowKey, Row]:
        """Rows a partition must have (one that asks to be woken, say); put where missing."""
        ...


class FactRole:
    """A ledger over facts of our own: decode, then the core's `fold`."""

    stamps = False

    def __init__(
        self,
        name: str,
        kinds: Mapping[str, type[Row]],
        fold: Callable[[Rows, Moment], list[Fact]],
        asides: Mapping[str, Callable[[Rows, Moment], Fact]] | None = None,
    ) -> None:
        self.name, self.kinds, self._fold, self.asides = name, kinds, fold, asides or {}
        self.input = LEDGERS[name]

    def read(self, record: Record, clock: datetime, policy: Policy) -> Reading:
        fact = decode(record.value(), headers_of(record))
        if not isinstance(fact, Fact):
            if fact.newer:
                raise Newer(fact.reason)
            return Reading(rejects=(fact.reason,))
        if fact.hops > MAX_HOPS:
            return Reading(rejects=(f"{fact.hops} hops from fact to fact: decisions feed each other",))
        return Reading((fact,), (), fact.seen_at)

    def fold(self, rows: Rows, moment: Moment, reading: Reading | None) -> list[Fact]:
        return self._fold(rows, moment)

    def first_rows(self, partition: int, wall: datetime) -> Mapping[RowKey, Row]:
        return {}


def headers_of(record: Record) -> RawHeaders:
    """Asked for once a record: see `HeadersFailed`."""
    try:
        return record.headers() or []
    except (SystemError, UnicodeError) as error:
        raise HeadersFailed from error


def changelog_of(role: Role) -> Topic:
    return changelog(role.name)
