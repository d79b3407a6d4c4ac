"""How fast is it said who competes for the seats there are, and what an hour is worth?  networkx's minimum cut beside it."""

import time
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np

from matching.kernel.assignment import Assignment
from matching.kernel.instance import Instance
from matching.rivals import rivals, wanted
from tests.benchmarks.instances import drawn

TIMES = 9


def reasons(learners: int, mentors: int) -> dict[str, Any]:
    """All who could not be placed, and the smallest set of people who compete with any of them."""
    pool = drawn(learners, mentors)
    kept = Assignment(pool)
    assert kept.solve() == []
    chosen, seats = kept.chosen.astype(np.int64), np.diff(pool.seat_starts).astype(np.int64)
    left = np.flatnonzero(chosen < 0)
    wishes = [_flags(pool, at, mentors) for at in range(learners)]
    want = wanted(wishes, mentors)
    found = rivals(want, chosen, seats, left)  # compiles
    ours = _least(lambda: rivals(want, chosen, seats, left))
    started = time.process_time()
    cut = _by_networkx(pool, seats)
    theirs = time.process_time() - started
    kept.least_prices()
    return {
        "benchmark": f"who competes {learners} x {mentors}", "seed": 0, "k": 20, "left waiting": len(left),
        "competing learners": len(found.learners), "competing mentors": len(found.mentors),
        "cpu_ms": round(1000 * ours, 3), "with laying out, cpu_ms": round(1000 * _least(lambda: rivals(wanted(wishes, mentors), chosen, seats, left)), 2),
        "networkx_cpu_s": round(theirs, 2), "times networkx": round(theirs / ours),
        "same as networkx": cut == (set(found.learners.tolist()), set(found.mentors.tolist())),
        "shadow prices of all mentors, cpu_ms": round(1000 * _least(kept.least_prices), 2),
    }  # fmt: skip


def _flags(pool: Instance, learner: int, mentors: int) -> Any:
    flags = np.zeros(mentors, dtype=np.bool_)
    flags[pool.mentors[pool.starts[learner] : pool.starts[learner + 1]]] = True
    return flags


def _least(run: Callable[[], object]) -> float:
    """The best of some runs: other work on the machine only ever adds."""
    took = []
    for _ in range(TIMES):
        started = time.process_time()
        run()
        took.append(time.process_time() - started)
    return min(took)


def _by_networkx(pool: Instance, seats: Any) -> tuple[set[int], set[int]]:
    graph = nx.DiGraph()
    for learner in range(len(pool.waits)):
        graph.add_edge("source", ("l", learner), capacity=1)
        for mentor in pool.mentors[pool.starts[learner] : pool.starts[learner + 1]].tolist():
            graph.add_edge(("l", learner), ("m", mentor), capacity=1)
    for mentor, count in enumerate(seats.tolist()):
        graph.add_edge(("m", mentor), "sink", capacity=count)
    _, (near, _) = nx.minimum_cut(graph, "source", "sink")
    return {at for kind, at in near - {"source"} if kind == "l"}, {
        at for kind, at in near - {"source"} if kind == "m"
    }
