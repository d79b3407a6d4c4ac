"""What does a mentor's own pulse remember: what they bear, how fast they answer, and whether they are there?"""

from uuid import UUID

from schemas.rows import Part, empty
from schemas.terms import Instant

MAX_MENTEES, MAX_REPLIES = 64, 32


class Correspondence(Part):
    """One pair as its mentor's pulse sees it: is a reply owed, and since when?"""

    asked_at: Instant | None = None
    wrote_at: Instant | None = None


class Load(Part):
    """What a mentor bears in one pool, by its last word."""

    rev: int = 0
    programme: str = ""
    committed: int = 0  # minutes a week
    capacity: int = 0
    pairs: tuple[tuple[UUID, str], ...] | None = None  # with the learner; None = not told


class Mentoring(Load):
    """What a mentor bears, and whether they are there."""

    pool: str = ""  # the first that spoke
    others: dict[str, Load] = empty()  # by pool, of who serves in several
    talks: dict[str, Correspondence] = empty()
    replies: tuple[tuple[Instant, int], ...] = ()  # when, and after how many hours
    strained_at: Instant | None = None
    eased_at: Instant | None = None
    told_at: Instant | None = None  # of the last word on being away
    away_at: Instant | None = None  # None = here
    away_until: Instant | None = None
    gone: bool = False
    missed: tuple[Instant, ...] = ()  # meetings
    held_at: Instant | None = None

    @property
    def loads(self) -> dict[str, Load]:
        """By pool."""
        return {self.pool: self, **self.others}

    @property
    def learners(self) -> list[str] | None:
        """Of all pools, each once; None = no pool has told."""
        pairs = [load.pairs for load in self.loads.values() if load.pairs is not None]
        return sorted({learner for told in pairs for _, learner in told}) if pairs else None


NO_MENTORING, NO_LOAD = Mentoring(), Load()
