"""Was what we said right?  Precision, lift, reach and warning of each signal, and of mentor advice, by a day.

Reads what was said and, apart from it, what became of each learner.  Only learners still enrolled at the end of the
day are counted, and only what was said by then.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple
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
MENTOR = "mentor advice"
DEPTHS = (100, 150, 250)  # permille of the learners, from the top of the order
DAY = timedelta(days=1)


class Unfit(Trouble):
    """What was said over the term is not whole."""


class Fate(NamedTuple):
    """What became of one learner in one course; days count from its start."""

    learner: str
    joined: int
    left: int | None  # the day of the withdrawal
    bad: bool  # withdrew or failed


class Said(NamedTuple):
    """One piece of advice about one learner."""

    learner: str
    signal: str
    to_mentor: bool
    priority: int
    at: float  # day


class Heard:
    """Collects one course's advice and nudges; `hear` takes every fact."""

    def __init__(self, starts_at: datetime) -> None:
        self.starts_at = starts_at
        self.said: dict[UUID, Said] = {}
        self.withdrawn: dict[UUID, float] = {}
        self.nudges: list[tuple[float, Role, tuple[str, ...]]] = []  # day, to whom, the signals in it
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
                signals = tuple(item.signal for item in fact.items)
                self.nudges.append((self._day(fact.at), fact.role, signals))
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
        names = sorted({*self.signals, *other.signals})
        zero = Count(0, 0, 0, (), 0)
        return Tally(
            self.learners + other.learners, self.bad + other.bad, self.leave + other.leave, self.weeks + other.weeks,
            {role: self.nudges.get(role, 0) + other.nudges.get(role, 0) for role in {**self.nudges, **other.nudges}},
            {n: Count(*(a + b for a, b in zip(self.signals.get(n, zero), other.signals.get(n, zero), strict=True))) for n in names},
            (*self.order, *other.order),
        )  # fmt: skip


def tally(fates: Sequence[Fate], heard: Heard, day: int) -> Tally:
    """Counts what was said before the end of `day` of who is still enrolled then."""
    end = day + 1.0
    here = {f.learner: f for f in fates if f.joined <= day and (f.left is None or f.left > day)}
    said = [(id, s) for id, s in heard.said.items() if s.at < end and s.learner in here]
    names = sorted({s.signal for _, s in said})
    tests: dict[str, Callable[[Said], bool]] = {name: (lambda s, n=name: s.signal == n) for name in names}  # type: ignore[misc]
    tests[MENTOR] = lambda s: s.to_mentor and s.signal not in GLAD
    standing = dict.fromkeys(here, -1.0)
    for id, s in said:
        if tests[MENTOR](s) and heard.withdrawn.get(id, end) >= end:
            standing[s.learner] = max(standing[s.learner], s.priority)
    sent = [n for n in heard.nudges if 0 <= n[0] < end]
    return Tally(
        len(here), sum(f.bad for f in here.values()), sum(f.left is not None for f in here.values()),
        sum((end - max(0, f.joined)) / 7 for f in here.values()),
        {role: sum(n[1] == role for n in sent) for role in ("learner", "mentor", "operator")},
        {name: _count(here, [s for _, s in said if test(s)], name, sent) for name, test in tests.items()},
        tuple((standing[learner], fate.bad) for learner, fate in here.items()),
    )  # fmt: skip


def _count(here: dict[str, Fate], said: Iterable[Said], name: str, sent: list[Any]) -> Count:
    first: dict[str, float] = {}
    for s in said:
        first[s.learner] = min(s.at, first.get(s.learner, s.at))
    left = [(fate.left, first[who]) for who in first if (fate := here[who]).left is not None]
    glad = name == MENTOR
    pieces = sum(
        sum(signal not in GLAD if glad else signal == name for signal in signals)
        for _, role, signals in sent
        if not glad or role == "mentor"
    )
    warnings = tuple(gone - at for gone, at in left if gone is not None)
    return Count(len(first), sum(here[who].bad for who in first), len(left), warnings, pieces)


# --- figures -------------------------------------------------------------------------------


def figures(t: Tally) -> dict[str, Any]:
    base = _share(t.bad, t.learners)
    return {
        "learners": t.learners,
        "base_rate": base,
        "withdraw_later": t.leave,
        "nudges_a_learner_week": {r: round(n / t.weeks, 3) if t.weeks else 0.0 for r, n in t.nudges.items()},
        "signals": {name: _of(t, count, base) for name, count in t.signals.items()},
        "by_priority": {f"top_{d // 10}_percent": at_top(t.order, d) for d in DEPTHS},
    }


def _of(t: Tally, count: Count, base: float) -> dict[str, Any]:
    precision = _share(count.bad, count.flagged) if count.flagged else None
    return {
        "flagged": count.flagged,
        "share_flagged": _share(count.flagged, t.learners),
        "precision": precision,
        "lift": round(precision / base, 2) if precision is not None and base else None,
        "reached": _share(count.reached, t.leave),
        "warning_days": round(median(count.warnings), 1) if count.warnings else None,
        "pieces_a_learner_week": round(count.pieces / t.weeks, 3) if t.weeks else 0.0,
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def at_top(order: Sequence[tuple[float, bool]], permille: int) -> float | None:
    """Precision of the first `permille` of the learners; those who tie at the edge count by their mean."""
    most = round(len(order) * permille / 1000)
    if not most:
        return None
    edge = sorted((value for value, _ in order), reverse=True)[most - 1]
    above = [bad for value, bad in order if value > edge]
    equal = [bad for value, bad in order if value == edge]
    return round((sum(above) + (most - len(above)) * sum(equal) / len(equal)) / most, 3)
