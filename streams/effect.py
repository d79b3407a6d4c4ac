"""Does nudging, or a mentor, help?  What became of the held out and of the treated, from facts alone.

A learner comes into an experiment with the first decision that carries an arm: a nudge sent or withheld, a
match made or a wait.  Up to then both arms lived alike, so they are compared by what was drawn for them (to
treat, or not) whatever was done or heard later.  "By kind" is by the kind of that first decision: a kind
that only comes later may come because of the first, and would compare unlike people.

An outcome counts only for whom its whole window lies within what the topics still hold.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.activity import (
    ActivitySeen,
    AttemptFailed,
    AttemptPassed,
    MessageSent,
    ModuleCompleted,
    WorkSubmitted,
)
from schemas.fact import Fact
from schemas.learners import CourseCompleted, CourseLeft
from schemas.matches import LearnerWaitlisted, MatchProposed
from schemas.nudges import ConsentGiven, ConsentWithdrawn, NudgeItem, NudgeSent, NudgeSuppressed
from schemas.study import CheckinAnswered, HintUsed, PlanMade, QuestionAsked, ToolOpened
from schemas.terms import Arm
from streams.proportions import Group

DAY = timedelta(days=1)
MADE = (
    ActivitySeen, AttemptFailed, AttemptPassed, CheckinAnswered, HintUsed, MessageSent, ModuleCompleted, PlanMade,
    QuestionAsked, ToolOpened, WorkSubmitted,
)  # what a learner does  # fmt: skip


@dataclass
class Person:
    """One learner in one experiment."""

    arm: str
    at: datetime
    kind: str
    course: str | None
    item: str | None
    crossed: bool = False  # a later decision had the other arm: the share was changed meanwhile
    did: set[str] = field(default_factory=set)


class Outcome(NamedTuple):
    name: str
    days: int | None  # after the first decision; None = to the end of what is known
    good: bool
    is_it: Callable[[Person, Fact], bool]
    of_item: bool = False  # only for decisions about one piece of work


def _active(person: Person, fact: Fact) -> bool:
    """To write to the mentor is no sign of study where only one arm was given a mentor to write to."""
    if person.kind == "match" and (isinstance(fact, MessageSent) or getattr(fact, "to_mentor", False)):
        return False
    return isinstance(fact, MADE) and getattr(fact, "sender", "learner") == "learner"


def _handed_in(person: Person, fact: Fact) -> bool:
    return isinstance(fact, WorkSubmitted)


def _handed_in_this(person: Person, fact: Fact) -> bool:
    return isinstance(fact, WorkSubmitted) and fact.item == person.item


def _withdrew(person: Person, fact: Fact) -> bool:
    return isinstance(fact, CourseLeft) and person.course in (None, fact.course)


def _completed(person: Person, fact: Fact) -> bool:
    passed = isinstance(fact, CourseCompleted) and fact.outcome != "failed"
    return passed and person.course in (None, getattr(fact, "course", None))


OUTCOMES = (
    Outcome("active within 7 days", 7, True, _active),
    Outcome("handed in any work within 14 days", 14, True, _handed_in),
    Outcome("handed in this work within 14 days", 14, True, _handed_in_this, of_item=True),
    Outcome("withdrew within 28 days", 28, False, _withdrew),
    Outcome("completed the course", None, True, _completed),
)
ALL = "all"


@dataclass
class Trial:
    """One experiment as it was read.  `people` are without those who took their consent back."""

    name: str
    people: dict[str, Person] = field(default_factory=dict)
    took_back: int = 0

    @property
    def kinds(self) -> list[str]:
        return sorted({person.kind for person in self.people.values()})

    def groups(
        self, outcome: Outcome, kind: str, since: datetime | None, through: datetime
    ) -> dict[str, Group]:
        """Of each arm the people whose window is known whole, and how many of them did it."""
        found = {"treatment": Group(0, 0), "holdout": Group(0, 0)}
        for person in self.people.values():
            if kind not in (ALL, person.kind) or (outcome.of_item and person.item is None):
                continue
            if since is not None and person.at < since:
                continue
            if outcome.days is not None and person.at + outcome.days * DAY > through:
                continue
            group = found[person.arm]
            found[person.arm] = Group(group.people + 1, group.did + (outcome.name in person.did))
        return found


class Effect:
    """Hears first the decisions (nudges, matches, consents), then what learners did."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, Person]] = {}  # by learner and experiment
        self.words: dict[str, tuple[datetime, bool]] = {}  # the last word on experiments

    def decided(self, fact: Fact) -> None:
        match fact:
            case NudgeSent():
                for item in fact.items:
                    self._drawn(item.arm, item.learner or fact.recipient, fact, item.kind, item)
            case NudgeSuppressed() if fact.withheld is not None:
                item = fact.withheld
                self._drawn(fact.arm, item.learner or fact.recipient, fact, item.kind, item)
            case MatchProposed() | LearnerWaitlisted():
                self._drawn(fact.arm, fact.learner, fact, "match", None)
            case ConsentGiven() | ConsentWithdrawn() if fact.scope == "experiments":
                self.agreed(fact.person, fact.at, isinstance(fact, ConsentGiven))
            case _:
                pass

    def agreed(self, learner: str, at: datetime, yes: bool) -> None:
        """The later word counts; at the same instant no wins."""
        last = self.words.get(learner)
        if last is None or (at, not yes) > (last[0], not last[1]):
            self.words[learner] = (at, yes)

    def _drawn(self, arm: Arm | None, learner: str, fact: Fact, kind: str, item: NudgeItem | None) -> None:
        if arm is None:
            return
        name, drawn = arm
        mine = self.of.setdefault(learner, {})
        known = mine.get(name)
        work = None if item is None else next((str(x) for n, x in item.figures if n == "item"), None)
        if known is None or fact.at < known.at:
            crossed = known is not None and (known.crossed or known.arm != drawn)
            course = None if item is None else item.course
            mine[name] = Person(drawn, fact.at, kind, course, work, crossed)
        else:
            known.crossed |= known.arm != drawn

    def happened(self, fact: Fact) -> None:
        for person in self.of.get(fact.key, {}).values():
            late = fact.at - person.at
            if late > timedelta(0):
                person.did.update(
                    outcome.name
                    for outcome in OUTCOMES
                    if (outcome.days is None or late <= outcome.days * DAY) and outcome.is_it(person, fact)
                )

    def trials(self) -> list[Trial]:
        found: dict[str, Trial] = {}
        for learner, mine in sorted(self.of.items()):
            word = self.words.get(learner)
            for name, person in mine.items():
                trial = found.setdefault(name, Trial(name))
                if word is not None and not word[1]:
                    trial.took_back += 1
                else:
                    trial.people[learner] = person
        return [found[name] for name in sorted(found)]
