"""Facts about a mentor: who they are, what they offer, and when they are there."""

from schemas.fact import travels
from schemas.learners import OfPool
from schemas.terms import (
    Count,
    Goal,
    HourOfWeek,
    Instant,
    Items,
    Language,
    Minutes,
    Name,
    Person,
    Skill,
    Zone,
)  # fmt: skip


class MentorProfile(OfPool):
    mentor: Person
    languages: Items[Language] | None = None  # ranked
    skills: Items[Skill] | None = None
    guides: Items[Goal] | None = None
    time_zone: Zone | None = None
    available_hours: Items[HourOfWeek] | None = None  # local to time_zone
    capacity_minutes: Minutes | None = None  # a week
    max_mentees: Count | None = None  # hard
    avoids: Items[Person] | None = None  # hard
    courses: Items[Name] | None = None


@travels("mentor.joined.v1", "pool-facts", "pool", outside=True)
class MentorJoined(MentorProfile):
    pass


@travels("mentor.changed.v1", "pool-facts", "pool", outside=True)
class MentorChanged(MentorProfile):
    """Field by field, by `at`: a field left out stays as it was."""


@travels("mentor.paused.v1", "pool-facts", "pool", outside=True)
class MentorPaused(OfPool):
    mentor: Person
    paused_until: Instant | None = None  # None = until resumed
    keep_pairs: bool = True


@travels("mentor.resumed.v1", "pool-facts", "pool", outside=True)
class MentorResumed(OfPool):
    mentor: Person


@travels("mentor.left.v1", "pool-facts", "pool", outside=True)
class MentorLeft(OfPool):
    mentor: Person
