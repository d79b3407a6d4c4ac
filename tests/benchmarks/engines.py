"""How do the engines solve one instance?  Each in a process of its own: CPU seconds, objective, peak memory.

`python -m tests.benchmarks.engines ENGINE FILE TIMES` prints one JSON line.  Building (arcs and index in bulk)
and solving are told apart; of the kernel, solving ends with the certificate in full.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from matching.kernel.instance import Instance
from matching.solver import flow_network
from tests.matching.checker import wrong_with

Answer = tuple[list[float], Any, int]  # CPU seconds at the start, when built, when solved; who; objective


def kernel(pool: Instance) -> Answer:
    from matching.kernel.assignment import Assignment

    times = [time.process_time()]
    kept = Assignment(pool)
    times.append(time.process_time())
    faults = kept.solve()
    times.append(time.process_time())
    assert faults == []
    return times, kept.chosen, kept.objective


def flow(pool: Instance) -> Answer:
    times = [time.process_time()]
    network, takers = flow_network(pool)
    times.append(time.process_time())
    status = network.solve()
    times.append(time.process_time())
    assert status == network.OPTIMAL
    used = np.flatnonzero(network.flows(np.arange(len(takers), dtype=np.int32)))
    chosen = np.full(len(pool.waits), -1)
    chosen[takers[used]] = pool.mentors[used]
    return times, chosen, network.optimal_cost()


def highs(pool: Instance) -> Answer:
    """The linear program of the same network, by the dual simplex method."""
    import highspy
    from scipy.sparse import csc_array

    times = [time.process_time()]
    learners, mentors, arcs = len(pool.waits), len(pool.seat_starts) - 1, len(pool.mentors)
    takers = np.repeat(np.arange(learners), np.diff(pool.starts))
    owners = np.repeat(np.arange(mentors), np.diff(pool.seat_starts))
    seats = len(owners)
    rows = np.concatenate([takers, np.arange(learners), learners + pool.mentors, learners + owners])
    columns = np.concatenate(
        [np.arange(arcs), arcs + np.arange(learners), np.arange(arcs), arcs + learners + np.arange(seats)]
    )
    signs = np.concatenate([np.ones(2 * arcs + learners), -np.ones(seats)])
    matrix = csc_array((signs, (rows, columns)), shape=(learners + mentors, arcs + learners + seats))
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.col_cost_ = np.concatenate([pool.costs, pool.waits, pool.seat_costs]).astype(float)
    program.col_lower_, program.col_upper_ = np.zeros(matrix.shape[1]), np.ones(matrix.shape[1])
    program.row_lower_ = program.row_upper_ = np.concatenate([np.ones(learners), np.zeros(mentors)])
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = (
        matrix.indptr,
        matrix.indices,
        matrix.data,
    )
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(program)
    times.append(time.process_time())
    solver.run()
    times.append(time.process_time())
    values = np.array(solver.getSolution().col_value[:arcs])
    chosen = np.full(learners, -1)
    chosen[takers[values > 0.5]] = pool.mentors[values > 0.5]
    return times, chosen, round(solver.getInfo().objective_function_value)


def scipy(pool: Instance) -> Answer:
    """A full matching of learners with single seats, or with places of their own to wait in."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    times = [time.process_time()]
    learners, seats = len(pool.waits), len(pool.seat_costs)
    places = np.diff(pool.seat_starts)[pool.mentors]
    arc = np.repeat(np.arange(len(pool.mentors)), places)
    seat = (
        np.arange(places.sum())
        - np.repeat(places.cumsum() - places, places)
        + pool.seat_starts[:-1][pool.mentors][arc]
    )
    takers = np.repeat(np.arange(learners), np.diff(pool.starts))[arc]
    weights = np.concatenate([pool.costs[arc] + pool.seat_costs[seat], pool.waits])
    rows, columns = np.append(takers, np.arange(learners)), np.append(seat, seats + np.arange(learners))
    graph = csr_array((weights + 1.0, (rows, columns)), shape=(learners, seats + learners))
    times.append(time.process_time())
    who, where = min_weight_full_bipartite_matching(graph)
    times.append(time.process_time())
    owners = np.append(
        np.repeat(np.arange(len(pool.seat_starts) - 1), np.diff(pool.seat_starts)), np.full(learners, -1)
    )
    chosen = np.empty(learners, np.int64)
    chosen[who] = owners[where]
    return times, chosen, int(graph[who, where].sum()) - learners


def networkx(pool: Instance) -> Answer:
    import networkx as nx

    times = [time.process_time()]
    graph = nx.MultiDiGraph()
    graph.add_node("sink", demand=len(pool.waits))
    for learner, wait in enumerate(pool.waits.tolist()):
        graph.add_node(learner, demand=-1)
        graph.add_edge(learner, "sink", capacity=1, weight=wait)
        for at in range(pool.starts[learner], pool.starts[learner + 1]):
            graph.add_edge(learner, ("m", int(pool.mentors[at])), capacity=1, weight=int(pool.costs[at]))
    for mentor, (first, end) in enumerate(zip(pool.seat_starts[:-1], pool.seat_starts[1:], strict=True)):
        for cost in pool.seat_costs[first:end].tolist():
            graph.add_edge(("m", mentor), "sink", capacity=1, weight=cost)
    times.append(time.process_time())
    cost, flows = nx.network_simplex(graph)
    times.append(time.process_time())
    used = [
        [end[1] for end, flow in flows[each].items() if end != "sink" and sum(flow.values())]
        for each in range(len(pool.waits))
    ]
    return times, [ends[0] if ends else -1 for ends in used], cost


ENGINES: dict[str, Callable[[Instance], Answer]] = {
    "kernel": kernel, "OR-Tools": flow, "HiGHS": highs, "scipy": scipy, "networkx": networkx,
}  # fmt: skip


def measure(engine: str, pool: Instance, times: int) -> dict[str, Any]:
    if engine == "kernel":
        from matching.kernel.ready import ready

        ready()
    before = _megabytes()
    built, solved = [], []
    for _ in range(times):
        gc.collect()
        stamps, chosen, objective = ENGINES[engine](pool)
        built.append(stamps[1] - stamps[0])
        solved.append(stamps[2] - stamps[1])
    peak = _megabytes()
    complaints = wrong_with(pool, chosen, objective)
    assert complaints == [], complaints
    return {
        "objective": objective, "build_cpu_s": median(built), "solve_cpu_s": median(solved), "megabytes": peak,
        "megabytes_more": peak - before,
    }  # fmt: skip


def _megabytes() -> int:
    """The peak of this process; `ru_maxrss` would begin with that of the process it was forked from."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    name, file, count = sys.argv[1:]
    with np.load(file) as arrays:
        print(json.dumps(measure(name, Instance(**arrays), int(count))))
