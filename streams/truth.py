"""Was what the signals said true?  Made-up lives know what really happened; each signal is held against it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from schemas.advice import AdviceGiven

OF_MENTORS = frozenset({"M5", "M6"})
# Of these made-up lives and pairs know the truth; of the others only a real course could.
KNOWN = frozenset({"L1", "L6", "L8", "L10", "L11", "L12", "L14", "M1", "M2", "M3", "M4", "M5", "M6"})
FIGURES = ("troubles", "reached", "told", "true", "recall", "precision")
SLACK = timedelta(days=1)  # ticks and the quiet between two looks


class Truth(NamedTuple):
    """What was the matter with `subject`, a learner, or a mentor for M5 and M6; somebody should be told by `due`."""

    signal: str
    subject: str
    since: datetime
    until: datetime
    by: datetime | None = None

    @property
    def due(self) -> datetime:
        return self.by or self.until


class Told(NamedTuple):
    signal: str
    subject: str
    at: datetime


@dataclass
class Judge:
    """`hear` takes the advice of a run; an episode counts once, when somebody is first told of it."""

    told: list[Told] = field(default_factory=list)
    _episodes: set[UUID] = field(default_factory=set)

    def hear(self, fact: AdviceGiven) -> None:
        subject = fact.mentor if fact.signal in OF_MENTORS else fact.learner
        if fact.episode not in self._episodes and subject is not None:
            self._episodes.add(fact.episode)
            self.told.append(Told(fact.signal, subject, fact.at))

    def verdict(self, truths: Iterable[Truth], ends: datetime) -> dict[str, dict[str, Any]]:
        """For each signal how many troubles there were (due by the end) and were told, and how much was true.

        Of a signal whose truth nobody knows, only how often it was told.
        """
        spells: dict[tuple[str, str], list[Truth]] = defaultdict(list)
        for truth in truths:
            spells[truth.signal, truth.subject].append(truth)
        heard: dict[tuple[str, str], list[datetime]] = defaultdict(list)
        for one in self.told:
            heard[one.signal, one.subject].append(one.at)
        found: dict[str, dict[str, Any]] = {}
        for signal in sorted({name for name, _ in spells} | {one.signal for one in self.told}):
            mine = [t for (name, _), some in spells.items() if name == signal for t in some if t.due <= ends]
            reached = sum(any(_within(at, t) for at in heard[signal, t.subject]) for t in mine)
            said = [one for one in self.told if one.signal == signal]
            if signal not in KNOWN:
                found[signal] = {**dict.fromkeys(FIGURES), "told": len(said)}
                continue
            true = sum(any(_within(one.at, t) for t in spells[signal, one.subject]) for one in said)
            found[signal] = {
                "troubles": len(mine), "reached": reached, "told": len(said), "true": true,
                "recall": _share(reached, len(mine)), "precision": _share(true, len(said)),
            }  # fmt: skip
        return found


def _within(at: datetime, truth: Truth) -> bool:
    return truth.since - SLACK <= at <= truth.until + SLACK


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
