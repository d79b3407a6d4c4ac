"""Which assignment costs least?  The only importer of OR-Tools.

A min-cost flow: each learner is one unit, goes to one mentor or to the waitlist; each free place of a
mentor is an arc of its own, dearer than the one before, so load costs are convex and the optimum exact.
All places are of one size.  Learners who ask for different minutes are placed by count here and checked
to the minute by the round, oldest first; solving mixed sizes exactly is another problem (generalised
assignment) and is not attempted.  Integers and sorted input only; no time limit, so the same in gives
the same out.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

Ints = npt.NDArray[np.int64]


class Problem(NamedTuple):
    """Learners are 0..n-1 (the length of `waiting`), mentors 0..m-1."""

    learner: Ints  # arcs, sorted by learner, then mentor
    mentor: Ints
    cost: Ints
    waiting: Ints  # what leaving each learner costs
    place: Ints  # the mentor of each free place, sorted
    place_cost: Ints  # not falling within one mentor


class Solution(NamedTuple):
    mentor_of: Ints  # -1 = stays waiting
    objective: int


class Unsolved(Exception):
    """The flow has no answer; every learner may wait, so this is a bug."""


def assign(problem: Problem) -> Solution:
    n = len(problem.waiting)
    m = int(max(problem.mentor.max(initial=-1), problem.place.max(initial=-1))) + 1
    if n == 0:
        return Solution(np.empty(0, np.int64), 0)
    sink = n + m
    learners = np.arange(n, dtype=np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    tails = np.concatenate((problem.learner, learners, problem.place + n))
    heads = np.concatenate((problem.mentor + n, np.full(n + len(problem.place), sink, np.int64)))
    costs = np.concatenate((problem.cost, problem.waiting, problem.place_cost))
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(tails), np.int64), costs)
    flow.set_nodes_supplies(np.append(learners, sink), np.append(np.ones(n, np.int64), -n))
    if (status := flow.solve()) != flow.OPTIMAL:
        raise Unsolved(f"min-cost flow ended as {status}")
    used = flow.flows(arcs[: len(problem.learner)]) > 0
    mentor_of = np.full(n, -1, np.int64)
    mentor_of[problem.learner[used]] = problem.mentor[used]
    return Solution(mentor_of, int(flow.optimal_cost()))
