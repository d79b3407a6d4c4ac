"""What does a pool remember of a learner and of a mentor?

All rows are routed by the pool's id.  Whatever may arrive late stands beside the instant (`at`) of
the fact that said it, so that an older fact changes nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from matching.remembering import UNHEARD, UNWANTED
from schemas.policy import Policy
from schemas.rows import Row, empty
from schemas.terms import Band, Instant, Items, Skill, Stage, Uid

LEARNER_FIELDS = (
    "languages", "skills_wanted", "goals", "time_zone", "available_hours", "wanted_minutes", "avoids",
    "prefers", "same_mentor", "experiment_consent",
)  # fmt: skip
MENTOR_FIELDS = (
    "languages", "skills", "guides", "time_zone", "available_hours", "capacity_minutes", "max_mentees",
    "avoids", "courses",
)  # fmt: skip
HARD: frozenset[Band] = frozenset({"high", "urgent"})  # bands a mentor gains experience by


class Profiled(Row):
    """`told` keeps for each profile field when it was last said."""

    programme: str = ""
    told: dict[str, Instant] = empty()
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
    INDEX = ("waiting_since", "pinned", "cover")  # whom a round looks at, of all of a pool

    courses: dict[str, tuple[Instant, bool]] = empty()  # course: since when, and whether it is open
    ends: dict[str, Instant] = empty()  # course: its end, where the enrolment told one
    elsewhere: dict[str, str] | None = None  # course: its programme, where that is not the row's
    forgotten_at: Instant | None = None  # the latest word on a course that is remembered no more
    consent: bool | None = None
    consent_at: Instant | None = None
    experiment_consent: bool | None = None
    skills_wanted: Items[Skill] = ()
    goals: Items[str] = ()
    wanted_minutes: int | None = None
    blocked: dict[str, tuple[Instant, bool]] = empty()  # mentor: since when, and whether it holds
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
    unheard: int = 0  # proposals in a row that the learner left unanswered
    waited: int = 0  # minutes before there was a mentor; who is moved has waited as long as before
    cost: int = 0  # points of the present match's terms, load left out
    prefers: Items[str] = ()  # mentors, ranked
    same_mentor: bool | None = None
    past: dict[str, tuple[Instant, str]] = empty()  # mentor: when a pair with them ended, and why
    band: Band = "low"
    stage: Stage | None = None
    need_minutes: int | None = None  # a week, where a pulse said so; None = the policy's table
    need_at: Instant | None = None
    hard: bool = False  # need was high at some time of the present pair
    pinned: str | None = None  # the mentor this learner is to have
    pinned_at: Instant | None = None
    pinned_until: Instant | None = None
    pin_told: str = ""  # why the pin cannot be honoured, as last told
    cover: str | None = None  # who stands in for the mentor
    cover_pair: Uid | None = None

    @property
    def studies(self) -> bool:
        return any(is_open for _, is_open in self.courses.values())

    @property
    def rests(self) -> bool:
        """Gets no proposal for a while, as so many were left unanswered?"""
        return self.pair is None and self.waiting_since is None and self.unheard >= UNHEARD

    def studies_at(self, now: datetime, policy: Policy) -> bool:
        """Has the learner an open course?  One whose told end is `after_end_days` past counts as over, as nobody may say so."""
        return any(True for _ in self._open_at(now, policy))

    def _open_at(self, now: datetime, policy: Policy) -> Iterator[str]:
        lingers = timedelta(days=policy.pool.after_end_days)
        for name, (_, is_open) in self.courses.items():
            if is_open and (name not in self.ends or now < self.ends[name] + lingers):
                yield name

    def programme_of(self, course: str) -> str:
        return (self.elsewhere or {}).get(course, self.programme)

    @property
    def open_programmes(self) -> frozenset[str]:
        return frozenset(
            self.programme_of(course) for course, (_, is_open) in self.courses.items() if is_open
        )

    def programmes_at(self, now: datetime, policy: Policy) -> frozenset[str]:
        """Of which the learner takes part, has a mentor or waits for one: several may share the pool."""
        own = () if self.pair is None and self.waiting_since is None else (self.programme,)
        return frozenset((*own, *(self.programme_of(course) for course in self._open_at(now, policy))))

    @property
    def never(self) -> tuple[str, ...]:
        """Mentors never matched again without a pin: blocked, or once in a pair that either side did not want."""
        shut = [mentor for mentor, (_, holds) in self.blocked.items() if holds]
        return (*shut, *(mentor for mentor, (_, why) in self.past.items() if why in UNWANTED))

    def consents(self, policy: Policy) -> bool:
        """To be matched: as told, else as the policy has it."""
        return policy.defaults.matching_consent if self.consent is None else self.consent

    def waited_at(self, now: datetime) -> int:
        """Minutes without a mentor."""
        return max(0, int((now - (self.waiting_since or now)).total_seconds())) // 60

    def pin_at(self, now: datetime) -> str | None:
        """The mentor pinned now."""
        return None if self.pinned_until is not None and self.pinned_until <= now else self.pinned


class MentorRow(Profiled):
    KIND = "mentor"
    HELD = True  # each round looks at all of them

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
    mentees: dict[str, int] = empty()  # learner: minutes a week promised
    fewer: int = 0  # learners a pulse would rather see fewer than the hours allow
    fewer_at: Instant | None = None
    covers: dict[str, int] = empty()  # learner of a mentor who is away: minutes a week promised
    helped: int = 0  # learners in need who stayed a while
    load_rev: int = 0  # of the last word on the load, and what it said
    load_mark: int = 0

    @property
    def promised(self) -> int:
        """Minutes a week, to mentees and as cover."""
        return sum(self.mentees.values()) + sum(self.covers.values())

    @property
    def charges(self) -> int:
        """How many learners, those covered among them."""
        return len(self.mentees) + len(self.covers)

    def takes_at(self, now: datetime) -> bool:
        """Is the mentor here and not on a pause?"""
        return self.here and not (self.paused and (self.paused_until is None or self.paused_until > now))


class ConsentRow(Row):
    """A person's last word on being matched, in any pool of this partition, there or yet to come."""

    KIND = "consent"

    given: bool
    at: Instant


class AuditRow(Row):
    """A learner's audit group, kept apart from all that a match is made of; read by the fairness report alone."""

    KIND = "audit"

    group: str = ""
    told_at: Instant | None = None
