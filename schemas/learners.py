"""Facts about a learner's place in a programme, and what the learner wants from a mentor."""

from schemas.fact import Fact, travels
from schemas.terms import (
    Band,
    Goal,
    HourOfWeek,
    Instant,
    Items,
    Language,
    LeaveReason,
    Minutes,
    Name,
    Outcome,
    Permille,
    Person,
    Skill,
    Stage,
    Zone,
)  # fmt: skip


class OfPool(Fact):
    """A fact for one pool.  From outside `pool` may be empty: intake fills it by `programme`."""

    pool: str = ""
    programme: str = ""


@travels("learner.enrolled.v1", "pool-facts", "pool", outside=True)
class LearnerEnrolled(OfPool):
    learner: Person
    course: Name
    mode: str | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    matching_consent: bool | None = None  # None = the policy's default for the programme


@travels("learner.profiled.v1", "pool-facts", "pool", outside=True)
class LearnerProfiled(OfPool):
    """Replaces the last profile by `at`, field by field: a field left out stays as it was."""

    learner: Person
    languages: Items[Language] | None = None  # ranked
    skills_wanted: Items[Skill] | None = None
    goals: Items[Goal] | None = None  # ranked
    time_zone: Zone | None = None
    available_hours: Items[HourOfWeek] | None = None  # local to time_zone
    wanted_minutes: Minutes | None = None
    prefers: Items[Person] | None = None  # ranked
    avoids: Items[Person] | None = None  # hard
    same_mentor: bool | None = None  # an earlier mentor again, or rather another one; None = as policy says
    experiment_consent: bool | None = None  # may a mentor or a nudge wait, to learn whether it helps?
    audit_group: Name | None = None  # for the fairness report alone, never a cost or a rule


@travels("learner.allowed.v1", "pool-facts", "pool")
class LearnerAllowed(OfPool):
    """A pulse's copy of the learner's word on experiments, to each pool the learner has a course in."""

    learner: Person
    experiment_consent: bool
    said_at: Instant


@travels("needs.changed.v1", "pool-facts", "pool")
class NeedsChanged(OfPool):
    """A pulse saw the learner's band change; it, and not the pool, keeps the band from flickering."""

    learner: Person
    band: Band
    stage: Stage | None = None
    risk_permille: Permille | None = None
    effort_minutes: Minutes | None = None  # a week; None = the policy's table says
    signals: Items[Name] = ()


@travels("learner.withdrew.v1", "pool-facts", "pool", outside=True)
class LearnerWithdrew(OfPool):
    learner: Person
    course: Name
    reason: LeaveReason = "left"


@travels("learner.completed.v1", "pool-facts", "pool", outside=True)
class LearnerCompleted(OfPool):
    learner: Person
    course: Name
    outcome: Outcome = "completed"


@travels("matching_consent.told.v1", "pool-facts", "person", course_wide=True)
class MatchingConsentTold(Fact):
    """Intake's copy of `consent.given` and `consent.withdrawn` for every pool: nobody says in which the person is."""

    person: Person
    given: bool


@travels("course.joined.v1", "learner-facts", "learner", outside=True)
class CourseJoined(Fact):
    learner: Person
    course: Name
    programme: Name
    starts_at: Instant | None = None
    ends_at: Instant | None = None


@travels("course.left.v1", "learner-facts", "learner", outside=True)
class CourseLeft(Fact):
    learner: Person
    course: Name
    reason: LeaveReason = "left"


@travels("course.completed.v1", "learner-facts", "learner", outside=True)
class CourseCompleted(Fact):
    learner: Person
    course: Name
    outcome: Outcome = "completed"
