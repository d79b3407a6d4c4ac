"""What does a pulse remember of a person: courses, the pair, open episodes, and what a mentor bears?"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from nudging.course_rows import Course, Part
from nudging.hours import Hours
from schemas.rows import Row
from schemas.terms import Instant

MAX_COURSES, MAX_ADVICE, MAX_PAIRS, MAX_ASKS, MAX_MENTEES, MAX_REPLIES = 8, 64, 3, 4, 64, 32


class Episode(Part):
    id: UUID
    course: str = ""
    opened_at: Instant
    rung: int = 0  # the highest that fired
    rungs: int = 0  # how many fired
    advice: tuple[tuple[UUID, str], ...] = ()  # given, with its recipient
    told_at: Instant | None = None  # when the first rung fired
    told: tuple[str, ...] = ()  # roles


class Match(Part):
    rev: int = 0
    state: str = "none"
    pair: UUID | None = None
    mentor: str | None = None
    since: Instant | None = None
    pool: str = ""
    programme: str = ""


class Talk(Part):
    """What passed within one pair; the latest of each, and which messages wait for an answer."""

    learner_at: Instant | None = None
    mentor_at: Instant | None = None
    met_at: Instant | None = None
    learner_asks: tuple[Instant, ...] = ()  # of the learner, unanswered: the first few and the last
    mentor_asks: tuple[Instant, ...] = ()

    @property
    def wrote(self) -> set[str]:
        """Who has been heard; a meeting is a word from both."""
        if self.met_at is not None:
            return {"learner", "mentor"}
        return {s for s, at in (("learner", self.learner_at), ("mentor", self.mentor_at)) if at is not None}

    @property
    def mentor_last(self) -> datetime | None:
        return max((at for at in (self.mentor_at, self.met_at) if at is not None), default=None)

    @property
    def last(self) -> datetime | None:
        ends = (self.learner_at, self.mentor_at, self.met_at)
        return max((at for at in ends if at is not None), default=None)


class Checkin(Part):
    """One domain of the learner's own check-ins: latest of each sort, so their order does not matter."""

    hard_at: Instant | None = None  # level 5
    fine_at: Instant | None = None  # level 3 or less
    evidence: UUID | None = None  # of the hard one


class Own(Part):
    """What the learner lets us do and look at, and the nights of work it shows (L10)."""

    time_zone: str = ""
    zone_at: Instant | None = None
    sensitive: bool = False
    sensitive_at: Instant | None = None
    experiments: bool | None = None  # None = never said
    experiments_at: Instant | None = None
    night: int = 0  # the latest night with work, as a local day counted from the year 1
    nights: int = 0  # bit k is the night `night - k`
    judged: int = 0  # the last week judged
    strained_at: Instant | None = None  # end of the first such week in a row
    worked: int = 0  # nights of the week judged


class Correspondence(Part):
    """One pair as its mentor's pulse sees it: is a reply owed, and since when?"""

    asked_at: Instant | None = None
    wrote_at: Instant | None = None


class Mentoring(Part):
    """What a mentor bears, and whether they are there."""

    rev: int = 0
    pool: str = ""
    programme: str = ""
    committed: int = 0  # minutes a week
    capacity: int = 0
    pairs: tuple[tuple[UUID, str], ...] | None = None  # with the learner; None = not told
    talks: dict[str, Correspondence] = {}
    replies: tuple[tuple[Instant, int], ...] = ()  # when, and after how many hours
    strained_at: Instant | None = None
    eased_at: Instant | None = None
    told_at: Instant | None = None  # of the last word on being away
    away_at: Instant | None = None  # None = here
    away_until: Instant | None = None
    gone: bool = False
    missed: tuple[Instant, ...] = ()  # meetings
    held_at: Instant | None = None


class PulseRow(Row):
    KIND: ClassVar[str] = "pulse"

    source: str = ""  # the platform that last spoke of this learner
    courses: dict[str, Course] = {}
    episodes: dict[str, Episode] = {}  # open ones, by signal and scope
    match: Match = Match()
    talks: dict[str, Talk] | None = None  # by pair
    checkins: dict[str, Checkin] | None = None  # by domain
    own: Own | None = None
    mentoring: Mentoring | None = None
    celebrated_on: str = ""
    celebrated: int = 0
    praised: tuple[str, ...] = ()  # check sums of what was celebrated lately, so a repeat is not
    thanked_at: Instant | None = None  # the mentor, for this learner (M7)
    evidence: tuple[UUID, ...] = ()  # the last facts, newest last
    hours: Hours | None = None  # kept only where nudges wait for a usual hour

    @property
    def talk(self) -> Talk:
        """Within the present pair."""
        return (self.talks or {}).get(str(self.match.pair), NO_TALK)

    @property
    def studies(self) -> bool:
        return any(course.active for course in self.courses.values())


NO_TALK = Talk()
NO_OWN = Own()
NO_MENTORING = Mentoring()
