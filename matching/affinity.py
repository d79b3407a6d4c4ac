"""How well do two fit, in cost points?  Lower is better; one small function a term.

Each term costs at most its weight.  Skills, goals and availability belong to a pair; load belongs to a
mentor's next free place and waiting to a learner, so the solver adds these two itself.
"""

from collections.abc import Callable
from datetime import datetime

import numpy as np
import numpy.typing as npt

from matching.rules import both_declared, shared_hours
from matching.traits import Matrix, Traits
from schemas.policy import PoolPolicy

Costs = npt.NDArray[np.int64]
Term = Callable[[Traits, Traits, PoolPolicy], Costs]

WAIT_DAYS = 365  # a longer wait weighs no more, so costs stay bounded


def skills(learners: Traits, mentors: Traits, policy: PoolPolicy) -> Costs:
    """The share of the levels wanted that the mentor does not reach."""
    return _missing(learners.skills, mentors.skills, policy.weights.skills)


def goals(learners: Traits, mentors: Traits, policy: PoolPolicy) -> Costs:
    """The share of the learner's goals, first ones weighing most, that the mentor does not guide."""
    return _missing(learners.goals, mentors.goals, policy.weights.goals)


def availability(learners: Traits, mentors: Traits, policy: PoolPolicy) -> Costs:
    """Falls evenly from the least shared hours to the good ones; half where either said nothing."""
    least, weight = policy.least_shared_hours, policy.weights.availability
    span = max(1, policy.good_shared_hours - least)
    short = np.clip(least + span - shared_hours(learners, mentors), 0, span)
    return np.where(both_declared(learners, mentors), weight * short // span, weight // 2)


TERMS: dict[str, Term] = {"skills": skills, "goals": goals, "availability": availability}


def pair_cost(learners: Traits, mentors: Traits, policy: PoolPolicy) -> Costs:
    """All terms of a pair, added."""
    out = np.zeros((len(learners.ids), len(mentors.ids)), np.int64)
    for term in TERMS.values():
        out += term(learners, mentors, policy)
    return out


def load(capacity: int, committed: int, size: int, places: int, policy: PoolPolicy) -> list[int]:
    """What each further place of a mentor costs: its weight times how full the mentor then is."""
    full = max(1, capacity)
    weight = policy.weights.load
    return [weight * min(full, committed + size * (nth + 1)) // full for nth in range(places)]


def waiting(since: datetime, now: datetime, policy: PoolPolicy) -> int:
    """What a wait adds to the cost of leaving a learner unmatched, by whole days."""
    return policy.weights.wait_per_day * max(0, min(WAIT_DAYS, (now - since).days))


def _missing(wanted: Matrix, offered: Matrix, weight: int) -> Costs:
    total = wanted.sum(axis=1).astype(np.int64)[:, None]
    met = (wanted @ offered.T).astype(np.int64)
    return np.where(total > 0, weight * (total - met) // np.maximum(1, total), 0)
