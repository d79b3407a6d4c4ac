"""What does a pulse remember of a person: courses, the pair, and open episodes?"""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from nudging.course_rows import ENDED, Course
from nudging.hours import Hours
from nudging.mentor_rows import Mentoring
from schemas.ids import named
from schemas.rows import Part, Row, changed, empty
from schemas.terms import Band, Instant

MAX_COURSES, MAX_ADVICE, MAX_PAIRS, MAX_ASKS = 12, 64, 3, 4


def advice_id(episode: UUID, rung: int, recipient: str) -> UUID:
    return named(episode, f"{rung}/{recipient}")


class Episode(Part):
    id: UUID
    course: str = ""
    opened_at: Instant
    rung: int = 0  # the highest that fired
    rungs: int = 0  # how many fired
    given: tuple[str, ...] = ()  # rung and recipient of advice, "2/" where that is the pulse's own person
    advice: tuple[tuple[UUID, str], ...] = ()  # ids and recipients, of rows by an earlier release
    told_at: Instant | None = None  # when the first rung fired
    told: tuple[str, ...] = ()  # roles
    withheld: bool = False  # the mentor has not heard of this rung: risk was below the line

    def advised(self, person: str) -> Iterator[tuple[UUID, str]]:
        """The ids of the advice given, as they were made (`advice_id`), with its recipients."""
        yield from self.advice
        for each in self.given:
            rung, _, recipient = each.partition("/")
            yield advice_id(self.id, int(rung), recipient or person), recipient or person

    def without(self, recipient: str) -> Self:
        """Nothing was advised to this person."""
        given = tuple(each for each in self.given if each.partition("/")[2] != recipient)
        return changed(self, given=given, advice=tuple(each for each in self.advice if each[1] != recipient))


class Need(Part):
    """What the pool was last told of the learner's need."""

    band: Band = "low"
    at: Instant


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


class PulseRow(Row):
    KIND: ClassVar[str] = "pulse"

    source: str = ""  # the platform that last spoke of this learner
    courses: dict[str, Course] = empty()
    episodes: dict[str, Episode] = empty()  # open ones, by signal and scope
    match: Match = Match()
    talks: dict[str, Talk] | None = None  # by pair
    checkins: dict[str, Checkin] | None = None  # by domain
    own: Own | None = None
    mentoring: Mentoring | None = None
    celebrated_on: str = ""
    celebrated: int = 0
    praise: str = ""  # dated marks of what was celebrated, as long as it may be told again
    praised: tuple[str, ...] = ()  # check sums of the same, of rows by an earlier release
    thanked_at: Instant | None = None  # the mentor, for this learner (M7)
    needs: dict[str, Need] | None = None  # by pool
    evidence: tuple[UUID, ...] = ()  # the last facts, newest last
    hours: Hours | None = None  # kept only where nudges wait for a usual hour

    @property
    def talk(self) -> Talk:
        """Within the present pair."""
        return (self.talks or {}).get(str(self.match.pair), NO_TALK)

    @property
    def mentor_spoke_at(self) -> datetime | None:
        """The last word of a mentor, also of one before: what they answered is answered."""
        return max((at for talk in (self.talks or {}).values() if (at := talk.mentor_last)), default=None)

    @property
    def studies(self) -> bool:
        return any(course.active for course in self.courses.values())

    @property
    def goes_on(self) -> bool:
        """Nobody said that the learner left or finished: a pair goes on past the told end of a course."""
        return any(course.active or course.over == ENDED for course in self.courses.values())

    def back_at(self, name: str, now: datetime) -> datetime | None:
        """When the last break in this course ended.

        What the break took back is another episode after it: an inbox hears the same advice once.
        """
        course = self.courses.get(name)
        ends = None if course is None else course.break_end(now)
        return ends if ends is not None and ends <= now else None


NO_TALK = Talk()
NO_OWN = Own()
