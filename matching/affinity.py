"""How dear is a pair, in whole cost points, term by term?

Each term goes from 0 (nothing better) to its weight (nothing worse).  Load is convex, so that the
hours of all mentors fill evenly; waiting makes it dearer every day to leave a learner waiting.
"""

from collections.abc import Callable
from datetime import datetime

from matching.views import Learner, Mentor
from schemas.policy import PoolPolicy

DAY = 86_400


def skills(learner: Learner, mentor: Mentor, weight: int) -> int:
    """How far the mentor's levels fall short of the wanted ones."""
    total = short = 0
    for skill, level in learner.wants:
        total += level
        short += max(0, level - mentor.levels.get(skill, 0))
    return weight * short // total if total else 0


def goals(learner: Learner, mentor: Mentor, weight: int) -> int:
    """Goals the mentor does not guide; the learner's first weighs the most."""
    count = len(learner.goals)
    if not count:
        return 0
    missed = sum(count - rank for rank, goal in enumerate(learner.goals) if goal not in mentor.guides)
    return weight * missed * 2 // (count * (count + 1))


def availability(learner: Learner, mentor: Mentor, weight: int, least: int, good: int) -> int:
    """Fewer shared hours than are good; half the weight where one side told no hours."""
    if not (learner.free and mentor.free):
        return weight // 2
    span = (good - least) * 4
    if span <= 0:
        return 0
    missing = good * 4 - (learner.free & mentor.free).bit_count()
    return weight * min(max(missing, 0), span) // span


def load(used: int, capacity: int, weight: int) -> int:
    """The cost of the minute that fills a mentor up to `used` of `capacity`; grows with the square."""
    return weight * used * used // (capacity * capacity) if capacity else 0


def waiting(since: datetime, now: datetime, policy: PoolPolicy) -> int:
    """The cost of leaving this learner waiting once more."""
    days = max(0, int((now - since).total_seconds())) // DAY
    return policy.unmatched_cost + policy.weights.wait_per_day * days


def terms(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> tuple[tuple[str, int], ...]:
    """The terms of one pair without load, which depends on who else comes."""
    weights = policy.weights
    least, good = policy.least_shared_hours, policy.good_shared_hours
    return (
        ("skills", skills(learner, mentor, weights.skills)),
        ("goals", goals(learner, mentor, weights.goals)),
        ("availability", availability(learner, mentor, weights.availability, least, good)),
    )


def pricing(learner: Learner, policy: PoolPolicy) -> Callable[[Mentor], int]:
    """The sum of `terms` for one learner and many mentors, who guide the same few sets of goals."""
    weights = policy.weights
    least, good = policy.least_shared_hours, policy.good_shared_hours
    guided: dict[frozenset[str], int] = {}

    def price(mentor: Mentor) -> int:
        cost = guided.get(mentor.guides)
        if cost is None:
            cost = guided[mentor.guides] = goals(learner, mentor, weights.goals)
        cost += skills(learner, mentor, weights.skills)
        return cost + availability(learner, mentor, weights.availability, least, good)

    return price


def seats(mentor: Mentor, policy: PoolPolicy) -> list[int]:
    """The load cost of each seat a mentor still has, cheapest first.

    A seat is `effort_minutes` of free time; a mentor with less has one seat, for who wants little.
    """
    count = min(mentor.places, max(1, mentor.minutes // policy.effort_minutes))
    return [
        load(mentor.used + seat * policy.effort_minutes, mentor.capacity, policy.weights.load)
        for seat in range(1, count + 1)
    ]
