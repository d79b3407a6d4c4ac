"""What came of a run?  Matches, waits and nudges, counted from the outside topics alone."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

from schemas.control import FactParked
from schemas.fact import Fact
from schemas.matches import LearnerWaitlisted, MatchEnded, MatchProposed
from schemas.nudges import NudgeHeld, NudgeSent, NudgeSuppressed
from schemas.rounds import RoundReported


@dataclass
class Report:
    """`hear` takes every outside fact in any order of topics, each topic's in its own."""

    enrolled: dict[str, datetime] = field(default_factory=dict)  # learner -> first enrolment
    matched: dict[str, datetime] = field(default_factory=dict)
    ended: Counter[str] = field(default_factory=Counter)
    waitlisted: Counter[str] = field(default_factory=Counter)
    sent: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    nudges: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    suppressed: Counter[str] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    proposals: int = 0

    def hear(self, fact: Fact) -> None:
        match fact:
            case MatchProposed():
                self.proposals += 1
                self.matched.setdefault(fact.learner, fact.at)
            case MatchEnded():
                self.ended[fact.reason] += 1
            case LearnerWaitlisted():
                self.waitlisted[fact.binding] += 1
            case RoundReported():
                self.rounds += 1
            case NudgeSent():
                self.nudges[fact.role] += 1
                for item in fact.items:
                    self.sent[item.signal, item.kind, fact.role] += 1
            case NudgeHeld():
                self.held[fact.reason] += 1
            case NudgeSuppressed():
                self.suppressed[fact.reason] += 1
            case FactParked():
                self.parked[fact.reason] += 1
            case _:
                pass

    def waits_hours(self) -> list[int]:
        """From the first enrolment to the first match, in whole hours, sorted.

        On the facts' clock a decision bears the time of the last tick, which may be before its enrolment: no wait.
        """
        return sorted(
            max(0, round((at - self.enrolled[learner]).total_seconds() / 3600))
            for learner, at in self.matched.items()
            if learner in self.enrolled
        )

    def as_json(self) -> dict[str, Any]:
        waits = self.waits_hours()
        p50, p95 = _cuts(waits)
        return {
            "learners": len(self.enrolled),
            "matched": len(self.matched),
            "matched_permille": round(1000 * len(self.matched) / len(self.enrolled)) if self.enrolled else 0,
            "wait_hours_p50": p50,
            "wait_hours_p95": p95,
            "rounds": self.rounds,
            "proposals": self.proposals,
            "ended": dict(sorted(self.ended.items())),
            "waitlisted": dict(sorted(self.waitlisted.items())),
            "nudges_to": dict(sorted(self.nudges.items())),
            "pieces": {" ".join(name): count for name, count in sorted(self.sent.items())},
            "held": dict(sorted(self.held.items())),
            "suppressed": dict(sorted(self.suppressed.items())),
            "parked": dict(sorted(self.parked.items())),
        }

    def show(self, console: Console, accounts: dict[str, Any]) -> None:
        """The same, as tables for a person."""
        found = self.as_json()
        table = Table("what", "figure", title="Matching")
        for name in (
            "learners",
            "matched",
            "matched_permille",
            "wait_hours_p50",
            "wait_hours_p95",
            "rounds",
            "proposals",
        ):
            table.add_row(name.replace("_", " "), "-" if found[name] is None else str(found[name]))
        for name in ("ended", "waitlisted"):
            for reason, count in found[name].items():
                table.add_row(f"{name}: {reason}", str(count))
        console.print(table)
        table = Table("signal", "kind", "to", "pieces", title="Nudges sent, by what they say")
        for (signal, kind, role), count in sorted(self.sent.items()):
            table.add_row(signal, kind, role, str(count))
        console.print(table)
        table = Table("what", "count", title="Restraint and accounts")
        for name in ("nudges_to", "held", "suppressed", "parked"):
            for reason, count in found[name].items():
                table.add_row(f"{name.replace('_', ' ')}: {reason}", str(count))
        for name, value in accounts.items():
            table.add_row(name, str(value))
        console.print(table)


def _cuts(waits: list[int]) -> tuple[float | None, float | None]:
    """Median and p95 of the waits there were, never beyond the longest; None of none."""
    if not waits:
        return None, None
    cuts = quantiles(waits, n=100, method="inclusive") if len(waits) > 1 else [float(waits[0])] * 99
    return round(cuts[49], 1), round(cuts[94], 1)
