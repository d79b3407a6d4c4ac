"""The words that facts are made of: ids, instants, lists, and the small closed vocabularies.

Integers and text are strict, so that `"5"` is not 5.  Instants, ids and lists arrive as JSON
text and arrays, so these three alone are converted.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from operator import methodcaller
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, Strict, StringConstraints

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

T = TypeVar("T")

# two instants of one and the same zone object are compared 30 times faster than two of equal ones, as pydantic reads
_in_utc: Callable[[datetime], datetime] = methodcaller("astimezone", UTC)
Instant = Annotated[AwareDatetime, Strict(False), Field(ge=EARLIEST, le=LATEST), AfterValidator(_in_utc)]
Uid = Annotated[UUID, Strict(False)]
Items = Annotated[tuple[T, ...], Strict(False)]

Name = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]
Person = Name  # `<platform>:<stable id>`, opaque
Language = Annotated[str, StringConstraints(min_length=2, max_length=35, pattern=r"^[A-Za-z0-9-]+$")]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Permille = Annotated[int, Field(ge=0, le=1000)]
Minutes = Annotated[int, Field(ge=0, le=10_080)]  # of a week
MinuteOfDay = Annotated[int, Field(ge=0, le=1439)]
HourOfDay = Annotated[int, Field(ge=0, le=23)]  # local
HourOfWeek = Annotated[int, Field(ge=0, le=167)]  # Monday 00:00 is 0, local to the person's zone
Level = Annotated[int, Field(ge=1, le=5)]

Side = Literal["learner", "mentor"]
Role = Literal["learner", "mentor", "operator"]
By = Literal["learner", "mentor", "operator"]
Band = Literal["low", "raised", "high", "urgent"]  # of risk, as a pulse sees it
Stage = Literal["start", "middle", "end"]  # of a learner's way through a course
Goal = Literal["finish", "grade", "career", "confidence", "network", "tools"]
Channel = Literal["platform", "mail", "push", "text", "webhook"]
LeaveReason = Literal["left", "deleted", "inactive", "absent_from_roster"]
Outcome = Literal["passed", "completed", "failed", "certified"]
EndReason = Literal[
    "declined", "completed", "withdrew", "mentor_left", "mentor_paused", "silent", "moved",
    "by_learner", "by_mentor", "by_operator", "erased",
]  # fmt: skip
Binding = Literal[
    "no_capacity", "no_eligible_mentor", "no_shared_language", "no_shared_hours", "no_skill",
    "below_floor", "blocked", "no_consent", "holdout",
]  # fmt: skip
CloseReason = Literal[
    "recovered", "done", "withdrew", "expired", "superseded", "ended", "erased",
]  # fmt: skip
Kind = Literal[
    "start", "reengage", "dip", "due_soon", "missed", "help", "struggling", "unanswered", "celebrate",
    "balance", "support", "plan", "career", "digital", "accept", "first_contact", "reply", "stalled",
    "overload", "cover", "impact", "match", "storm", "dead_feed",
]  # of a nudge  # fmt: skip
MayBeOff = Literal[
    "L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L10", "L11", "L12", "L13", "L14",
    "M1", "M2", "M3", "M4", "M5", "M6", "M7", "dead_feed",
]  # signals a policy may shut off; storm is none of them: it keeps others from being believed  # fmt: skip
Domain = Literal["study", "time", "money", "health", "belonging", "technology", "career"]  # of a check-in
HoldReason = Literal["quiet_hours", "daily_cap", "weekly_cap", "digest", "mentor_cap", "usual_hour"]
SuppressReason = Literal[
    "resolved", "expired", "duplicate", "opted_out", "no_consent", "holdout", "rung_cap",
    "no_channel", "complained", "erased", "overflow", "unknown_person",
]  # fmt: skip
Arm = Annotated[
    tuple[Name, Literal["holdout", "treatment"]], Strict(False)
]  # an experiment, and what it drew for a learner
Skill = Annotated[tuple[Name, Level], Strict(False)]
Day = Annotated[int, Field(ge=0, le=6)]  # Monday is 0
