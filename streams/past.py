"""Which terms does a past hold, and what became of their learners?  From the topics' events, or from OULAD.

A course's term begins and ends on the dates that most of its enrolments tell, so that one wrong date moves nothing;
where none tells any, it begins with the first enrolments and ends with the last word on how it went for somebody.
Who neither withdrew nor failed by then counts as stayed.  A course that is run again under its id has several terms
(`streams.course_runs`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge
from statistics import median_low
from typing import NamedTuple

from nudging.retaken import ANOTHER_TERM
from schemas.fact import Fact
from schemas.learners import (
    CourseCompleted,
    CourseJoined,
    CourseLeft,
    LearnerCompleted,
    LearnerEnrolled,
    LearnerWithdrew,
)
from streams.course_runs import ENDS, JOINS, runs
from streams.evaluation import Fate
from streams.oulad import Source
from streams.oulad_fates import fates
from streams.oulad_tables import Presentation

DAY = timedelta(days=1)
LONG_BEFORE = timedelta(days=400)  # a fact from so long before a term comes of a clock gone wrong
QUIET = timedelta(days=7)  # held and without an enrolment: then nobody enrolled before what is held begins


class Term(NamedTuple):
    """One run of a course from its start; `events` gives the course's facts up to the end of a day."""

    title: str  # the course, with its start where it was run more than once
    course: str
    starts_at: datetime
    ends_at: datetime
    fates: Sequence[Fate]
    events: Callable[[int], Iterator[Fact]]

    def at(self, day: int) -> datetime:
        return self.starts_at + day * DAY


def of_oulad(source: Source, place: Presentation) -> Term:
    return Term(
        place.course, place.course, place.at(0), place.at(place.days), fates(source, place), lambda through: source.events_of(place, through)
    )  # fmt: skip


def of_topics(facts: Sequence[Fact], since: datetime | None = None) -> list[Term]:
    """Every run of a course that somebody joined, in order of its end; a fact without a course belongs to each of its learner.

    `since`: what was told before is lost, so a run whose enrolments may have begun by then is left out.
    """
    of_course: dict[str, list[Fact]] = defaultdict(list)
    of_all: list[Fact] = []
    for fact in facts:
        course = getattr(fact, "course", None)
        (of_all if course is None else of_course[course]).append(fact)
    terms: list[Term] = []
    for name, own in sorted(of_course.items()):
        found = runs(own)
        terms += [_term(name, run, own, of_all, len(found) > 1) for run in found if _whole(run, since)]
    return sorted(terms, key=lambda term: (term.ends_at, term.course))


def split(ends: Sequence[datetime]) -> datetime:
    """The end by which two thirds of the courses are over, or all but one where there are few.  `ends` is in order."""
    earlier = [at for at in ends if at < ends[-1]]
    return min(ends[(2 * len(ends) - 1) // 3], earlier[-1] if earlier else ends[-1])


def _whole(run: Sequence[Fact], since: datetime | None) -> bool:
    return since is None or run[0].at >= since + QUIET


def _term(
    course: str, run: Sequence[Fact], own: Sequence[Fact], of_all: Sequence[Fact], several: bool
) -> Term:
    joins = [fact for fact in run if isinstance(fact, JOINS)]
    begin = [fact.starts_at for fact in joins if fact.starts_at is not None]
    starts_at = median_low(begin) if begin else joins[len(joins) // 10].at
    starts_at = starts_at.replace(hour=0, minute=0, second=0, microsecond=0)
    told = [fact.ends_at for fact in joins if fact.ends_at is not None]
    ends_at = median_low(told) if told else max(fact.at for fact in run)
    learners = {fact.learner for fact in joins}

    def events(day: int) -> Iterator[Fact]:
        first, end = starts_at - LONG_BEFORE, starts_at + (day + 1) * DAY
        theirs = (fact for fact in of_all if getattr(fact, "learner", None) in learners)
        return (fact for fact in merge(own, theirs, key=_at) if first <= fact.at < end)

    title = f"{course} of {starts_at:%Y-%m-%d}" if several else course
    return Term(title, course, starts_at, ends_at, _fates(run, starts_at), events)


def _at(fact: Fact) -> datetime:
    return fact.at


def _fates(run: Sequence[Fact], starts_at: datetime) -> list[Fate]:
    """One for each time a learner took the course.  Who left and soon came back has not left, nor who was taken off
    the roster after the end."""
    found: list[Fate] = []
    last: dict[str, int] = {}  # of each learner
    ended: dict[str, Fact] = {}  # by which word, of who has not come back
    begins: dict[str, datetime | None] = {}  # of the joining told last
    for fact in run:
        day = (fact.at - starts_at) // DAY
        at = last.get(getattr(fact, "learner", ""))
        match fact:
            case LearnerEnrolled() | CourseJoined():
                end, before = ended.pop(fact.learner, None), begins.get(fact.learner)
                begins[fact.learner] = fact.starts_at
                if at is not None and (end is None or not _again(end, fact, before)):
                    found[at] = found[at]._replace(left=None, bad=False)
                    continue
                if at is not None:
                    found[at] = found[at]._replace(left=day if found[at].left is None else found[at].left)
                last[fact.learner] = len(found)
                found.append(Fate(fact.learner, day, None, False))
            case LearnerWithdrew() | CourseLeft() if at is not None:
                if isinstance(ended.get(fact.learner), ENDS):
                    continue
                found[at] = found[at]._replace(left=day, bad=True)
                ended[fact.learner] = fact
            case LearnerCompleted() | CourseCompleted() if at is not None:
                found[at] = found[at]._replace(left=None, bad=fact.outcome == "failed")
                ended[fact.learner] = fact
            case _:
                pass
    return found


def _again(end: Fact, joining: LearnerEnrolled | CourseJoined, before: datetime | None) -> bool:
    """Does this joining begin the course anew?  After a completion it does; after a withdrawal as pulses have it.

    `before` is when the course began that ended.
    """
    if isinstance(end, ENDS):
        return True
    begins = joining.starts_at
    later_term = begins is not None and begins > end.at and begins != before
    return later_term or joining.at - end.at >= ANOTHER_TERM
