"""How much would who hear, of what, and of what not?  Counted over a stretch of a replay, from its facts alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable
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
from schemas.mentors import MentorJoined, MentorLeft
from schemas.nudges import NudgeHeld, NudgeSent, NudgeSuppressed
from schemas.terms import Kind, Role
from streams.proportions import Group

WEEK = timedelta(days=7)
SOON = timedelta(days=28)  # a withdrawal within this is one that a nudge might have seen coming


class Stretch(NamedTuple):
    """From one instant until before another."""

    since: datetime
    until: datetime

    def __contains__(self, at: object) -> bool:
        return isinstance(at, datetime) and self.since <= at < self.until

    def weeks(self, joined: datetime, left: datetime | None) -> float:
        """Of one person's time, the part that lies in it."""
        ends = self.until if left is None else min(left, self.until)
        return max(timedelta(0), ends - max(joined, self.since)) / WEEK


class People:
    """Who was there when, and who withdrew, from the platform's own events."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.courses: dict[str, set[str]] = defaultdict(set)  # open ones, of each learner
        self.joined: dict[Role, dict[str, datetime]] = {"learner": {}, "mentor": {}, "operator": {}}
        self.left: dict[str, datetime] = {}
        self.withdrew: dict[str, list[datetime]] = defaultdict(list)
        for fact in facts:
            self._hear(fact)

    def _hear(self, fact: Fact) -> None:
        match fact:
            case LearnerEnrolled() | CourseJoined():
                self.joined["learner"].setdefault(fact.learner, fact.at)
                self.courses[fact.learner].add(fact.course)
                self.left.pop(fact.learner, None)
            case LearnerWithdrew() | CourseLeft() | LearnerCompleted() | CourseCompleted():
                self.courses[fact.learner].discard(fact.course)
                if not self.courses[fact.learner]:
                    self.left.setdefault(fact.learner, fact.at)
                if isinstance(fact, LearnerWithdrew | CourseLeft):
                    self.withdrew[fact.learner].append(fact.at)
            case MentorJoined():
                self.joined["mentor"].setdefault(fact.mentor, fact.at)
                self.left.pop(fact.mentor, None)
            case MentorLeft():
                self.left[fact.mentor] = fact.at
            case _:
                pass

    def weeks(self, role: Role, stretch: Stretch) -> float:
        return sum(stretch.weeks(at, self.left.get(who)) for who, at in self.joined[role].items())

    def withdrew_soon(self, learner: str, after: datetime, known_until: datetime) -> bool | None:
        """Within four weeks; None where that is not known yet."""
        if any(after < at <= after + SOON for at in self.withdrew.get(learner, ())):
            return True
        return None if after + SOON > known_until else False


class Volume:
    """Hears a replay's outside facts; what lies outside the stretch is passed over."""

    def __init__(self, stretch: Stretch) -> None:
        self.stretch = stretch
        self.pieces: Counter[tuple[Kind, Role]] = Counter()
        self.unsaid: Counter[tuple[Kind, Role, str]] = Counter()  # held for a while, or for good, and why
        self.nudges: Counter[tuple[Role, str]] = Counter()  # letters, by recipient
        self.about: dict[tuple[Kind, Role], dict[str, datetime]] = defaultdict(dict)  # learners, when first

    def hear(self, fact: Fact) -> None:
        if fact.at not in self.stretch:
            return
        match fact:
            case NudgeSent():
                self.nudges[fact.role, fact.recipient] += 1
                for item in fact.items:
                    self.pieces[item.kind, fact.role] += 1
                    if item.learner is not None:
                        self.about[item.kind, fact.role].setdefault(item.learner, fact.at)
            case NudgeHeld() | NudgeSuppressed():
                name = f"held: {fact.reason}" if isinstance(fact, NudgeHeld) else f"unsaid: {fact.reason}"
                self.unsaid[fact.kind, fact.role or "learner", name] += 1
            case _:
                pass

    def foreseen(self, kind: Kind, role: Role, people: People, known_until: datetime) -> Group:
        """Of the learners spoken of, as far as that is known, how many withdrew within four weeks of it."""
        known = [
            soon
            for learner, at in self.about.get((kind, role), {}).items()
            if (soon := people.withdrew_soon(learner, at, known_until)) is not None
        ]
        return Group(len(known), sum(known))
