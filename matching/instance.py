"""What is to be solved where learners cost different hours?  A generalized assignment, as flat arrays.

Each learner has one mentor or waits.  A learner takes some units of a mentor's time (a unit is what
all efforts of the pool are multiples of), each unit of a mentor has its price, cheapest first, and a
mentor has a limit on learners beside the units.  The cost of a choice is the sum of the pairs' costs,
of the cheapest units each mentor needs, and of the waits.
"""

from typing import NamedTuple

import numpy as np

from matching.columns import Numbers


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


def priced(pool: Instance, arcs: Numbers) -> int:
    """What it costs that each learner takes this arc, or waits where it is below 0."""
    held = arcs[arcs >= 0]
    spent = np.zeros(len(pool.places), dtype=np.int64)
    np.add.at(spent, pool.mentor[held], pool.units[held])
    sums = np.concatenate([[0], np.cumsum(pool.prices)])
    load = sums[pool.begin[:-1] + spent] - sums[pool.begin[:-1]]
    return int(pool.cost[held].sum() + pool.waits[arcs < 0].sum() + load.sum())
