"""Which weights of risk does the past bear out?  Logistic regression over what pulses saw, and a report on other terms.

The features are those the pulses weigh (`nudging.risk`), taken from their own rows at the end of each week, so what
is learned is what will be used.  The outcome is who withdrew or failed later.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nudging.pulse_rows import PulseRow
from nudging.risk import FEATURES, FULL, features, weigh
from nudging.sight import Sight
from schemas.policy import Policy
from schemas.risk_policy import RiskPolicy, RiskWeights
from streams.draft import Draft
from streams.errors import Trouble
from streams.figures import DEPTHS, at_top
from streams.replay import Replay

PENALTY = 1.0  # on each standardised weight, so that a feature nobody shows gets none
MOST_TURNS, ENOUGH = 100, 1e-9
LEAST_EACH = 20  # learners who left or failed, and who did not
LIMIT = 20_000  # thousandths, as the policy allows
BINS = (0, 200, 400, 600, 800, 1001)  # permille

Floats = NDArray[np.float64]


class Sample(NamedTuple):
    """One learner in one course as a pulse saw them at one time, and what came of it."""

    learner: str
    shares: tuple[int, ...]
    bad: bool


class TooFew(Trouble):
    """The past holds too few learners to learn from, or too few who left or failed."""


def seen(
    replay: Replay, at: datetime, course: str, policy: Policy, fates: Iterable[tuple[str, bool]]
) -> list[Sample]:
    """What the pulses remember of these learners now."""
    found = []
    for partition in replay.ledgers["pulses"].owned.values():
        rows = Draft(partition)
        for learner, bad in fates:
            pulse = rows.find(PulseRow, learner)
            known = pulse.courses.get(course) if pulse is not None else None
            if pulse is not None and known is not None and known.active:
                shares = features(Sight(rows, pulse, policy.pulse, at, at), course, known)
                if shares is not None:
                    found.append(Sample(learner, shares, bad))
    return found


def enough(fates: Iterable[tuple[str, bool]]) -> None:
    """Raises TooFew unless both kinds of learner are there; whoever is seen often is one learner."""
    left, stayed = set[str](), set[str]()
    for learner, bad in fates:
        (left if bad else stayed).add(learner)
    if min(len(left), len(stayed)) < LEAST_EACH:
        raise TooFew(
            f"{len(left)} learners who left or failed and {len(stayed)} who did not are too few to learn from: "
            f"name a longer past, or more courses; {LEAST_EACH} of each are the least"
        )


def learned(samples: Sequence[Sample], model: str, policy: RiskPolicy) -> RiskPolicy:
    """The policy with these weights; its lines stay as they are."""
    enough((s.learner, s.bad) for s in samples)
    shares = np.array([s.shares for s in samples], dtype=np.float64) / FULL
    weights = fit(shares, np.array([s.bad for s in samples], dtype=np.float64))
    points = [max(-LIMIT, min(LIMIT, round(1000 * float(weight)))) for weight in weights]
    return policy.model_copy(
        update={"model": model, "base": points[0], "weights": RiskWeights(**dict(zip(FEATURES, points[1:], strict=True)))}
    )  # fmt: skip


def fit(shares: Floats, bad: Floats) -> Floats:
    """Base and weights by Newton's method on the penalised likelihood, which has one maximum."""
    mean, spread = shares.mean(axis=0), shares.std(axis=0)
    spread[spread == 0] = 1.0
    x = np.column_stack([np.ones(len(shares)), (shares - mean) / spread])
    penalty = PENALTY * np.eye(x.shape[1])
    penalty[0, 0] = 0.0
    found = np.zeros(x.shape[1])
    for _ in range(MOST_TURNS):
        chance = 1 / (1 + np.exp(-(x @ found)))
        slope = x.T @ (bad - chance) - penalty @ found
        step = np.linalg.solve(x.T @ (x * (chance * (1 - chance))[:, None]) + penalty, slope)
        found += step
        if np.abs(step).max() < ENOUGH:
            break
    weights = found[1:] / spread
    return np.concatenate([[found[0] - weights @ mean], weights])


# --- how good is it ------------------------------------------------------------------------


def judged(samples: Sequence[Sample], policy: RiskPolicy) -> dict[str, Any]:
    """AUC, precision and lift from the top, and calibration: what was said against what came."""
    risks = [weigh(s.shares, policy).permille for s in samples]
    if not samples:
        return {"learners": 0}
    base = sum(s.bad for s in samples) / len(samples)
    order = [(float(risk), s.bad) for risk, s in zip(risks, samples, strict=True)]
    tops = {f"top_{depth // 10}_percent": at_top(order, depth) for depth in DEPTHS}
    return {
        "learners": len(samples),
        "base_rate": round(base, 3),
        "auc": auc(order),
        "precision": tops,
        "lift": {name: round(p / base, 2) if p is not None and base else None for name, p in tops.items()},
        "calibration": [_bin(order, low, high) for low, high in pairwise(BINS)],
    }


def _bin(order: Sequence[tuple[float, bool]], low: int, high: int) -> dict[str, Any]:
    within = [each for each in order if low <= each[0] < high]
    n = len(within)
    return {
        "risk_permille": f"{low} to {min(high - 1, 1000)}",
        "learners": n,
        "said": round(sum(risk for risk, _ in within) / n / 1000, 3) if n else None,
        "came": round(sum(bad for _, bad in within) / n, 3) if n else None,
    }


def auc(order: Sequence[tuple[float, bool]]) -> float | None:
    """The chance that of two learners, one bad and one not, the bad one has the higher risk; ties count half."""
    bad = np.sort([risk for risk, is_bad in order if is_bad])
    good = np.sort([risk for risk, is_bad in order if not is_bad])
    if not len(bad) or not len(good):
        return None
    below, to = np.searchsorted(good, bad, "left"), np.searchsorted(good, bad, "right")
    return round(float((below + to).sum() / 2 / len(bad) / len(good)), 3)


def toml(policy: RiskPolicy) -> str:
    """The section of a policy file that holds these weights."""
    model = json.dumps(policy.model, ensure_ascii=False)  # as TOML quotes it, whatever a course is called
    lines = ["[risk]", f"model = {model}", f"base = {policy.base}", "", "[risk.weights]"]
    return "\n".join([*lines, *(f"{name} = {getattr(policy.weights, name)}" for name in FEATURES)]) + "\n"
