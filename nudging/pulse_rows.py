"""What does a pulse remember of a learner, a course, and how far the sources were heard?

Maxima and sets, not counts of arrivals, so late and repeated facts change nothing twice.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from schemas.rows import Row
from schemas.terms import Instant

MAX_COURSES, MAX_ITEMS, MAX_DATES, MAX_ADVICE, MAX_PAIRS = 8, 32, 200, 8, 3


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class Deadline(Part):
    due_at: Instant
    told_at: Instant  # when it was set: a later word replaces an earlier one
    required: bool = True  # graded and required
    coarse: bool = False
    removed: bool = False


class Course(Part):
    """One learner in one course.  `over_at` after `joined_at` = left or completed."""

    programme: str = ""
    joined_at: Instant | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    over_at: Instant | None = None
    over: str = ""  # withdrew or done
    first_at: Instant | None = None
    last_at: Instant | None = None
    break_from: Instant | None = None
    break_until: Instant | None = None
    progress_permille: int = 0
    submitted: dict[str, Instant] = {}  # the earliest hand-in of each item
    own_dates: dict[str, Deadline] = {}

    @property
    def active(self) -> bool:
        if self.joined_at is None:
            return False
        return self.over_at is None or self.joined_at > self.over_at

    def break_end(self, at: datetime) -> datetime | None:
        """The end of the declared break that had begun by then; one to come excuses nothing yet."""
        return self.break_until if self.break_from is not None and self.break_from <= at else None


class Episode(Part):
    id: UUID
    course: str = ""
    opened_at: Instant
    rung: int = 0  # the highest that fired
    rungs: int = 0  # how many fired
    advice: tuple[tuple[UUID, str], ...] = ()  # given, with its recipient


class Match(Part):
    rev: int = 0
    state: str = "none"
    pair: UUID | None = None
    mentor: str | None = None
    since: Instant | None = None
    pool: str = ""
    programme: str = ""


class PulseRow(Row):
    KIND: ClassVar[str] = "pulse"

    source: str = ""  # the platform that last spoke of this learner
    courses: dict[str, Course] = {}
    episodes: dict[str, Episode] = {}  # open ones, by signal and scope
    match: Match = Match()
    contacted: dict[str, tuple[str, ...]] = {}  # by pair: who wrote within it, learner or mentor
    celebrated_on: str = ""
    celebrated: int = 0
    praised: tuple[str, ...] = ()  # what was celebrated lately, so a repeat is not
    evidence: tuple[UUID, ...] = ()  # the last facts, newest last


class CourseRow(Row):
    """The reference row of a course within one partition."""

    KIND: ClassVar[str] = "course"

    dates: dict[str, Deadline] = {}
    learners: int = 0  # of this partition: a fair sample
    opened_on: dict[str, str] = {}  # by signal: the day counted
    opened: dict[str, int] = {}
    stormed_on: str = ""


class HeardRow(Row):
    """Through when each input partition was read to its end, and when each platform last spoke."""

    KIND: ClassVar[str] = "heard"

    through: dict[str, dict[str, Instant]] = {}  # topic -> partition -> instant
    partitions: dict[str, int] = {}
    last_heard: dict[str, Instant] = {}

    def heard(self) -> datetime | None:
        """The instant all declared partitions were heard through; None until each has spoken."""
        for topic, count in self.partitions.items():
            if len(self.through.get(topic, {})) < count:
                return None
        ends = [end for parts in self.through.values() for end in parts.values()]
        return min(ends) if ends else None
