"""Which assignment of learners to seats costs the least in all?  Two engines behind one function.

The reference is a min-cost flow, and this is the one user of OR-Tools: every learner sends one unit, over a
mentor's seat or over an arc of their own that means waiting on.  Large pools go to our own kernel, whose
answer is proven by its certificate each time; an answer not proven is not given, the flow answers instead.
Which engine is asked depends on nothing but the instance, so a replay elsewhere chooses alike among equals.
"""

from collections.abc import Mapping, Sequence, Sized
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from ortools.graph.python import min_cost_flow

from matching.kernel.instance import Instance, Int32
from matching.prices import least_prices

if TYPE_CHECKING:
    from matching.kernel.assignment import Assignment
    from matching.kernel.certificate import Fault

# Arcs from which the kernel answers.  Below, a flow takes less than 0.1 s, and no process need load numba for it.
KERNEL_FROM = 100_000


class Outcome(NamedTuple):
    chosen: list[int | None]  # for each learner the mentor, or None
    objective: int
    optimal: bool
    prices: list[int] = []  # for each mentor what one more seat would save, less what that seat costs
    engine: Literal["flow", "kernel"] = "flow"
    fell_back: bool = False  # the kernel's answer had no proof


def solve(
    offers: Sequence[Mapping[int, int]], waits: Sequence[int], seats: Sequence[Sequence[int]]
) -> Outcome:
    """`offers` has for each learner what each possible mentor costs, `waits` what leaving each learner
    costs, `seats` what each seat of each mentor costs, cheapest first."""
    return solve_instance(
        Instance.checked(
            starts=ends(offers),
            mentors=np.fromiter(chain.from_iterable(offers), dtype=np.int64),
            costs=np.fromiter(chain.from_iterable(each.values() for each in offers), dtype=np.int64),
            waits=np.asarray(waits, dtype=np.int64),
            seat_starts=ends(seats),
            seat_costs=np.fromiter(chain.from_iterable(seats), dtype=np.int64),
        )
    )


def solve_instance(instance: Instance) -> Outcome:
    large = len(instance.mentors) >= KERNEL_FROM
    if large:
        from matching.kernel.assignment import Assignment  # numba takes half a second to load

        assignment = Assignment(instance)
        if not assignment.solve():
            prices = assignment.least_prices().tolist()
            return Outcome(_named(assignment.chosen), assignment.objective, True, prices, "kernel")
    chosen, objective, optimal = flow(instance)
    prices = least_prices(instance, chosen).tolist() if optimal else []
    return Outcome(_named(chosen), objective, optimal, prices, "flow", fell_back=large)


def fall_back(kept: "Assignment") -> "list[Fault]":
    """Has `kept` take up the reference's answer, where its own was not proven; what is not proven even then."""
    instance = kept.instance()
    chosen, _, optimal = flow(instance)
    return kept.resume(chosen, least_prices(instance, chosen)) if optimal else kept.faults()


def flow(instance: Instance) -> tuple[Int32, int, bool]:
    """OR-Tools' answer: each learner's mentor or -1, what it costs, and whether it is the least."""
    learners = len(instance.waits)
    chosen = np.full(learners, -1, dtype=np.int32)
    if not learners:
        return chosen, 0, True
    network, takers = flow_network(instance)
    status = network.solve()
    if status != network.OPTIMAL:
        return chosen, int(instance.waits.sum()), False
    arcs = np.arange(len(takers), dtype=np.int32)
    used = np.flatnonzero(network.flows(arcs)) if len(arcs) else arcs
    chosen[takers[used]] = instance.mentors[used]
    return chosen, int(network.optimal_cost()), True


def flow_network(instance: Instance) -> tuple[min_cost_flow.SimpleMinCostFlow, Int32]:
    """The network before it is solved, and whose each of its first arcs is."""
    learners, mentors = len(instance.waits), len(instance.seat_starts) - 1
    sink = learners + mentors
    takers = np.repeat(np.arange(learners, dtype=np.int32), np.diff(instance.starts))
    owners = np.repeat(np.arange(mentors, dtype=np.int32), np.diff(instance.seat_starts))
    everybody = np.arange(learners, dtype=np.int32)
    network = min_cost_flow.SimpleMinCostFlow()
    network.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([takers, everybody, learners + owners]),
        np.concatenate([learners + instance.mentors, np.full(learners + len(owners), sink, dtype=np.int32)]),
        np.ones(len(takers) + learners + len(owners), dtype=np.int64),
        np.concatenate([instance.costs, instance.waits, instance.seat_costs]),
    )
    supplies = np.append(np.ones(learners, dtype=np.int64), -learners)
    network.set_nodes_supplies(np.append(everybody, np.int32(sink)), supplies)
    return network, takers


def ends(rows: Sequence[Sized]) -> Int32:
    """Where each of so many rows, laid end to end, begins; and where the last one ends."""
    return np.cumsum([0, *map(len, rows)], dtype=np.int32)


def _named(chosen: Int32) -> list[int | None]:
    return [None if mentor < 0 else mentor for mentor in chosen.tolist()]
