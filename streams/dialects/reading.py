"""What did a raw event say?  Canonical facts, names of no interest, and reasons to park; never an exception."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from schemas.codec import Reject, check
from schemas.fact import Fact
from schemas.ids import named
from schemas.terms import EARLIEST, LATEST

EVENTS = UUID("5f2d3c5e-9e55-5a0b-8a0e-2e4f4f9a7c31")
AHEAD = timedelta(minutes=5)  # what happened cannot lie further ahead of our clock
MAX_PARTS = 2000  # of one list
MAX_EVENT = 65_536  # bytes of one event: the longest sound profile has half of it


class Raw(NamedTuple):
    """One raw record, as any client wrote it."""

    value: bytes | None
    headers: dict[str, bytes]
    seen_at: datetime


class Read(NamedTuple):
    facts: Sequence[Fact] = ()
    ignored: Sequence[str] = ()
    rejects: Sequence[str] = ()
    source: str = ""
    dialect: str = ""


def event_id(source: str, name: str) -> UUID:
    """A platform event's id: the same source and source id always give the same."""
    return named(EVENTS, f"{source}\n{name}")


def instant(text: object) -> datetime | str:
    """An ISO 8601 instant in UTC, or why it is none; a missing zone means UTC."""
    if not isinstance(text, str) or not text:
        return "no event time"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return "the event time is not ISO 8601"
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    try:
        if not EARLIEST <= at <= LATEST:
            return "the event time lies outside 1990 to 2200"
    except OverflowError:
        return "the event time lies outside 1990 to 2200"
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def build(
    cls: type[Fact], raw: Raw, id: UUID, at: datetime, source: str, fields: dict[str, Any]
) -> Fact | Reject:
    """A canonical fact from outside: our id, our clock; whatever else the body claims is dropped."""
    if at - raw.seen_at > AHEAD:
        return Reject("the event time lies more than 5 minutes ahead of our clock")
    return check(cls, {**fields, **CLEAN, "id": id, "at": at, "seen_at": raw.seen_at, "source": source})


CLEAN: dict[str, Any] = {"cause": None, "rev": 0, "hops": 0, "policy": ""}
