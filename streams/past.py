"""Which terms does a past hold, and what became of their learners?  From the topics' events, or from OULAD.

A course's term ends with its last `ends_at`, or where none was told with the last word on how it went for somebody.
Who neither withdrew nor failed by then stayed.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.fact import Fact
from schemas.learners import (
    CourseCompleted,
    CourseJoined,
    CourseLeft,
    LearnerCompleted,
    LearnerEnrolled,
    LearnerWithdrew,
)
from streams.evaluation import Fate
from streams.oulad import Presentation, Source
from streams.oulad_fates import fates

DAY = timedelta(days=1)
JOINS, LEAVES, ENDS = (
    (LearnerEnrolled, CourseJoined),
    (LearnerWithdrew, CourseLeft),
    (LearnerCompleted, CourseCompleted),
)


class Term(NamedTuple):
    """One course from its start; `events` gives its facts up to the end of a day."""

    course: str
    starts_at: datetime
    ends_at: datetime
    fates: Sequence[Fate]
    events: Callable[[int], Iterator[Fact]]

    def at(self, day: int) -> datetime:
        return self.starts_at + day * DAY


def of_oulad(source: Source, place: Presentation) -> Term:
    return Term(
        place.course, place.at(0), place.at(place.days), fates(source, place), lambda through: source.events_of(place, through)
    )  # fmt: skip


def of_topics(facts: Sequence[Fact]) -> list[Term]:
    """Every course that somebody joined, in order of its end; a fact without a course belongs to each."""
    names = sorted({fact.course for fact in facts if isinstance(fact, JOINS)})
    return sorted((_term(name, facts) for name in names), key=lambda term: (term.ends_at, term.course))


def _term(course: str, facts: Sequence[Fact]) -> Term:
    own = [fact for fact in facts if getattr(fact, "course", None) in (course, None)]
    joins = [fact for fact in own if isinstance(fact, JOINS)]
    starts_at = min(fact.starts_at or fact.at for fact in joins)
    starts_at = starts_at.replace(hour=0, minute=0, second=0, microsecond=0)
    told = [fact.ends_at for fact in joins if fact.ends_at is not None]
    ends_at = max(told or [fact.at for fact in own if isinstance(fact, (*JOINS, *LEAVES, *ENDS))])
    return Term(
        course,
        starts_at,
        ends_at,
        _fates(own, starts_at),
        lambda day: _until(own, starts_at + (day + 1) * DAY),
    )


def _until(facts: Sequence[Fact], end: datetime) -> Iterator[Fact]:
    return (fact for fact in facts if fact.at < end)


def _fates(own: Sequence[Fact], starts_at: datetime) -> list[Fate]:
    """The last word counts: who left and came back has not left."""
    found: dict[str, Fate] = {}
    for fact in own:
        day = (fact.at - starts_at) // DAY
        match fact:
            case LearnerEnrolled() | CourseJoined():
                known = found.get(fact.learner)
                found[fact.learner] = Fate(fact.learner, day if known is None else known.joined, None, False)
            case LearnerWithdrew() | CourseLeft() if fact.learner in found:
                found[fact.learner] = found[fact.learner]._replace(left=day, bad=True)
            case LearnerCompleted() | CourseCompleted() if fact.learner in found:
                found[fact.learner] = found[fact.learner]._replace(bad=fact.outcome == "failed")
            case _:
                pass
    return list(found.values())
