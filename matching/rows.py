"""What does a pool remember of its learners, its mentors, and the round it owes them?

Maxima and last words by `at`, so late and repeated facts change nothing twice.  A learner's row holds
the one pair there can be, so nobody has two mentors; a mentor's row holds the minutes each mentee takes.
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from schemas.policy import Policy, PoolPolicy
from schemas.rows import Row
from schemas.terms import Goal, Instant, Side, Skill

MAX_COURSES, MAX_BLOCKS, MAX_AVOIDS, MAX_MENTEES = 32, 64, 64, 500
LEAST_MINUTES = 5  # a week: who asks for less takes this much


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class Enrolment(Part):
    """One learner in one course.  Open while the last joining is later than the last leaving."""

    programme: str = ""
    first_at: Instant | None = None
    joined_at: Instant | None = None
    over_at: Instant | None = None
    over: Literal["withdrew", "completed"] = "withdrew"

    @property
    def open(self) -> bool:
        return self.joined_at is not None and (self.over_at is None or self.joined_at > self.over_at)

    @property
    def since(self) -> datetime | None:
        """When the present stay began, as far as is known; joining told twice does not move it."""
        if self.over_at is None or (self.first_at is not None and self.first_at > self.over_at):
            return self.first_at
        return self.joined_at


class Block(Part):
    """The last word on whether two may be paired; an unblocking is remembered too."""

    at: Instant
    on: bool = True


class Pair(Part):
    id: UUID
    mentor: str
    state: Literal["proposed", "confirmed"]
    since: Instant  # when it was proposed, or confirmed
    minutes: int  # a week, as agreed when it was made; they stay the pair's until it ends
    answer_by: Instant
    accepted: tuple[Side, ...] = ()


class LearnerRow(Row):
    """Known by enrolment or only by name (a stub).  Waits while a course is open and there is no pair."""

    KIND: ClassVar[str] = "learner"

    courses: dict[str, Enrolment] = {}
    forgotten_at: Instant | None = None  # courses that were over by then may have been dropped
    told: dict[str, Instant] = {}  # when each field below was last said
    languages: tuple[str, ...] | None = None
    skills_wanted: tuple[Skill, ...] | None = None
    goals: tuple[Goal, ...] | None = None
    time_zone: str | None = None
    available_hours: tuple[int, ...] | None = None
    wanted_minutes: int | None = None
    prefers: tuple[str, ...] | None = None
    avoids: tuple[str, ...] | None = None
    matching_consent: bool | None = None
    blocks: dict[str, Block] = {}
    freed_at: Instant | None = None  # when the last pair ended
    pair: Pair | None = None
    spell: int = 0  # pairs so far
    rev: int = 0  # of what others were told
    waitlist: str = ""  # the binding reason last told

    @property
    def enrolled(self) -> bool:
        return any(course.open for course in self.courses.values())

    @property
    def waiting(self) -> bool:
        return self.pair is None and self.enrolled

    @property
    def programme(self) -> str:
        """The programme of the first open course by name, or of the first known."""
        names = sorted(self.courses, key=lambda name: (not self.courses[name].open, name))
        return self.courses[names[0]].programme if names else ""

    def since(self, now: datetime) -> datetime:
        """When the present wait began: the oldest open enrolment, or the end of the last pair."""
        starts = [course.since for course in self.courses.values() if course.open]
        began = min((at for at in starts if at is not None), default=now)
        return began if self.freed_at is None else max(began, self.freed_at)

    def minutes(self, policy: PoolPolicy) -> int:
        wanted = policy.effort_minutes if self.wanted_minutes is None else self.wanted_minutes
        return max(LEAST_MINUTES, wanted)

    def consents(self, policy: Policy) -> bool:
        said = self.matching_consent
        return policy.defaults.matching_consent if said is None else said

    @property
    def barred(self) -> frozenset[str]:
        """Mentors this learner must not have."""
        return frozenset(self.avoids or ()) | {who for who, block in self.blocks.items() if block.on}


class MentorRow(Row):
    """`wake_at` is the end of a pause.  Without `joined_at` it is a stub and mentors nobody."""

    KIND: ClassVar[str] = "mentor"

    told: dict[str, Instant] = {}
    languages: tuple[str, ...] | None = None
    skills: tuple[Skill, ...] | None = None
    guides: tuple[Goal, ...] | None = None
    time_zone: str | None = None
    available_hours: tuple[int, ...] | None = None
    capacity_minutes: int | None = None
    max_mentees: int | None = None
    avoids: tuple[str, ...] | None = None
    courses: tuple[str, ...] | None = None
    joined_at: Instant | None = None
    left_at: Instant | None = None
    paused_at: Instant | None = None
    resumed_at: Instant | None = None
    paused_until: Instant | None = None
    keep_pairs: bool = True
    mentees: dict[str, int] = {}  # learner -> minutes a week

    @property
    def left(self) -> bool:
        return self.left_at is not None and (self.joined_at is None or self.left_at >= self.joined_at)

    def paused(self, now: datetime) -> bool:
        if self.paused_at is None:
            return False
        ended = max((at for at in (self.resumed_at, self.left_at) if at is not None), default=None)
        if ended is not None and ended >= self.paused_at:
            return False
        return self.paused_until is None or self.paused_until > now

    @property
    def committed(self) -> int:
        return sum(self.mentees.values())

    def capacity(self, policy: PoolPolicy) -> int:
        return policy.capacity_minutes if self.capacity_minutes is None else self.capacity_minutes

    def places(self, policy: PoolPolicy) -> int:
        """How many more learners by count."""
        limit = policy.max_mentees if self.max_mentees is None else self.max_mentees
        return max(0, min(limit, MAX_MENTEES) - len(self.mentees))

    def free_minutes(self, policy: PoolPolicy) -> int:
        """Minutes a week that may still be given away; a mentor at the count limit has none."""
        return max(0, self.capacity(policy) - self.committed) if self.places(policy) else 0


class WaitingRow(Row):
    """An index: this learner waits.  A round lists the waiting without walking all learners."""

    KIND: ClassVar[str] = "waiting"


class PoolRow(Row):
    """`wake_at` is the round that is owed; `trigger` is what first asked for it."""

    KIND: ClassVar[str] = "pool"

    trigger: str = ""
    rounds: int = 0
