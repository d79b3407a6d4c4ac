"""What does a pool remember of a learner, of a mentor and of itself?

All rows are routed by the pool's id.  Whatever may arrive late stands beside the instant (`at`) of
the fact that said it, so that an older fact changes nothing.
"""

from datetime import datetime
from typing import Any

from schemas.rows import Row
from schemas.terms import Instant, Items, Skill, Uid

LEARNER_FIELDS = (
    "languages", "skills_wanted", "goals", "time_zone", "available_hours", "wanted_minutes", "avoids",
)  # fmt: skip
MENTOR_FIELDS = (
    "languages", "skills", "guides", "time_zone", "available_hours", "capacity_minutes", "max_mentees",
    "avoids", "courses",
)  # fmt: skip
KEPT = 64  # courses and blocks remembered of one learner


class Profiled(Row):
    """`told` keeps for each profile field when it was last said."""

    programme: str = ""
    told: dict[str, Instant] = {}
    languages: Items[str] | None = None
    time_zone: str | None = None
    available_hours: Items[int] | None = None
    avoids: Items[str] = ()

    def news(self, fact: object, at: datetime, fields: tuple[str, ...]) -> dict[str, Any]:
        """What this profile fact changes: the fields it names that were not said since."""
        changes: dict[str, Any] = {}
        told = dict(self.told)
        for name in fields:
            value = getattr(fact, name)
            if value is not None and (name not in told or at > told[name]):
                changes[name], told[name] = value, at
        return {**changes, "told": told} if changes else {}


class LearnerRow(Profiled):
    KIND = "learner"
    INDEX = "waiting_since"  # a round looks at those who wait, not at all of a pool

    courses: dict[str, tuple[Instant, bool]] = {}  # course: since when, and whether it is open
    consent: bool | None = None
    consent_at: Instant | None = None
    skills_wanted: Items[Skill] = ()
    goals: Items[str] = ()
    wanted_minutes: int | None = None
    blocked: dict[str, tuple[Instant, bool]] = {}  # mentor: since when, and whether it holds
    waiting_since: Instant | None = None
    binding: str = ""  # the reason last told for still waiting
    rev: int = 0  # of what was announced
    spell: int = 0  # how many pairs there were
    pair: Uid | None = None
    mentor: str | None = None
    state: str = "none"
    paired_at: Instant | None = None
    answer_by: Instant | None = None
    accepted: Items[str] = ()  # the sides that said yes

    @property
    def studies(self) -> bool:
        return any(is_open for _, is_open in self.courses.values())


class MentorRow(Profiled):
    KIND = "mentor"

    here: bool = False
    here_at: Instant | None = None
    paused: bool = False
    paused_until: Instant | None = None
    paused_at: Instant | None = None
    skills: Items[Skill] = ()
    guides: Items[str] = ()
    capacity_minutes: int | None = None
    max_mentees: int | None = None
    courses: Items[str] = ()  # none named = any
    mentees: dict[str, int] = {}  # learner: minutes a week promised
    load_rev: int = 0  # of the last word on the load, and what it said
    load_mark: int = 0

    def takes_at(self, now: datetime) -> bool:
        """Is the mentor here and not on a pause?"""
        return self.here and not (self.paused and (self.paused_until is None or self.paused_until > now))


class PoolRow(Row):
    """`wake_at` is the next round."""

    KIND = "pool"

    round_at: Instant | None = None  # of the last round
    trigger: str = ""  # what first asked for the next


def remembered(
    kept: dict[str, tuple[datetime, bool]], name: str, at: datetime, on: bool
) -> dict[str, tuple[datetime, bool]]:
    """With one more entry; beyond `KEPT`, what is off and oldest goes first."""
    kept = {**kept, name: (at, on)}
    while len(kept) > KEPT:
        del kept[min(kept, key=lambda other: (other == name, kept[other][1], kept[other][0], other))]
    return kept
