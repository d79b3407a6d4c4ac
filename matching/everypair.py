"""What is the best over every eligible pair, where a solver is offered only a few of them?

Each learner is offered the nearest mentors.  The solver's prices then say which pairs it should have been
offered: those that come to less than the learner pays.  They are found among all pairs (`matching.candidates`)
and added, until there are none: then nothing is better over every pair either (Lee and Orlin 1993).

Where efforts differ the bound is of the kind that prices minutes and heads (`matching.bound`).  Such a bound
over the pairs offered, less what the cheapest pair not offered would save each learner, holds over every pair.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matching.arcs import Arcs, cost_of, merged, pays, unknown
from matching.candidates import Candidates, Search
from matching.columns import Numbers
from matching.efforts import solve_mixed
from matching.instance import PARTS, Answer, Instance
from matching.kernel import instance as kernel
from matching.kernel.instance import row_places
from matching.solver import solve_instance

# Mentors offered to each learner at first, and then at a time: a search takes less than many arcs do.
AT_ONCE = 8
NEAREST = 32  # at the least where efforts differ and the answer can be but near the best
MANY = 4_000_000  # and pairs in all, if there are as many
ROUNDS = 3  # times such a pool is solved at the most
FAR = 1 << 60


class Pool(NamedTuple):
    """The pairs not offered yet are looked for by `search`; all else is as in `Instance`."""

    search: Search
    units: Numbers  # (learners)
    unit: int  # minutes
    own: Numbers  # (learners) the present mentor or -1; what that pair costs is `present`
    present: Numbers
    move: int  # points that any other mentor costs who has one
    waits: Numbers
    begin: Numbers
    prices: Numbers
    places: Numbers
    first: Numbers  # (mentors) load of the first seat: who is nearest counts it

    @property
    def moves(self) -> Numbers:
        return np.where(self.own >= 0, self.move, 0)


class Best(NamedTuple):
    chosen: list[int | None]
    cost: Numbers  # (learners) of the chosen pair, the move included, or of waiting
    objective: int
    bound: int  # no choice of eligible pairs costs less


def best_over_all(pool: Pool) -> Best:
    """ValueError where a solver's prices do not prove its own answer."""
    learners, mentors = len(pool.waits), len(pool.places)
    if not learners or not mentors:
        cost = int(pool.waits.sum())
        return Best([None] * learners, pool.waits, cost, cost)
    equal = bool((pool.units == 1).all())
    count = min(mentors, AT_ONCE if equal else max(NEAREST, MANY // learners))
    nearest = pool.search.best(count, lambda effort: pool.first)
    arcs = merged(_own(pool), _arcs(pool, nearest))
    return _by_seats(pool, arcs) if equal else _by_units(pool, arcs, count)


def _by_seats(pool: Pool, arcs: Arcs) -> Best:
    """All efforts are one unit, so this is a flow, and exact."""
    count = np.minimum(np.diff(pool.begin), pool.places)
    costs = pool.prices[row_places(pool.begin[:-1], count)]
    ends = np.append(0, np.cumsum(count))
    seated = count > 0
    cheapest = np.zeros(len(count), dtype=np.int64)
    cheapest[seated] = pool.prices[pool.begin[:-1][seated]]
    while True:
        starts = arcs.starts(len(pool.waits))
        outcome = solve_instance(
            kernel.Instance.checked(starts, arcs.mentor, arcs.cost, pool.waits, ends, costs)
        )
        if not outcome.optimal:
            raise ValueError("the flow has no optimum, so nothing can be proven")
        chosen = _numbers(outcome.chosen)
        asked = np.asarray(outcome.prices, dtype=np.int64)
        # the least prices; a mentor who got nobody may ask for the first seat's cost, and the proof holds
        idle = np.bincount(chosen[chosen >= 0], minlength=len(asked)) == 0
        asked = np.where(idle, np.maximum(asked, cheapest), asked)
        paid = pays(arcs, arcs.cost + asked[arcs.mentor], pool.waits)
        more = _arcs(pool, pool.search.best(AT_ONCE, _same(asked), paid - pool.moves))
        if not len(more.learner):
            cost = cost_of(arcs, chosen, pool.waits)
            return Best(outcome.chosen, cost, outcome.objective, outcome.objective)
        arcs = merged(arcs, more)


def _same(asked: Numbers) -> Callable[[int], Numbers]:
    return lambda effort: asked


def _by_units(pool: Pool, arcs: Arcs, count: int) -> Best:
    best, bound = None, -FAR
    for turn in range(ROUNDS):
        starts = arcs.starts(len(pool.waits))
        units = pool.units[arcs.learner]
        answer = solve_mixed(
            Instance(starts, arcs.mentor, arcs.cost, units, pool.waits, pool.begin, pool.prices, pool.places)
        )
        if best is None or answer.objective < best.objective:
            chosen = _numbers(answer.chosen)
            best = Best(answer.chosen, cost_of(arcs, chosen, pool.waits), answer.objective, answer.bound)
        if count == len(pool.places):  # every eligible pair was offered
            return best
        dual = _dual(pool, arcs, answer)
        found = pool.search.best(NEAREST, dual.points, -(-dual.pays // PARTS) - pool.moves)
        bound = max(bound, -(-(dual.value - _saved(pool, found, dual)) // PARTS))
        more = unknown(_arcs(pool, found), arcs, len(pool.places))
        if not len(more.learner) or bound == best.objective or turn == ROUNDS - 1:
            break
        arcs = merged(arcs, more)
    assert best is not None
    return best._replace(bound=min(bound, best.objective))


class Dual(NamedTuple):
    """Prices in parts of a point, and what they prove of the pairs offered: no choice costs less than `value`."""

    minute: Numbers  # (mentors) of a unit
    head: Numbers
    unit: int
    pays: Numbers  # (learners)
    value: int

    def asked(self, effort: int) -> Numbers:
        return self.minute * (effort // self.unit) + self.head

    def points(self, effort: int) -> Numbers:
        """Rounded down, so that no pair that is cheap enough is passed over."""
        return self.asked(effort) // PARTS


def _dual(pool: Pool, arcs: Arcs, answer: Answer) -> Dual:
    minute, head = (np.asarray(each, dtype=np.int64) for each in (answer.minute, answer.head))
    asked = arcs.cost * PARTS + minute[arcs.mentor] * pool.units[arcs.learner] + head[arcs.mentor]
    paid = pays(arcs, asked, pool.waits * PARTS)
    sold = np.maximum(0, np.repeat(minute, np.diff(pool.begin)) - pool.prices * PARTS)
    return Dual(minute, head, pool.unit, paid, int(paid.sum() - sold.sum() - (pool.places * head).sum()))


def _saved(pool: Pool, found: Candidates, dual: Dual) -> int:
    """How much less learners would pay in all, had they been offered every pair."""
    saved = np.zeros(len(dual.pays), dtype=np.int64)
    for units in np.unique(pool.units).tolist():
        rows = np.flatnonzero(pool.units == units)
        mentor = found.mentor[rows]
        cost = (found.cost[rows] + pool.moves[rows, None]) * PARTS
        asked = dual.asked(units * pool.unit)[mentor]
        paid = np.where(mentor >= 0, cost + asked, FAR)
        rest = np.where(
            mentor[:, -1] >= 0, cost[:, -1] + asked[:, -1] // PARTS * PARTS, FAR
        )  # of those not listed
        saved[rows] = np.maximum(0, dual.pays[rows] - np.minimum(paid.min(axis=1), rest))
    return int(saved.sum())


def _own(pool: Pool) -> Arcs:
    learner = np.flatnonzero(pool.own >= 0)
    return Arcs(learner, pool.own[learner], pool.present[learner])


def _arcs(pool: Pool, found: Candidates) -> Arcs:
    learner, column = np.nonzero(found.mentor >= 0)
    return Arcs(learner, found.mentor[learner, column], found.cost[learner, column] + pool.moves[learner])


def _numbers(chosen: list[int | None]) -> Numbers:
    return np.asarray([-1 if mentor is None else mentor for mentor in chosen], dtype=np.int64)
