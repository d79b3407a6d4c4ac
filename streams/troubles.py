"""What befalls a made-up learner beside coming and going: exercises, questions, check-ins, nights, plans and tools.

Each trouble has its look-alike that is none: three quick fails before a pass, a slow but sure answer, one late
night.  The truth is what the life means, not what a signal's rule sees of it, so no rule finds all of it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple, get_args

from schemas.activity import ActivitySeen, AttemptFailed, AttemptPassed
from schemas.fact import F, Fact
from schemas.nudges import ConsentGiven
from schemas.study import (
    CheckinAnswered,
    HintUsed,
    PlanMade,
    QuestionAnswered,
    QuestionAsked,
    ToolFailed,
    ToolOpened,
)
from schemas.terms import Domain
from streams.dialects.reading import event_id
from streams.truth import Truth

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DOMAINS: tuple[Domain, ...] = get_args(Domain)
TOOL = "lab"
EVERY = 9.0  # days between two exercises, and between two questions
WEEK = 7 * DAY


class Stay(NamedTuple):
    """Where and when a learner studies."""

    learner: str
    course: str
    source: str
    joined: datetime
    until: datetime


Lived = Fact | Truth


def make(source: str, cls: type[F], at: datetime, name: str, **fields: Any) -> F:
    return cls(id=event_id(source, f"{cls.TYPE}/{name}"), at=at, seen_at=at, source=source, **fields)


def troubles(chance: Random, stay: Stay, midnight: datetime) -> Iterator[Lived]:
    """`midnight` is one where the learner lives.  In no order of time."""
    trusts = chance.random() < 0.6
    if trusts:
        yield _of(stay, ConsentGiven, stay.joined, "trust", person=stay.learner, scope="sensitive")
    yield from _plans(chance, stay)
    yield from _tool(chance, stay)
    at = stay.joined + DAY * chance.uniform(2, EVERY)
    number = 0
    while at + WEEK < stay.until:
        number += 1
        yield from _exercise(chance, stay, at, f"exercise-{number}")
        yield from _question(chance, stay, at + DAY * chance.uniform(0, 4), f"thread-{number}")
        at += DAY * chance.expovariate(1 / EVERY) + HOUR
    yield from _weeks(chance, stay, midnight, trusts)


def _of(stay: Stay, cls: type[F], at: datetime, name: str, **fields: Any) -> F:
    return make(stay.source, cls, at, f"{stay.learner}/{name}", **fields)


def _on(stay: Stay, cls: type[F], at: datetime, name: str, **fields: Any) -> F:
    return _of(stay, cls, at, name, learner=stay.learner, course=stay.course, **fields)


def _exercise(chance: Random, stay: Stay, at: datetime, item: str) -> Iterator[Lived]:
    """One in five is beyond the learner now: a few tries over a day or two, some with hints, and no way on for days."""
    stuck = chance.random() < 0.2
    tries = chance.choice((2, 3, 3, 4, 5)) if stuck else chance.choice((0, 0, 0, 1, 1, 1, 2, 3))
    began, last = at, at
    for number in range(tries):
        last = at
        yield _on(stay, AttemptFailed, at, f"{item}/{number}", item=item, attempt=number + 1)
        if stuck and chance.random() < 0.4:
            yield _on(stay, HintUsed, at + HOUR / 12, f"{item}/hint/{number}", item=item)
        at += HOUR * (chance.uniform(0.2, 16) if stuck else chance.uniform(0.05, 0.6))
    if stuck:
        at = last + DAY * chance.uniform(4, 6.5)
        yield Truth("L6", stay.learner, began, at)
    if not stuck or chance.random() < 0.5:
        yield _on(stay, AttemptPassed, at, f"{item}/pass", item=item)


def _question(chance: Random, stay: Stay, at: datetime, thread: str) -> Iterator[Lived]:
    """One in six is forgotten; others are answered after some hours, a few only on the next day but one."""
    name = f"{stay.learner}/{thread}"
    yield _on(stay, QuestionAsked, at, thread, thread=name)
    forgotten = chance.random() < 1 / 6
    waits = HOUR * (chance.uniform(30, 200) if forgotten else min(48.0, chance.lognormvariate(1.6, 0.9)))
    if forgotten:
        yield Truth("L8", stay.learner, at, at + max(waits, 2 * DAY))
    if not forgotten or chance.random() < 0.5:
        yield make(
            stay.source, QuestionAnswered, at + waits, name, course=stay.course, thread=name, by_role="staff"
        )


def _plans(chance: Random, stay: Stay) -> Iterator[Lived]:
    if chance.random() < 0.7:
        yield _on(stay, PlanMade, stay.joined + HOUR * chance.uniform(1, 30), "plan", has_obstacle=False)
    elif stay.until > stay.joined + 3 * DAY:
        yield Truth("L12", stay.learner, stay.joined, stay.joined + 4 * DAY)


def _tool(chance: Random, stay: Stay) -> Iterator[Lived]:
    """One in eight cannot get it to run at first; some fail once and go on."""
    at = stay.joined + DAY * chance.uniform(1, 4)
    if at > stay.until:
        return
    unable = chance.random() < 1 / 8
    if unable or chance.random() < 0.1:
        yield _on(stay, ToolFailed, at, "tool-failed", tool=TOOL)
    if unable:
        yield Truth("L14", stay.learner, at, at + 5 * DAY)
        at += 6 * DAY
    yield _on(stay, ToolOpened, at + HOUR / 4, "tool-opened", tool=TOOL)


def _weeks(chance: Random, stay: Stay, midnight: datetime, trusts: bool) -> Iterator[Lived]:
    """Each week a check-in, and how late the nights are; a hard time lasts two weeks."""
    monday = midnight - DAY * midnight.weekday() + WEEK
    hard = late = 0
    week = 0
    while monday + WEEK < stay.until:
        week += 1
        hard = hard - 1 if hard else 2 * (chance.random() < 0.05)
        late = late - 1 if late else 2 * (chance.random() < 0.05)
        if monday > stay.joined:
            yield from _checkin(chance, stay, monday + DAY * 2, week, bool(hard), trusts)
            yield from _nights(chance, stay, monday, week, bool(late), trusts)
        monday += WEEK


def _checkin(
    chance: Random, stay: Stay, at: datetime, week: int, hard: bool, trusts: bool
) -> Iterator[Lived]:
    level = chance.choice((4, 5, 5, 5)) if hard else chance.choice((1, 1, 2, 2, 3, 3, 4))
    domain = chance.choice(DOMAINS)
    yield _of(stay, CheckinAnswered, at, f"checkin/{week}", learner=stay.learner, domain=domain, level=level)
    if hard and trusts:
        yield Truth("L11", stay.learner, at, at + WEEK)


def _nights(
    chance: Random, stay: Stay, monday: datetime, week: int, late: bool, trusts: bool
) -> Iterator[Lived]:
    nights = chance.choice((4, 5, 5, 6, 7)) if late else chance.choice((0, 0, 0, 1, 1, 2, 3))
    for day in sorted(chance.sample(range(7), nights)):
        at = monday + DAY * day + HOUR * chance.uniform(0.2, 4.5)
        yield _on(stay, ActivitySeen, at, f"night/{week}/{day}", kind="view")
    if late and trusts:
        yield Truth("L10", stay.learner, monday, monday + 2 * WEEK)
