"""Facts about where a learner stands: stuck, asking, planning, feeling, and with which tools."""

from typing import Literal

from schemas.activity import OfLearner
from schemas.fact import Fact, travels
from schemas.terms import Count, Domain, Level, Name, Person, Role, Side, Uid, Zone


@travels("hint.used.v1", "learner-facts", "learner", outside=True)
class HintUsed(OfLearner):
    course: Name | None = None
    item: Name
    kind: Literal["hint", "answer"] = "hint"


@travels("question.asked.v1", "learner-facts", "learner", outside=True)
class QuestionAsked(OfLearner):
    """The text stays on the platform."""

    course: Name
    thread: Name
    to_mentor: bool = False


@travels("question.answered.v1", "learner-facts", "course", outside=True, course_wide=True)
class QuestionAnswered(Fact):
    """A reply in a thread.  It does not say whose question it was: each partition looks that up."""

    course: Name
    thread: Name
    by_role: Role | Literal["staff", "unknown"] = "unknown"
    by: Person | None = None


@travels("checkin.answered.v1", "learner-facts", "learner", outside=True)
class CheckinAnswered(OfLearner):
    """The learner's own word on one domain; 5 is very challenging."""

    domain: Domain
    level: Level


@travels("plan.made.v1", "learner-facts", "learner", outside=True)
class PlanMade(OfLearner):
    """That there is a plan, and whether it names an obstacle; its text stays on the platform."""

    course: Name
    has_obstacle: bool = False


@travels("tool.required.v1", "learner-facts", "course", outside=True, course_wide=True)
class ToolRequired(Fact):
    course: Name
    tool: Name


@travels("tool.opened.v1", "learner-facts", "learner", outside=True)
class ToolOpened(OfLearner):
    course: Name
    tool: Name


@travels("tool.failed.v1", "learner-facts", "learner", outside=True)
class ToolFailed(OfLearner):
    course: Name
    tool: Name


@travels("meeting.missed.v1", "learner-facts", "learner", outside=True)
class MeetingMissed(OfLearner):
    pair: Uid
    mentor: Person
    missed_by: Side
    minutes: Count = 0


@travels("learner.known.v1", "learner-facts", "learner")
class LearnerKnown(Fact):
    """What intake copies of a learner for their pulse: the zone nights are counted in, and two consents."""

    learner: Person
    time_zone: Zone | None = None
    sensitive: bool | None = None  # may off-hours and check-ins be looked at?
    experiments: bool | None = None  # may the learner come into experiments?
