"""What is the best choice of all, where the pool is small enough to know it?  The one user of CP-SAT.

Starts from the answer with its bound, leaves out what no better choice can use, and searches the rest.
One worker, one seed and a limit on deterministic time, not on the clock: the same pool gives the same
answer in every run.  It can take minutes and holds its thread: the shell runs it in a process of its own.
"""

from collections import Counter

import numpy as np
from ortools.sat.python import cp_model

from matching.bound import fineness, finer, needless
from matching.columns import Numbers
from matching.efforts import Found, bounded, in_parts
from matching.instance import Answer, Instance, priced

EFFORT = 30.0  # deterministic seconds a part; beyond it the best so far, with the better bound


def solve_exactly(pool: Instance, effort: float = EFFORT) -> Answer:
    return in_parts(pool, lambda part: _exactly(part, effort))


def _exactly(part: Instance, effort: float) -> Found:
    start = bounded(part)
    objective = priced(part, start.arcs)
    if objective == start.bound or start.prices is None:
        return start
    scale = fineness(part)
    useless = needless(finer(part, scale), start.prices, (objective - 1) * scale + 1)
    return _searched(part, start, np.setdiff1d(np.arange(len(part.mentor)), useless), effort)


def _searched(part: Instance, start: Found, useful: Numbers, effort: float) -> Found:
    """`start` is what stays if nothing better is among the useful arcs."""
    model = cp_model.CpModel()
    learner = np.repeat(np.arange(len(part.waits)), np.diff(part.first))
    taken = {arc: model.new_bool_var("") for arc in useful.tolist()}
    waits = [model.new_bool_var("") for _ in part.waits]
    by_learner: list[list[cp_model.IntVar]] = [[wait] for wait in waits]
    by_mentor: list[list[int]] = [[] for _ in part.places]
    for arc, variable in taken.items():
        by_learner[learner[arc]].append(variable)
        by_mentor[part.mentor[arc]].append(arc)
    for choices in by_learner:
        model.add_exactly_one(choices)
    cost = [int(part.cost[arc]) * variable for arc, variable in taken.items()]
    cost += [int(price) * wait for price, wait in zip(part.waits, waits, strict=True)]
    for mentor, offered in enumerate(by_mentor):
        prices = Counter(part.prices[part.begin[mentor] : part.begin[mentor + 1]].tolist())
        sold = {price: model.new_int_var(0, count, "") for price, count in prices.items()}
        model.add(sum(int(part.units[arc]) * taken[arc] for arc in offered) <= sum(sold.values()))
        model.add(sum(taken[arc] for arc in offered) <= int(part.places[mentor]))
        cost += [price * units for price, units in sold.items()]
    objective = priced(part, start.arcs)
    model.add(sum(cost) <= objective - 1)
    model.add(sum(cost) >= start.bound)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return start._replace(bound=objective)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return start
    arcs = np.full(len(part.waits), -1, dtype=np.int64)
    for arc, variable in taken.items():
        if solver.value(variable):
            arcs[learner[arc]] = arc
    best = int(solver.objective_value) if status == cp_model.OPTIMAL else start.bound
    return start._replace(arcs=arcs, bound=max(start.bound, best))
