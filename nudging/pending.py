"""What is kept of a piece of advice that waits to be said?"""

from datetime import datetime
from operator import attrgetter
from typing import ClassVar
from uuid import UUID

from schemas.advice import AdviceGiven
from schemas.experiments import held_back
from schemas.rows import Row, changed
from schemas.terms import EARLIEST, Arm, HoldReason, Instant, Kind, Name, Person, Role


class PendingRow(Row):
    """One piece of advice that waits, with its id as the row's.  The person's row asks for the wake-up."""

    KIND: ClassVar[str] = "pending"

    advice: UUID
    episode: UUID
    signal: Name
    rung: int
    role: Role
    kind: Kind
    learner: Person | None = None
    mentor: Person | None = None
    course: Name | None = None
    programme: Name | None = None
    critical: bool = False
    priority: int
    since: Instant
    not_before: Instant | None = None
    expires_at: Instant
    evidence: tuple[UUID, ...] = ()
    figures: tuple[tuple[str, int | str], ...] = ()
    arm: Arm | None = None
    step: str = ""  # the middle of the template's name; empty = the rung
    digest_at: Instant | None = None
    held: tuple[HoldReason, ...] = ()  # said already
    usual_hours: tuple[int, ...] = ()
    ready_at: Instant | None = None  # since when only a usual hour is waited for
    look_at: Instant | None = None  # held until then, as it was last judged

    @classmethod
    def of(cls, fact: AdviceGiven, since: datetime) -> "PendingRow":
        fields = dict(zip(_COPIED, _copied(fact), strict=True))
        figures = tuple((name, x if isinstance(x, int) else x[:128]) for name, x in fact.figures[:8])
        return changed(NONE_WAITS, since=since, evidence=fact.evidence[:8], figures=figures, **fields)

    @property
    def template(self) -> str:
        return f"{self.signal}.{self.step or self.rung}.{self.role}"[:128]

    @property
    def held_out(self) -> bool:
        return held_back(self.arm)

    @property
    def order(self) -> tuple[bool, int, datetime, int]:
        """Who goes first: critical, then by priority, then by age."""
        return not self.critical, -self.priority, self.since, self.advice.int


_COPIED = (
    "advice", "episode", "signal", "rung", "role", "kind", "learner", "mentor", "course", "programme", "critical",
    "priority", "not_before", "expires_at", "arm", "usual_hours",
)  # fmt: skip
_copied = attrgetter(*_COPIED)
NONE_WAITS = PendingRow(
    advice=UUID(int=0), episode=UUID(int=0), signal="-", rung=1, role="learner", kind="start", priority=0,
    since=EARLIEST, expires_at=EARLIEST,
)  # advice was checked when it was read: its fields are copied onto this  # fmt: skip
