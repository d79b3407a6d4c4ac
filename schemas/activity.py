"""Facts about what a learner does, and about the course around it."""

from typing import Literal

from schemas.fact import Fact, travels
from schemas.terms import Count, Instant, Name, Permille, Person, Side, Uid


class OfLearner(Fact):
    learner: Person


@travels("activity.seen.v1", "learner-facts", "learner", outside=True)
class ActivitySeen(OfLearner):
    course: Name | None = None
    item: Name | None = None
    kind: Literal["login", "view", "video", "attempt", "forum", "tool", "other"] = "other"
    count: Count = 1
    seconds: Count | None = None
    precision: Literal["second", "day"] = "second"


@travels("work.submitted.v1", "learner-facts", "learner", outside=True)
class WorkSubmitted(OfLearner):
    course: Name
    item: Name
    attempt: Count | None = None


@travels("work.graded.v1", "learner-facts", "learner", outside=True)
class WorkGraded(OfLearner):
    """`at` is when it was graded; `submitted_at` when the work was handed in, if told."""

    course: Name
    item: Name | None = None
    scope: Literal["item", "section", "course"] = "item"
    score_permille: Permille
    weight_permille: Count | None = None
    submitted_at: Instant | None = None


@travels("attempt.failed.v1", "learner-facts", "learner", outside=True)
class AttemptFailed(OfLearner):
    course: Name | None = None
    item: Name
    attempt: Count | None = None
    score_permille: Permille | None = None


@travels("attempt.passed.v1", "learner-facts", "learner", outside=True)
class AttemptPassed(OfLearner):
    course: Name | None = None
    item: Name
    attempt: Count | None = None
    score_permille: Permille | None = None


@travels("module.completed.v1", "learner-facts", "learner", outside=True)
class ModuleCompleted(OfLearner):
    course: Name
    module: Name
    progress_permille: Permille | None = None


@travels("progress.reached.v1", "learner-facts", "learner", outside=True)
class ProgressReached(OfLearner):
    course: Name
    progress_permille: Permille


@travels("award.granted.v1", "learner-facts", "learner", outside=True)
class AwardGranted(OfLearner):
    course: Name | None = None
    award: Name
    kind: Literal["certificate", "badge", "programme"] = "badge"


@travels("break.declared.v1", "learner-facts", "learner", outside=True)
class BreakDeclared(OfLearner):
    course: Name | None = None
    begins_at: Instant
    ends_at: Instant


@travels("message.sent.v1", "learner-facts", "learner", outside=True)
class MessageSent(OfLearner):
    """A message within a pair.  Its text stays on the platform."""

    pair: Uid
    mentor: Person
    sender: Side
    channel: str = "platform"
    expects_reply: bool = True


@travels("meeting.held.v1", "learner-facts", "learner", outside=True)
class MeetingHeld(OfLearner):
    pair: Uid
    mentor: Person
    minutes: Count = 0


@travels("deadline.set.v1", "learner-facts", "subject", outside=True, course_wide=True)
class DeadlineSet(Fact):
    """Course-wide unless `learner` is given: then that learner's own date."""

    course: Name
    item: Name
    due_at: Instant
    learner: Person | None = None
    graded: bool = True
    required: bool = True
    coarse: bool = False  # hand-ins are known by the day only: one more day of grace

    @property
    def subject(self) -> str:
        return self.learner or self.course


@travels("deadline.removed.v1", "learner-facts", "subject", outside=True, course_wide=True)
class DeadlineRemoved(Fact):
    course: Name
    item: Name
    learner: Person | None = None

    @property
    def subject(self) -> str:
        return self.learner or self.course
