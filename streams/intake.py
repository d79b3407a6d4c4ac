"""Which inner facts does an outside fact become?  One for each reader; ids from the outside fact's id.

Also the tally of what was folded, of no interest, or parked, and each partition's word on how far it was heard.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple

from schemas.control import ClockTicked, SourceProgressed
from schemas.fact import Fact, Moment
from schemas.learners import (
    CourseCompleted,
    CourseJoined,
    CourseLeft,
    LearnerCompleted,
    LearnerEnrolled,
    LearnerProfiled,
    LearnerWithdrew,
    OfPool,
)
from schemas.mentoring import MentorAway
from schemas.mentors import MentorJoined
from schemas.nudges import ConsentGiven, ConsentWithdrawn, PersonProfiled
from schemas.rows import Row, Rows, blank, changed, empty
from schemas.study import LearnerKnown
from schemas.terms import Instant, Role
from streams.copies import COPIED, copies, more
from streams.dialects.reading import Read

READER = "intake"
MAX_NAMES, MAX_SOURCES = 256, 32


class TallyRow(Row):
    """Every record of this partition ended in one of three ways; the three add up to all."""

    KIND: ClassVar[str] = "tally"
    records: int = 0
    folded: int = 0  # facts taken
    parked: int = 0  # parts parked
    ignored: dict[str, int] = empty()  # parts of no interest, by name


class ProgressRow(Row):
    """When each platform last spoke in this partition; wakes to tell it."""

    KIND: ClassVar[str] = "progress"
    last_heard: dict[str, Instant] = empty()


ROWS: dict[str, type[Row]] = {"tally": TallyRow, "progress": ProgressRow}


SEVERAL = (LearnerEnrolled, CourseJoined, LearnerWithdrew, LearnerCompleted, MentorJoined, LearnerProfiled)


class Place(NamedTuple):
    topic: str
    partition: int
    partitions: int


def fold(rows: Rows, moment: Moment, read: Read, place: Place) -> list[Fact]:
    """What one raw record becomes."""
    _note(rows, moment, read, str(place.partition))
    said: list[Fact] = []
    for fact in read.facts:
        said += inner(fact, moment)
    return said


def inner(fact: Fact, moment: Moment) -> list[Fact]:
    """The facts for each reader; from outside a pool-fact names its programme, and policy names the pool."""
    policy = moment.policy
    if isinstance(fact, OfPool):
        pool = fact.pool or policy.pool_of(fact.programme)
        fact = changed(fact, pool=pool, policy=policy.version)
    found: list[Fact] = [fact]
    if isinstance(fact, COPIED):
        return [*found, *copies(fact)]
    if not isinstance(fact, SEVERAL):
        return found
    match fact:
        case LearnerEnrolled():
            found.append(
                more(fact, CourseJoined, learner=fact.learner, course=fact.course, programme=fact.programme,
                      starts_at=fact.starts_at, ends_at=fact.ends_at)
            )  # fmt: skip
            found.append(_profile(fact, moment, fact.learner, "learner"))
        case CourseJoined():
            found.append(
                more(fact, LearnerEnrolled, learner=fact.learner, course=fact.course, programme=fact.programme,
                      pool=policy.pool_of(fact.programme), starts_at=fact.starts_at, ends_at=fact.ends_at)
            )  # fmt: skip
            found.append(_profile(fact, moment, fact.learner, "learner"))
        case LearnerWithdrew():
            found.append(more(fact, CourseLeft, learner=fact.learner, course=fact.course, reason=fact.reason))
        case LearnerCompleted():
            found.append(
                more(fact, CourseCompleted, learner=fact.learner, course=fact.course, outcome=fact.outcome)
            )
        case MentorJoined():
            found.append(_profile(fact, moment, fact.mentor, "mentor"))
            found.append(
                more(fact, MentorAway, mentor=fact.mentor, programme=fact.programme, away=False, joined=True)
            )
        case LearnerProfiled():
            found += _of_profile(fact, moment)
        case _:
            pass
    return found


def _of_profile(fact: LearnerProfiled, moment: Moment) -> Iterator[Fact]:
    if fact.time_zone is not None or fact.languages:
        yield _profile(fact, moment, fact.learner, "learner")
    agrees = fact.experiment_consent
    if fact.time_zone is not None or agrees is not None:
        yield more(
            fact, LearnerKnown, learner=fact.learner, time_zone=fact.time_zone, experiments=agrees
        )  # fmt: skip
    if agrees is not None:
        yield more(
            fact, ConsentGiven if agrees else ConsentWithdrawn, person=fact.learner, scope="experiments"
        )


def _profile(fact: Fact, moment: Moment, person: str, role: Role) -> PersonProfiled:
    """What the fact tells of a person, else the policy's defaults; a told profile is never replaced by it."""
    defaults = moment.policy.defaults
    zone, languages = getattr(fact, "time_zone", None), getattr(fact, "languages", None)
    told = {"time_zone": zone, "language": languages}
    return more(
        fact, PersonProfiled, person=person, role=role, time_zone=zone or defaults.time_zone,
        language=languages[0] if languages else defaults.language, channels=defaults.channels,
        nudges_consent=defaults.nudges_consent, derived=True, assumed=tuple(name for name in told if not told[name]),
    )  # fmt: skip


