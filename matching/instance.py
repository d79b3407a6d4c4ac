"""What is to be solved where learners cost different hours?  A generalized assignment, as flat arrays.

Each learner has one mentor or waits.  A learner takes some units of a mentor's time (a unit is what
all efforts of the pool are multiples of), each unit of a mentor has its price, cheapest first, and a
mentor has a limit on learners beside the units.  The cost of a choice is the sum of the pairs' costs,
of the cheapest units each mentor needs, and of the waits.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from matching.compiled import Numbers


class Instance(NamedTuple):
    """Arcs lie by learner, units by mentor; `first` and `begin` say where each one's start."""

    first: Numbers  # (learners + 1)
    mentor: Numbers  # (arcs) ascending within a learner
    cost: Numbers  # (arcs) points
    units: Numbers  # (arcs) units of the mentor's time
    waits: Numbers  # (learners) points
    begin: Numbers  # (mentors + 1)
    prices: Numbers  # (units) points, not falling within a mentor
    places: Numbers  # (mentors) learners at the most


PARTS = 256  # of a point, in which prices are told


class Answer(NamedTuple):
    """No choice costs less than `bound`, so this one is at most `gap` points from the best."""

    chosen: list[int | None]  # for each learner the mentor, or None
    objective: int
    bound: int
    minute: tuple[int, ...]  # (mentors) what a unit is worth, in parts of a point; see `matching.bound`
    head: tuple[int, ...]  # (mentors) and a place

    @property
    def gap(self) -> int:
        return self.objective - self.bound

    @property
    def optimal(self) -> bool:
        return self.objective == self.bound


def instance(
    offers: Sequence[Mapping[int, tuple[int, int]]],
    waits: Sequence[int],
    seats: Sequence[Sequence[int]],
    places: Sequence[int] | None = None,
) -> Instance:
    """`offers` has for each learner the cost and the units of each possible mentor, `waits` what leaving
    each learner costs, `seats` the price of each unit of each mentor.  ValueError where a mentor's prices
    fall or are below 0, or an effort is below 0."""
    arcs = [(mentor, *offer) for each in offers for mentor, offer in sorted(each.items())]
    table = np.asarray(arcs, dtype=np.int64).reshape(-1, 3).T
    prices = np.asarray([price for each in seats for price in each], dtype=np.int64)
    begin = np.cumsum([0, *(len(each) for each in seats)], dtype=np.int64)
    fall = np.flatnonzero(np.diff(prices) < 0) + 1
    if (prices < 0).any() or not np.isin(fall, begin).all():
        raise ValueError("the prices of a mentor's units must not fall, nor be below 0")
    if (table[2] < 0).any():
        raise ValueError("an effort is below 0 units")
    mentor, cost, units = (np.ascontiguousarray(row) for row in table)
    return Instance(
        np.cumsum([0, *(len(each) for each in offers)], dtype=np.int64),
        mentor,
        cost,
        units,
        np.asarray(waits, dtype=np.int64),
        begin,
        prices,
        np.asarray([len(offers)] * len(seats) if places is None else places, dtype=np.int64),
    )


def priced(pool: Instance, arcs: Numbers) -> int:
    """What it costs that each learner takes this arc, or waits where it is below 0."""
    held = arcs[arcs >= 0]
    spent = np.zeros(len(pool.places), dtype=np.int64)
    np.add.at(spent, pool.mentor[held], pool.units[held])
    sums = np.concatenate([[0], np.cumsum(pool.prices)])
    load = sums[pool.begin[:-1] + spent] - sums[pool.begin[:-1]]
    return int(pool.cost[held].sum() + pool.waits[arcs < 0].sum() + load.sum())
