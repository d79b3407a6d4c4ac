"""How little can any choice cost?  A lower bound that is proven, found by pricing what is scarce.

Theorem (Geoffrion 1974).  Take whole numbers m >= 0, a price a unit for each mentor, and h >= 0, a
price a head.  Every learner who pays them chooses at will, and every mentor sells at will the units
whose price is below m and all the places.  The sum of what the learners pay at the least, less what
the mentors gain at the most, is not above the cost of any choice: of a choice that keeps the limits,
what learners pay beyond the costs is what mentors earn, and no mentor can earn more than the most.

The same holds of a worth w for each learner, at most the cost of waiting, paid to whoever takes the
learner: each mentor alone picks the best set within its units, a knapsack solved exactly (Fisher,
Jaikumar and Van Wassenhove 1986); the sum of the worths less what the mentors gain is a bound, and
never a worse one than the best of the first kind.  A price a head stands for the limit on learners.

Where it is known that n learners must wait, a reward r >= 0 for waiting is one more such price: each
wait costs r less, and n r is added.  It keeps the prices of hours from paying for the part of a learner.

All sums are of integers, so nothing is rounded; how good the prices are decides only how near the
bound comes.  They climb by the subgradient with Polyak's step (Held, Wolfe and Crowder 1974).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matching.columns import Numbers
from matching.instance import Instance
from matching.relaxed import packed, sold

FINE = 1 << 28  # costs are multiplied until the greatest is near this: prices finer than a point
PATIENCE = 15  # steps without a better bound until the step is halved


class Bound(NamedTuple):
    """`value` in fine points: any choice costs `value` or more; `at` are the prices that prove it."""

    value: int
    at: Numbers


def fineness(pool: Instance) -> int:
    most = max((int(np.abs(each).max(initial=0)) for each in (pool.cost, pool.waits, pool.prices)), default=0)
    return max(1, FINE // max(1, most))


def finer(pool: Instance, scale: int) -> Instance:
    return pool._replace(cost=pool.cost * scale, waits=pool.waits * scale, prices=pool.prices * scale)


def by_minutes(pool: Instance, waiting: int, start: Numbers, target: int, turns: int) -> Bound:
    """The first kind, where at least `waiting` must wait; `at` holds the prices a unit, the prices a head
    and the reward for waiting."""
    mentors = len(pool.places)
    limits = np.append(pool.places, -waiting)

    def at(prices: Numbers) -> tuple[int, Numbers]:
        slope = np.concatenate([np.zeros(mentors, dtype=np.int64), -limits])
        value = sold(*pool._replace(waits=pool.waits - prices[-1]), prices[:mentors], prices[mentors:], slope)
        return int(value - prices[mentors:] @ limits), slope

    lowest = np.zeros(2 * mentors + 1, dtype=np.int64)
    return _climb(at, start, lowest, np.full(2 * mentors + 1, np.iinfo(np.int64).max), target, turns)


def worths(pool: Instance, prices: Numbers) -> Numbers:
    """What each learner pays at the least under the prices of the first kind, then the prices a head
    and the reward for waiting."""
    mentors = len(pool.places)
    pays = pool.waits - prices[-1]
    learner = np.repeat(np.arange(len(pays)), np.diff(pool.first))
    np.minimum.at(pays, learner, _asked(pool, prices))
    return np.concatenate([pays, prices[mentors:]])


def by_learner(
    pool: Instance, waiting: int, start: Numbers, target: int, turns: int
) -> tuple[Bound, Numbers]:
    """The second kind, from `start`, and which arcs the mentors picked at its best.  The reward for
    waiting stays."""
    learners, mentors = len(pool.waits), len(pool.places)
    limits = np.append(pool.places, -waiting)
    order = np.argsort(pool.mentor, kind="stable")
    starts = np.zeros(mentors + 1, dtype=np.int64)
    np.cumsum(np.bincount(pool.mentor, minlength=mentors), out=starts[1:])
    learner = np.repeat(np.arange(learners), np.diff(pool.first))[order]
    cost, units, picked = pool.cost[order], pool.units[order], np.zeros(len(order), dtype=np.int64)

    def at(point: Numbers) -> tuple[int, Numbers]:
        slope = np.concatenate([np.ones(learners, dtype=np.int64), -pool.places, [0]])
        gained = packed(
            starts, learner, cost, units, pool.begin, pool.prices, point[:learners], point[learners:], picked, slope
        )  # fmt: skip
        return int(point[:learners].sum() - gained - point[learners:] @ limits), slope

    top = np.concatenate([pool.waits - start[-1], np.full(mentors + 1, np.iinfo(np.int64).max)])
    low = np.concatenate([np.full(learners, np.iinfo(np.int64).min), np.zeros(mentors + 1, dtype=np.int64)])
    found = _climb(at, start, low, top, target, turns)
    at(found.at)
    return found, order[picked > 0]


def needless(pool: Instance, found: Bound, target: int) -> Numbers:
    """Arcs no choice below `target` uses: the price alone lifts the bound that far; `found` by minutes."""
    excess = _asked(pool, found.at) - np.repeat(
        worths(pool, found.at)[: len(pool.waits)], np.diff(pool.first)
    )
    return np.flatnonzero(found.value + excess >= target)


def _asked(pool: Instance, prices: Numbers) -> Numbers:
    mentors = len(pool.places)
    return pool.cost + pool.units * prices[:mentors][pool.mentor] + prices[mentors:-1][pool.mentor]


def _climb(
    at: Callable[[Numbers], tuple[int, Numbers]], start: Numbers, low: Numbers, top: Numbers, target: int, turns: int
) -> Bound:  # fmt: skip
    """Goes from `start` up the slope, within `low` and `top`, until the target, a summit or the last turn."""
    point, speed, stalled = start, 1.0, 0
    best, best_slope = Bound(np.iinfo(np.int64).min, start), start
    push = np.zeros_like(start)
    for _ in range(turns):
        value, slope = at(point)
        slope[((point <= low) & (slope < 0)) | ((point >= top) & (slope > 0))] = 0
        if value > best.value:
            best, best_slope, stalled = Bound(value, point), slope, 0
        else:
            stalled += 1
        if value >= target or not slope.any():
            break
        if stalled == PATIENCE:  # from the best point again, slower
            value, slope, point = best.value, best_slope, best.at
            push, speed, stalled = np.zeros_like(start), speed / 2, 0
        push = 16 * slope + push * 11 // 16  # keeps some of the last direction; in sixteenths
        if not push.any():
            push = 16 * slope
        steps = speed * (16 * (target - value)) / int(push @ push) * push
        point = np.clip(point + np.rint(steps).astype(np.int64), low, top)
    return best