def _note(rows: Rows, moment: Moment, read: Read, number: str) -> None:
    tally = rows.find(TallyRow, "", number) or blank(TallyRow)
    counted = changed(
        tally, records=tally.records + 1, folded=tally.folded + len(read.facts), parked=tally.parked + len(read.rejects),
        ignored=_counted(tally.ignored, read.ignored) if read.ignored else tally.ignored,
    )  # fmt: skip
    rows.put(counted, "", number)
    if read.source and read.facts:
        row = rows.find(ProgressRow, "", number) or blank(ProgressRow)
        last = row.last_heard.get(read.source)
        if last is None or moment.now - last >= timedelta(seconds=1):
            heard = {**row.last_heard, read.source: moment.now}
            if len(heard) > MAX_SOURCES:
                known = moment.policy.sources  # a name nobody listed pushes out none that is
                del heard[min(heard, key=lambda name: (name in known, heard[name]))]
            rows.put(changed(row, last_heard=heard), "", number)


def _counted(ignored: dict[str, int], names: Sequence[str]) -> dict[str, int]:
    ignored = dict(ignored)
    for name in names:
        kept = name if name in ignored or len(ignored) < MAX_NAMES else "other"
        ignored[kept] = ignored.get(kept, 0) + 1
    return ignored


def wake(rows: Rows, moment: Moment, place: Place) -> list[Fact]:
    """Tells how far this partition was heard, and asks to be woken again."""
    row = rows.find(ProgressRow, "", str(place.partition)) or blank(ProgressRow)
    again = moment.now + timedelta(seconds=moment.policy.ledger.progress_seconds)
    rows.put(changed(row, wake_at=again), "", str(place.partition))
    return [progressed(row, moment, place, moment.now)]


def ticked(rows: Rows, moment: Moment, tick: ClockTicked, place: Place) -> list[Fact]:
    """On the facts' clock the feed's tick is the word that all before it was told."""
    row = rows.find(ProgressRow, "", str(place.partition)) or blank(ProgressRow)
    return [progressed(row, moment, place, tick.through)]


def progressed(row: ProgressRow, moment: Moment, place: Place, through: Any) -> SourceProgressed:
    heard: Sequence[tuple[str, Any]] = sorted(row.last_heard.items())
    return moment.fact(
        SourceProgressed, reader=READER, input_topic=place.topic, input_partition=place.partition,
        partitions=place.partitions, heard_through=through, last_heard=tuple(heard),
    )  # fmt: skip
