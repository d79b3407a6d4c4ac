"""A programme that never was: seeded learners and mentors, and what they do, as platform events in order of time.

Each learner has a rhythm, silent spells, deadlines met or missed, modules done, and troubles (`streams.troubles`);
some never start, some leave.  What pairs do follows their matches (`streams.company`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from schemas.activity import ActivitySeen, DeadlineSet, ModuleCompleted, WorkSubmitted
from schemas.fact import F, Fact
from schemas.learners import LearnerCompleted, LearnerEnrolled, LearnerWithdrew
from schemas.study import ToolRequired
from streams.people import learner_profiled, mentor_joined, person
from streams.troubles import TOOL, Lived, Stay, make, troubles
from streams.truth import Truth

SOURCE, PROGRAMME, COURSE = "academy", "first-steps", "first-steps/2026"
DEADLINE_DAYS, MODULE_DAYS = 14, 10


class Shape(NamedTuple):
    """How large a programme, and how long."""

    seed: int = 7
    learners: int = 100
    mentors: int = 25
    days: int = 60


def lives(shape: Shape, start: datetime) -> Iterator[Fact]:
    """All events in order of time; the same shape and start give the same ones."""
    return iter(programme(shape, start)[0])


def programme(shape: Shape, start: datetime) -> tuple[list[Fact], list[Truth]]:
    """The events, and what was really the matter with whom."""
    found = list(lived(shape, start))
    facts = sorted((one for one in found if isinstance(one, Fact)), key=lambda fact: (fact.at, fact.id))
    return facts, [one for one in found if isinstance(one, Truth)]


def lived(shape: Shape, start: datetime) -> Iterator[Lived]:
    """The same in no order of time, one life after another: for programmes too large to be held."""
    yield from _mentors(Random(shape.seed), shape, start)
    yield from _course(shape, start)
    for number in range(shape.learners):
        yield from _life(Random(f"{shape.seed}/{number}"), number, shape, start)


def _make(cls: type[F], at: datetime, name: str, **fields: Any) -> F:
    return make(SOURCE, cls, at, name, **fields)


def _mentors(chance: Random, shape: Shape, start: datetime) -> Iterator[Fact]:
    for number in range(shape.mentors):
        someone = person(chance, f"{SOURCE}:mentor-{number}")
        yield mentor_joined(someone, start, PROGRAMME, SOURCE, 60 * chance.randint(2, 6))


def _course(shape: Shape, start: datetime) -> Iterator[Fact]:
    yield _make(ToolRequired, start, TOOL, course=COURSE, tool=TOOL)
    for number in range(1, shape.days // DEADLINE_DAYS + 1):
        due = start + timedelta(days=DEADLINE_DAYS * number, hours=12)
        yield _make(DeadlineSet, start, f"task-{number}", course=COURSE, item=f"task-{number}", due_at=due)


def _life(chance: Random, number: int, shape: Shape, start: datetime) -> Iterator[Lived]:
    someone = person(chance, f"{SOURCE}:learner-{number}")
    learner = someone.id
    joined = start + timedelta(minutes=chance.uniform(1, 24 * 60 * max(1, shape.days // 20)))
    yield learner_profiled(someone, joined - timedelta(seconds=1), PROGRAMME, SOURCE)
    yield _make(LearnerEnrolled, joined, learner, learner=learner, programme=PROGRAMME, course=COURSE)
    ends = start + timedelta(days=shape.days)
    if chance.random() < 0.06:  # never starts
        yield Truth("L1", learner, joined, joined + timedelta(days=14))
        yield Truth("L12", learner, joined, joined + timedelta(days=4))
        return
    leaves = joined + timedelta(days=chance.uniform(10, shape.days)) if chance.random() < 0.12 else None
    rhythm = chance.uniform(0.4, 3.0)  # days between two visits
    at = joined + timedelta(hours=chance.uniform(0.2, 40))
    visit = 0
    until = min(ends, leaves or ends)
    midnight = datetime.combine(joined.date(), time(), ZoneInfo(someone.time_zone)).astimezone(UTC)
    yield from troubles(
        Random(f"{shape.seed}/{learner}"), Stay(learner, COURSE, SOURCE, joined, until), midnight
    )
    while at < until:
        visit += 1
        seen = {"learner": learner, "course": COURSE}
        yield _make(
            ActivitySeen, at, f"{learner}/{visit}", kind=chance.choice(("view", "video", "forum")), **seen
        )
        yield from _work(chance, learner, visit, at, start)
        silent = chance.uniform(6, 20) if chance.random() < 0.03 else 0.0
        at += timedelta(days=chance.expovariate(1 / rhythm) + silent)
    if leaves is not None and leaves < ends:
        yield _make(LearnerWithdrew, leaves, learner, learner=learner, programme=PROGRAMME, course=COURSE)
    elif chance.random() < 0.6:
        yield _make(
            LearnerCompleted,
            ends,
            learner,
            learner=learner,
            programme=PROGRAMME,
            course=COURSE,
            outcome="passed",
        )


def _work(chance: Random, learner: str, visit: int, at: datetime, start: datetime) -> Iterator[Fact]:
    """Now and then a hand-in for the deadline that comes next, or a module done."""
    day = (at - start).days
    if chance.random() < 0.35:
        item = f"task-{day // DEADLINE_DAYS + 1}"
        yield _make(WorkSubmitted, at, f"{learner}/{item}/{visit}", learner=learner, course=COURSE, item=item)
    if chance.random() < 0.08:
        module = f"module-{day // MODULE_DAYS + 1}"
        yield _make(
            ModuleCompleted, at, f"{learner}/{module}/{visit}", learner=learner, course=COURSE, module=module
        )
