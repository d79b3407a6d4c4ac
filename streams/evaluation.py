"""Was what we said right?  Precision, lift, reach and warning of each signal, and of mentor advice, by a day.

Reads what was said and, apart from it, what became of each learner.  Only learners still enrolled at the end of the
day are counted, and only what was said by then.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from schemas.advice import AdviceGiven, AdviceWithdrawn
from schemas.control import FactParked
from schemas.fact import Fact
from schemas.nudges import NudgeSent
from schemas.terms import Role
from streams.errors import Trouble

GLAD = (
    "L9",
    "L12",
    "L13",
    "M7",
    "match",
)  # good news, plans and next steps: nobody is thereby said to be at risk
MENTOR, AT_ONCE = "mentor advice", "of it, at once"
DAY = timedelta(days=1)


class Unfit(Trouble):
    """What was said over the term is not whole."""


class Fate(NamedTuple):
    """What became of one learner in one course; days count from its start."""

    learner: str
    joined: int
    left: int | None  # the day of the withdrawal
    bad: bool  # withdrew or failed

    def enrolled(self, day: int) -> bool:
        """At the end of that day."""
        return self.joined <= day and (self.left is None or self.left > day)


class Said(NamedTuple):
    """One piece of advice about one learner."""

    learner: str
    signal: str
    to_mentor: bool
    priority: int
    at: float  # day


class Sent(NamedTuple):
    """One nudge, with what it tells of whom."""

    at: float  # day
    role: Role
    digest: bool
    pieces: tuple[tuple[str, str], ...]  # (signal, learner)


class Heard:
    """Collects one course's advice and nudges; `hear` takes every fact."""

    def __init__(self, starts_at: datetime) -> None:
        self.starts_at = starts_at
        self.said: dict[UUID, Said] = {}
        self.withdrawn: dict[UUID, float] = {}
        self.nudges: list[Sent] = []
        self.decided: list[Fact] = []

    def hear(self, fact: Fact) -> None:
        match fact:
            case AdviceGiven() if fact.learner is not None:
                self.decided.append(fact)
                self.said.setdefault(
                    fact.advice,
                    Said(fact.learner, fact.signal, fact.role == "mentor", fact.priority, self._day(fact.at)),
                )
            case AdviceWithdrawn():
                self.decided.append(fact)
                self.withdrawn.setdefault(fact.advice, self._day(fact.at))
            case NudgeSent():
                self.decided.append(fact)
                pieces = tuple((item.signal, item.learner or "") for item in fact.items)
                self.nudges.append(Sent(self._day(fact.at), fact.role, fact.digest, pieces))
            case FactParked():
                raise Unfit(
                    f"a fact could not be folded ({fact.reason}): nothing is judged by half of what was said"
                )
            case _:
                pass

    def _day(self, at: datetime) -> float:
        return (at - self.starts_at) / DAY


class Count(NamedTuple):
    """The sums behind the figures of one signal; those of several courses add up."""

    flagged: int
    bad: int  # of the flagged
    reached: int  # of those who withdrew later
    warnings: tuple[float, ...]  # days from the first word to the withdrawal
    pieces: int  # in nudges sent


class Tally(NamedTuple):
    """One course, or several, by one day."""

    learners: int
    bad: int
    leave: int  # withdraw later
    weeks: float  # learner-weeks since the start
    nudges: dict[str, int]  # by role, digests as one
    signals: dict[str, Count]
    order: tuple[tuple[float, bool], ...]  # (priority of what stands, bad) of each learner; -1 = nothing

    def __add__(self, other: "Tally") -> "Tally":  # type: ignore[override]
        names, none = sorted({*self.signals, *other.signals}), Count(0, 0, 0, (), 0)
        return Tally(
            self.learners + other.learners, self.bad + other.bad, self.leave + other.leave, self.weeks + other.weeks,
            dict(Counter(self.nudges) + Counter(other.nudges)),
            {name: _both(self.signals.get(name, none), other.signals.get(name, none)) for name in names},
            (*self.order, *other.order),
        )  # fmt: skip


def _both(a: Count, b: Count) -> Count:
    return Count(
        a.flagged + b.flagged, a.bad + b.bad, a.reached + b.reached, (*a.warnings, *b.warnings), a.pieces + b.pieces
    )  # fmt: skip


def tally(fates: Sequence[Fate], heard: Heard, day: int, at_once: int = 70) -> Tally:
    """Counts what was said before the end of `day` of who is still enrolled then.

    `at_once`: priority from which a mentor hears at once, and not by digest.
    """
    end = day + 1.0
    here = {f.learner: f for f in fates if f.enrolled(day)}
    said = [(id, s) for id, s in heard.said.items() if s.at < end and s.learner in here]
    to_mentor = [(id, s) for id, s in said if s.to_mentor and s.signal not in GLAD]
    sent = [
        nudge
        for nudge in heard.nudges
        if 0 <= nudge.at < end and any(learner in here for _, learner in nudge.pieces)
    ]
    pieces = Counter(signal for nudge in sent for signal, learner in nudge.pieces if learner in here)
    warned = [nudge for nudge in sent if nudge.role == "mentor"]
    signals = {
        name: _count(here, [s for _, s in said if s.signal == name], pieces[name])
        for name in sorted({s.signal for _, s in said})
    }
    signals[MENTOR] = _count(here, [s for _, s in to_mentor], _warnings(here, warned))
    signals[AT_ONCE] = _count(
        here,
        [s for _, s in to_mentor if s.priority >= at_once],
        _warnings(here, [nudge for nudge in warned if not nudge.digest]),
    )
    standing = dict.fromkeys(here, -1.0)
    for id, s in to_mentor:
        if heard.withdrawn.get(id, end) >= end:
            standing[s.learner] = max(standing[s.learner], s.priority)
    return Tally(
        len(here), sum(f.bad for f in here.values()), sum(f.left is not None for f in here.values()),
        sum((end - max(0, f.joined)) / 7 for f in here.values()), dict(Counter(nudge.role for nudge in sent)), signals,
        tuple((standing[learner], fate.bad) for learner, fate in here.items()),
    )  # fmt: skip


def _warnings(here: dict[str, Fate], sent: Sequence[Sent]) -> int:
    return sum(signal not in GLAD and who in here for nudge in sent for signal, who in nudge.pieces)


def _count(here: dict[str, Fate], said: Iterable[Said], pieces: int) -> Count:
    first: dict[str, float] = {}
    for s in said:
        first[s.learner] = min(s.at, first.get(s.learner, s.at))
    warnings = tuple(gone - at for who, at in first.items() if (gone := here[who].left) is not None)
    return Count(len(first), sum(here[who].bad for who in first), len(warnings), warnings, pieces)
