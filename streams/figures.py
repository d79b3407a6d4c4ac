"""Which figures does a tally give?  Precision, lift, reach and warning of each signal, and of the order of priority."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from streams.evaluation import Count, Tally

DEPTHS = (100, 150, 250)  # permille of the learners, from the top of the order


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
