"""Which runs of a course does its past hold?  Where a site uses the id anew each term, the starts told tell them apart.

Starts that lie `ANOTHER_TERM` apart are of two runs, as pulses have it of one learner; what fewer than ten learners
tell, or a tenth as many as of the largest run, is a wrong word, and no run.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

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

JOINS, LEAVES, ENDS = (
    (LearnerEnrolled, CourseJoined),
    (LearnerWithdrew, CourseLeft),
    (LearnerCompleted, CourseCompleted),
)
LEAST = 10


def runs(own: Sequence[Fact]) -> list[list[Fact]]:
    """Of each run, in order, who came, left and ended.  Who left or ended did so in the run they came to last.

    Who is told no start of a run came to the one that begins nearest.
    """
    starts = _starts(own)
    begins = [run[0] for run in starts]
    of = {at: number for number, run in enumerate(starts) for at in run}
    found: list[list[Fact]] = [[] for _ in range(max(1, len(begins)))]
    last: dict[str, int] = {}  # run of each learner
    for fact in own:
        if isinstance(fact, JOINS):
            told = None if fact.starts_at is None else of.get(fact.starts_at)
            last[fact.learner] = _nearest(begins, fact.at) if told is None else told
        if isinstance(fact, (*JOINS, *LEAVES, *ENDS)) and fact.learner in last:
            found[last[fact.learner]].append(fact)
    return [run for run in found if run]


def _starts(own: Sequence[Fact]) -> list[list[datetime]]:
    """Of each run the starts told, in order."""
    tell: dict[datetime, set[str]] = defaultdict(set)
    for fact in own:
        if isinstance(fact, JOINS) and fact.starts_at is not None:
            tell[fact.starts_at].add(fact.learner)
    found: list[list[datetime]] = []
    for at in sorted(tell):
        if found and at - found[-1][-1] < ANOTHER_TERM:
            found[-1].append(at)
        else:
            found.append([at])
    learners = [len(set().union(*(tell[at] for at in starts))) for starts in found]
    least = max(LEAST, max(learners, default=0) // LEAST)
    return [starts for starts, count in zip(found, learners, strict=True) if count >= least]


def _nearest(begins: Sequence[datetime], at: datetime) -> int:
    return min(range(len(begins)), key=lambda number: abs(begins[number] - at), default=0)
