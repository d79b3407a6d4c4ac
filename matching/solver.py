"""Which assignment of learners to seats costs the least in all?  The one user of OR-Tools.

A min-cost flow: every learner sends one unit, over a mentor's seat or over an arc of their own that
means waiting on.  Seats of a mentor get dearer one by one, so the cheapest fill first by themselves.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from ortools.graph.python import min_cost_flow


class Arc(NamedTuple):
    learner: int
    mentor: int
    cost: int


class Outcome(NamedTuple):
    chosen: list[int | None]  # for each learner the mentor, or None
    objective: int
    optimal: bool


def solve(arcs: Sequence[Arc], waits: Sequence[int], seats: Sequence[Sequence[int]]) -> Outcome:
    """`waits` is what leaving each learner costs, `seats` what each seat of each mentor costs."""
    learners, mentors = len(waits), len(seats)
    if not learners:
        return Outcome([], 0, True)
    sink = learners + mentors
    pairs = np.asarray(arcs, dtype=np.int64).reshape(-1, 3)
    owners = (
        np.repeat(np.arange(mentors), [len(each) for each in seats]) if mentors else np.empty(0, np.int64)
    )
    prices = np.asarray([price for each in seats for price in each], dtype=np.int64)
    tails = np.concatenate([pairs[:, 0], np.arange(learners), learners + owners]).astype(np.int32)
    heads = np.concatenate([learners + pairs[:, 1], np.full(learners + len(prices), sink)]).astype(np.int32)
    costs = np.concatenate([pairs[:, 2], np.asarray(waits, dtype=np.int64), prices])
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
    used = flow.flows(np.arange(len(pairs), dtype=np.int32)) if len(pairs) else np.empty(0)
    for arc in np.flatnonzero(used):
        chosen[int(pairs[arc, 0])] = int(pairs[arc, 1])
    return Outcome(chosen, int(flow.optimal_cost()), True)
