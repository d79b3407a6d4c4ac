"""What is one learner before all mentors at once: what each would cost, and who breaks which rule?

Every figure is the one of `matching.rules` and `matching.affinity`, which say it pair by pair and are the
reference (`tests/matching/test_table.py`).
"""

from typing import NamedTuple

import numpy as np

from matching.affinity import ENOUGH, FAR, tops
from matching.columns import Flags, Numbers
from matching.table import NOT_SPOKEN, Table
from matching.views import FULL, Learner
from matching.weeks import words_of
from schemas.pool_policy import PoolPolicy
from schemas.terms import Binding


class Seen(NamedTuple):
    """Points without load, what of them was told, and who breaks which rule."""

    cost: Numbers
    known: Numbers
    broken: dict[Binding, Flags]


def see(table: Table, learner: Learner, policy: PoolPolicy) -> Seen:
    """As `affinity.terms`, `affinity.known` and `rules.RULES` say it of each pair."""
    by = policy.weights
    ranks = table.ranks_of(learner)
    shared = _shared(table, learner)
    none = np.zeros(table.size, dtype=np.int64)
    told: tuple[Numbers, ...] = (
        _skills(table, learner, by.skills),
        _goals(table, learner, by.goals),
        _hours(table, learner, shared, policy),
        by.language * np.minimum(ranks, FAR) // FAR,
        by.experience * (ENOUGH - np.minimum(table.helped, ENOUGH)) // ENOUGH if learner.in_need else none,
        _preferred(table, learner, by.preferred) if learner.prefers else none,
        _past(table, learner, by.past) if learner.past else none,
    )
    untold = (not learner.wants, not learner.goals, not learner.free, False, False, False, False)
    say = np.minimum(table.say, learner.say)
    cost = none.copy()
    for points, top, hidden in zip(told, tops(learner, policy), untold, strict=True):
        cost += top if hidden else top - say * (top - points) // FULL
    return Seen(cost, np.sum(told, axis=0), _broken(table, learner, policy, ranks, shared))


def _broken(
    table: Table, learner: Learner, policy: PoolPolicy, ranks: Numbers, shared: Numbers
) -> dict[Binding, Flags]:
    blocked = np.zeros(table.size, dtype=np.bool_)
    for at in _blocked(table, learner):
        blocked[at] = True
    none = np.zeros(table.size, dtype=np.bool_)
    hours = bool(learner.free) and table.free.any(axis=1)
    return {
        "blocked": blocked,
        "no_capacity": (table.places < 1) | (table.minutes < learner.effort),
        "no_shared_language": ranks >= NOT_SPOKEN,
        "no_eligible_mentor": table.shares_none(table.courses, learner.courses)
        if policy.must_share_course
        else none,
        "no_skill": table.shares_none(table.levels, learner.skills)
        if policy.must_share_skill and learner.skills
        else none,
        "no_shared_hours": hours & (shared < policy.least_shared_hours * 4),
    }


def _blocked(table: Table, learner: Learner) -> set[int]:
    found = {table.place[mentor] for mentor in learner.avoids if mentor in table.place}
    found |= table.avoids.get(learner.id, set())
    return found.union(*(table.names.get(name, set()) for name in learner.conflicts))


def _shared(table: Table, learner: Learner) -> Numbers:
    now = np.bitwise_count(table.free & words_of(learner.free)).sum(axis=1, dtype=np.int64)
    later = np.bitwise_count(table.later & words_of(learner.free_later)).sum(axis=1, dtype=np.int64)
    fewer: Numbers = np.minimum(now, later)
    return fewer


def _skills(table: Table, learner: Learner, weight: int) -> Numbers:
    total = sum(level for _, level in learner.wants)
    if not total:
        return np.zeros(table.size, dtype=np.int64)
    short = np.zeros(table.size, dtype=np.int64)
    for skill, level in learner.wants:
        short += np.maximum(0, level - table.levels.get(skill))
    points: Numbers = weight * short // total
    return points


def _goals(table: Table, learner: Learner, weight: int) -> Numbers:
    count = len(learner.goals)
    if not count:
        return np.zeros(table.size, dtype=np.int64)
    missed = np.zeros(table.size, dtype=np.int64)
    for rank, goal in enumerate(learner.goals):
        missed += (count - rank) * (1 - table.guides.get(goal))
    return weight * missed * 2 // (count * (count + 1))


def _hours(table: Table, learner: Learner, shared: Numbers, policy: PoolPolicy) -> Numbers:
    if not learner.free:
        return np.zeros(table.size, dtype=np.int64)
    weight, good = policy.weights.availability, policy.good_shared_hours * 4
    span = good - policy.least_shared_hours * 4
    points = weight * np.clip(good - shared, 0, span) // span if span > 0 else np.zeros_like(shared)
    return np.where(table.free.any(axis=1), points, weight)


def _preferred(table: Table, learner: Learner, weight: int) -> Numbers:
    points = np.full(table.size, weight, dtype=np.int64)
    for rank, name in reversed(list(enumerate(learner.prefers))):
        if name in table.place:
            points[table.place[name]] = weight * rank // len(learner.prefers)
    return points


def _past(table: Table, learner: Learner, weight: int) -> Numbers:
    earlier = np.zeros(table.size, dtype=np.bool_)
    for name in learner.past:
        if name in table.place:
            earlier[table.place[name]] = True
    points: Numbers = (earlier != learner.again) * np.int64(weight)
    return points
