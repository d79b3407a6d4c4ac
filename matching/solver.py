"""Which assignment of learners to seats costs the least in all?  The one user of OR-Tools.

A min-cost flow: every learner sends one unit, over a mentor's seat or over an arc of their own that
means waiting on.  Seats of a mentor get dearer one by one, so the cheapest fill first by themselves.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from ortools.graph.python import min_cost_flow


class Outcome(NamedTuple):
    chosen: list[int | None]  # for each learner the mentor, or None
    objective: int
    optimal: bool


def solve(
    offers: Sequence[Mapping[int, int]], waits: Sequence[int], seats: Sequence[Sequence[int]]
) -> Outcome:
    """`offers` has for each learner what each possible mentor costs, `waits` what leaving each learner
    costs, `seats` what each seat of each mentor costs."""
    learners, mentors = len(waits), len(seats)
    if not learners:
        return Outcome([], 0, True)
    sink = learners + mentors
    takers = np.repeat(np.arange(learners), [len(each) for each in offers])
    givers = np.fromiter(chain.from_iterable(offers), dtype=np.int64)
    dear = np.fromiter(chain.from_iterable(each.values() for each in offers), dtype=np.int64)
    owners = (
        np.repeat(np.arange(mentors), [len(each) for each in seats]) if mentors else np.empty(0, np.int64)
    )
    prices = np.asarray([price for each in seats for price in each], dtype=np.int64)
    tails = np.concatenate([takers, np.arange(learners), learners + owners]).astype(np.int32)
    heads = np.concatenate([learners + givers, np.full(learners + len(prices), sink)]).astype(np.int32)
    costs = np.concatenate([dear, np.asarray(waits, dtype=np.int64), prices])
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(tails), dtype=np.int64), costs)
    flow.set_nodes_supplies(
        np.append(np.arange(learners), sink).astype(np.int32),
        np.append(np.ones(learners, dtype=np.int64), -learners),
    )
    status = flow.solve()
    if status != flow.OPTIMAL:
        return Outcome([None] * learners, sum(waits), False)
    chosen: list[int | None] = [None] * learners
    used = flow.flows(np.arange(len(dear), dtype=np.int32)) if len(dear) else np.empty(0)
    for arc in np.flatnonzero(used):
        chosen[int(takers[arc])] = int(givers[arc])
    return Outcome(chosen, int(flow.optimal_cost()), True)
