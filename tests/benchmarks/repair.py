"""How long does one event take in the kernel, exact and certified?  By the thread's own clock, inside machine code.

Learners leave and come back with all their arcs; costs, waits, seats and arcs change; each event is followed
by its certificate.  After all of it OR-Tools solves the pool as it is then, and must find the same.
"""

import ctypes
import time
from random import Random
from typing import Any

import numba
import numpy as np

from matching.kernel import events
from matching.kernel.certificate import near
from matching.kernel.instance import Instance, Int64
from matching.kernel.kept import KeptAssignment
from matching.kernel.ready import ready
from matching.kernel.scratch import Scratch
from matching.kernel.state import State
from matching.solver import flow
from tests.benchmarks.instances import drawn
from tests.matching.checker import wrong_with

THREAD_CLOCK = 3  # CLOCK_THREAD_CPUTIME_ID; reading it twice takes about 0.5 us, which is counted
clock_gettime = ctypes.CDLL(None).clock_gettime
clock_gettime.argtypes = [ctypes.c_int, ctypes.c_void_p]

KINDS = (
    "a learner leaves", "a learner arrives", "a cost changes", "a wait changes", "an arc is added", "an arc is removed",
    "a seat is added", "a seat is removed",
)  # fmt: skip


@numba.njit(nogil=True)  # type: ignore[untyped-decorator]
def _drive(s: State, w: Scratch, rows: Int64, ends: Int64, took: Int64, found: Int64) -> int:
    """Event `i` is rows `ends[i]` to `ends[i + 1]`; says how many faults there were, or rows not carried out."""
    stamp = np.zeros(2, np.int64)
    wrong = 0
    for event in range(len(took)):
        clock_gettime(THREAD_CLOCK, stamp.ctypes.data)
        started = stamp[0] * 1_000_000_000 + stamp[1]
        part = rows[ends[event] : ends[event + 1]]
        done, _ = events.change(s, w, part)
        wrong += near(s, w, found) + len(part) - done
        clock_gettime(THREAD_CLOCK, stamp.ctypes.data)
        took[event] = stamp[0] * 1_000_000_000 + stamp[1] - started
    return wrong


def one(learners: int, mentors: int, count: int) -> dict[str, Any]:
    """p50 and p99 of one event by kind, over `count` of each, and the CPU time of 1,000 changes in one call."""
    ready()
    kept = KeptAssignment(drawn(learners, mentors))
    assert kept.solve() == []
    kept.leave(0)  # from here on the assignment is its own, not the one given
    kept.make_room()  # a pool that has to grow takes some 20 ms, once in ten thousands of events
    kinds, rows, ends = _planned(kept.instance(), Random(5), count)
    rows[:, 1], rows[:, 2] = kept.learner_place[rows[:, 1]], kept.mentor_place[rows[:, 2]]
    took, found = np.zeros(len(kinds), np.int64), np.zeros((100, 4), np.int64)
    assert _drive(kept.state, kept.scratch, rows, ends[:1], took[:0], found) == 0  # compiles
    assert _drive(kept.state, kept.scratch, rows, ends, took, found) == 0
    kinds_of_many, many, _ = _planned(kept.instance(), Random(6), 125)
    started = time.process_time()
    repair = kept.change_many(many)
    spent = time.process_time() - started
    assert repair.faults == kept.faults() == []
    after = kept.instance()
    assert wrong_with(after, kept.chosen, kept.objective) == []
    return {
        "benchmark": f"one event at {learners} x {mentors}", "seed": 0, "k": 20, "events": len(kinds),
        "us, learners leave and arrive": _points(took[kinds <= 1]), "us, all events": _points(took),
        "us": {name: _points(took[kinds == kind]) for kind, name in enumerate(KINDS)},
        f"ms CPU, {len(kinds_of_many)} events in one call": round(1000 * spent, 1),
        "same_objective": kept.objective == flow(after)[1],
    }  # fmt: skip


def _points(took: Int64) -> dict[str, float]:
    return {f"p{q}": round(float(np.percentile(took, q)) / 1000, 1) for q in (50, 90, 99)}


def _planned(pool: Instance, chance: Random, count: int) -> tuple[Int64, Int64, Int64]:
    """`count` events of each kind in turn, as kinds, rows and where each one's rows end; nobody is met twice."""
    settled = [learner for learner, arcs in enumerate(np.diff(pool.starts).tolist()) if arcs > 1]
    met = iter(chance.sample(settled, 5 * count))
    open_mentors = [mentor for mentor, seats in enumerate(np.diff(pool.seat_starts).tolist()) if seats]
    hosts = iter(chance.sample(open_mentors, min(2 * count, len(open_mentors))) * 99)
    plan: list[tuple[int, list[tuple[int, int, int, int]]]] = []
    for _ in range(count):
        leaver, dearer, waiter, richer, poorer = (next(met) for _ in range(5))
        row, wait = _arcs(pool, leaver), int(pool.waits[leaver])
        plan.append((0, [(events.LEAVE, leaver, 0, 0)]))
        back = [(events.ADD_EDGE, leaver, mentor, cost) for mentor, cost in row.items()]
        plan.append((1, [*back, (events.ARRIVE, leaver, 0, wait)]))
        mentor, cost = chance.choice([*_arcs(pool, dearer).items()])
        plan.append((2, [(events.CHANGE_COST, dearer, mentor, max(0, cost + chance.randint(-2000, 2000)))]))
        plan.append((3, [(events.CHANGE_WAIT, waiter, 0, chance.randint(0, 2 * wait))]))
        row = _arcs(pool, richer)
        other = next(mentor for mentor in chance.sample(open_mentors, len(row) + 1) if mentor not in row)
        plan.append((4, [(events.ADD_EDGE, richer, other, min(row.values()))]))
        row = _arcs(pool, poorer)
        plan.append((5, [(events.REMOVE_EDGE, poorer, min(row, key=row.__getitem__), 0)]))
        plan.append((6, [(events.ADD_SEAT, 0, next(hosts), chance.randint(0, 4000))]))
        mentor = next(hosts)
        plan.append((7, [(events.REMOVE_SEAT, 0, mentor, int(pool.seat_costs[pool.seat_starts[mentor]]))]))
    return (
        np.array([kind for kind, _ in plan]),
        np.array([row for _, part in plan for row in part]),
        np.cumsum([0, *(len(part) for _, part in plan)]),
    )


def _arcs(pool: Instance, learner: int) -> dict[int, int]:
    row = slice(pool.starts[learner], pool.starts[learner + 1])
    return dict(zip(pool.mentors[row].tolist(), pool.costs[row].tolist(), strict=True))
