"""How far is one partition of a ledger?

A row of the same changelog, written in the same transaction as all other rows, so one log gives rows
and position alike.
"""

from pydantic import BaseModel, ConfigDict

from schemas.rows import empty
from schemas.terms import Instant

PROGRESS = b"\x00progress"  # the row's key


class Trying(BaseModel):
    """A fact that may crash the interpreter is tried alone; `deaths` counts crashes at `offset`."""

    model_config = ConfigDict(frozen=True)
    offset: int
    deaths: int


class Progress(BaseModel):
    """The next input offset, the clock, and what else the ledger itself must not forget."""

    model_config = ConfigDict(frozen=True, extra="allow")
    v: int = 1
    next: int = 0
    clock: Instant | None = None
    ticks: dict[str, Instant] = empty()  # on the facts' clock: writer:partition -> through
    told: Instant | None = None  # the last tick forwarded
    parked_hour: Instant | None = None
    parked: int = 0
    trying: Trying | None = None
