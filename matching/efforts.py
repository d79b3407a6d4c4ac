"""How are learners placed who cost a mentor different hours, and how far can the answer be from the best?

Where all who could come to a mentor need the same of that mentor, this is a flow and the answer is
exact.  Otherwise no fast exact method is known: the answer keeps every limit, and comes with a bound
that no choice undercuts.  The prices that prove the bound also say where learners belong: each
mentor's own best set, with learners whom two picked left to the cheaper one, is where the search for
a choice starts.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from matching.bound import Bound, by_learner, by_minutes, fineness, finer, worths
from matching.columns import Numbers
from matching.exchange import improved
from matching.instance import PARTS, Answer, Instance, priced
from matching.parts import parts
from matching.solver import solve
from matching.waiting import least_waiting

UNIT_TURNS = 1200  # of the climb by prices a unit, which is cheap, and
LEARNER_TURNS = 400  # by worths of learners, several times as dear; more of either gains little


class Found(NamedTuple):
    arcs: Numbers  # for each learner, below 0 for waiting
    bound: int
    prices: Bound | None  # by minutes, in fine points
    minute: Numbers  # what they are without a reward for waiting, in parts of a point
    head: Numbers


def solve_mixed(pool: Instance) -> Answer:
    """Each part exact by flow where it can be, else with its bound; the same answer on every machine."""
    return in_parts(pool, bounded)


def in_parts(pool: Instance, solve_part: Callable[[Instance], Found]) -> Answer:
    arcs = np.full(len(pool.waits), -1, dtype=np.int64)
    bound = int(pool.waits[np.diff(pool.first) == 0].sum())
    minute, head = _cheapest(pool), np.zeros(len(pool.places), dtype=np.int64)
    for part in parts(pool):
        found = by_flow(part.pool) if one_effort(part.pool) else solve_part(part.pool)
        placed = found.arcs >= 0
        arcs[part.learners[placed]] = part.arcs[found.arcs[placed]]
        bound += found.bound
        minute[part.mentors] = np.maximum(minute[part.mentors], found.minute)
        head[part.mentors] = found.head
    chosen = [None if arc < 0 else int(pool.mentor[arc]) for arc in arcs]
    return Answer(chosen, priced(pool, arcs), bound, tuple(minute.tolist()), tuple(head.tolist()))


def _cheapest(pool: Instance) -> Numbers:
    """Below its cheapest unit's price no mentor need ask: nothing is gained by it."""
    cheapest = np.zeros(len(pool.places), dtype=np.int64)
    some = np.diff(pool.begin) > 0
    cheapest[some] = pool.prices[pool.begin[:-1][some]] * PARTS
    return cheapest


def one_effort(part: Instance) -> bool:
    """Does each mentor give all learners of the part the same units, one or more?"""
    same = np.zeros(len(part.places), dtype=np.int64)
    same[part.mentor] = part.units
    return bool((part.units == same[part.mentor]).all() and (part.units > 0).all())


def by_flow(part: Instance) -> Found:
    """A seat is as many units as one learner needs; its price is theirs together."""
    size = np.ones(len(part.places), dtype=np.int64)
    size[part.mentor] = part.units
    seats = []
    for mentor, (a, b) in enumerate(pairwise(part.begin.tolist())):
        count = min(int(part.places[mentor]), (b - a) // int(size[mentor]))
        seats.append(
            part.prices[a : a + count * size[mentor]].reshape(count, int(size[mentor])).sum(axis=1).tolist()
        )
    offers = [
        dict(zip(part.mentor[a:b].tolist(), part.cost[a:b].tolist(), strict=True))
        for a, b in pairwise(part.first.tolist())
    ]
    outcome = solve(offers, part.waits.tolist(), seats)
    at = [{mentor: arc for arc, mentor in enumerate(each)} for each in offers]
    arcs = [
        -1 if mentor is None else first + at[learner][mentor]
        for learner, (mentor, first) in enumerate(zip(outcome.chosen, part.first.tolist(), strict=False))
    ]
    asked = np.asarray(outcome.prices, dtype=np.int64)
    by_unit = np.asarray([
        min(price, each[-1]) if each and len(each) == places else price
        for price, each, places in zip(outcome.prices, seats, part.places.tolist(), strict=True)
    ], dtype=np.int64)  # fmt: skip
    minute, head = by_unit * PARTS // size, (asked - by_unit) * PARTS
    return Found(np.asarray(arcs, dtype=np.int64), outcome.objective, None, minute, head)


def bounded(part: Instance) -> Found:
    """With the number of learners who must wait known, prices of hours need not pay for the part of one."""
    arcs = improved(part, np.full(len(part.waits), -1, dtype=np.int64), passes=1)
    scale = fineness(part)
    fine = finer(part, scale)
    lowest = np.zeros(2 * len(part.places) + 1, dtype=np.int64)
    starts = [(0, lowest)]
    if (arcs < 0).any() and (least := least_waiting(part)):
        rewarded = lowest.copy()
        rewarded[-1] = max(0, int(fine.waits.min() - fine.cost.max()))
        starts.append((least, rewarded))
    target = (priced(part, arcs) - 1) * scale + 1  # beyond it the next whole point is the objective
    best = Bound(np.iinfo(np.int64).min, lowest)
    bound, plain = best.value, lowest[:-1]
    for waiting, start in starts:
        found = by_minutes(fine, waiting, start, target, UNIT_TURNS)
        plain = plain if waiting else found.at[:-1]
        other, picks = by_learner(fine, waiting, worths(fine, found.at), target, LEARNER_TURNS)
        bound = max(bound, found.value, other.value)
        best = max(best, found, key=lambda each: each.value)
        near = improved(part, _one_each(part, picks))
        arcs = min(arcs, near, key=lambda each: priced(part, each))
    minute, head = plain.reshape(2, -1) * PARTS // scale
    return Found(arcs, -(-bound // scale), best, minute, head)


def _one_each(part: Instance, picks: Numbers) -> Numbers:
    """Learners whom several mentors picked stay with the cheapest; places are kept, cheapest first."""
    learner = np.repeat(np.arange(len(part.waits)), np.diff(part.first))
    arcs = np.full(len(part.waits), -1, dtype=np.int64)
    left = part.places.copy()
    for arc in picks[np.lexsort((picks, part.cost[picks]))].tolist():
        if arcs[learner[arc]] < 0 and left[part.mentor[arc]] > 0:
            arcs[learner[arc]] = arc
            left[part.mentor[arc]] -= 1
    return arcs
