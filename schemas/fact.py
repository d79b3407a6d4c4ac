"""What every event carries, and how one fact causes the next.

A fact is past tense, frozen and self-contained.  Its id is made from its cause, so that a repeat
is seen as a repeat (law 4).  Where it travels stands on its class: one topic, one key.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.ids import named
from schemas.policy import Policy
from schemas.terms import Instant, Uid

PREFIX = "org.mentorway."
MAX_HOPS = 8

Source = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class Fact(BaseModel):
    """What every event carries.  Readers ignore fields they do not know.

    `at` is when it happened, claimed by its source; `seen_at` is when intake saw it.  Outside
    facts come without `seen_at`; intake gives it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]
    KEY: ClassVar[str]
    COURSE_WIDE: ClassVar[bool] = False
    FROM_OUTSIDE: ClassVar[bool] = False  # may a platform or the mentors' system say this?

    id: Uid
    at: Instant
    seen_at: Instant
    source: Source
    cause: Uid | None = None
    rev: Annotated[int, Field(ge=0)] = 0
    hops: Annotated[int, Field(ge=0, le=255)] = 0
    policy: str = ""

    @property
    def key(self) -> str:
        """Whose state folds this fact: the routing key of its topic."""
        return str(getattr(self, self.KEY))


CONTEXT = frozenset({"id", "at", "seen_at", "source", "cause", "rev", "hops", "policy"})

F = TypeVar("F", bound=Fact)

_known: dict[str, type[Fact]] = {}


def travels(
    name: str, topic: str, key: str, *, outside: bool = False, course_wide: bool = False
) -> "_Travels":
    """Class decorator: the fact's type name (without prefix), its topic and its key field."""
    return _Travels(name, topic, key, outside, course_wide)


class _Travels(NamedTuple):
    name: str
    topic: str
    key: str
    outside: bool
    course_wide: bool

    def __call__(self, cls: type[F]) -> type[F]:
        cls.TYPE, cls.TOPIC, cls.KEY = PREFIX + self.name, self.topic, self.key
        cls.FROM_OUTSIDE, cls.COURSE_WIDE = self.outside, self.course_wide
        _known[cls.TYPE] = cls
        return cls


def known_facts() -> Mapping[str, type[Fact]]:
    """Every fact type of this release, by full type name."""
    return _known


def caused_by(cause: UUID, *parts: str) -> UUID:
    """The same cause always yields the same id, so a repeat is seen as a repeat."""
    return named(cause, "/".join(parts))


class Moment(NamedTuple):
    """All that a decision may look at beside state: what happened, when, and the policy.

    `now` is the partition's clock, never the machine's.  `wake` marks a wake-up that fell due.
    """

    cause: "Fact | Wake"
    now: datetime
    policy: Policy
    source: str

    def fact(self, cls: type[F], *what: str, **fields: object) -> F:
        """A new fact of this moment; `what` tells apart several of one class from one cause."""
        cause = self.cause
        return cls(
            id=caused_by(cause.id, cls.TYPE, *what),
            at=self.now,
            seen_at=self.now,
            source=self.source,
            cause=cause.id,
            hops=cause.hops + 1,
            policy=self.policy.version,
            **fields,  # type: ignore[arg-type]
        )


class Wake(NamedTuple):
    """A row asked to be woken and the clock reached it.  Also a fact, with an id from (key, due)."""

    id: UUID
    kind: str
    routing: str
    row: str
    due: datetime
    hops: int = 0
