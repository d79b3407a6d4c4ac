"""How fast are everybody's reasons told, who competes for the seats there are, and what an hour is worth?

Beside it, in the same run: reasons pair by pair, and networkx's minimum cut.  CPU time of the stage, the best of some.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np

from matching.candidates import Search
from matching.columns import numbers
from matching.explain import bound, choice
from matching.field import Field
from matching.kernel.assignment import Assignment
from matching.kernel.instance import Instance
from matching.market import Market, open_market
from matching.reasons import Reasons
from matching.rivals import rivals, wanted
from matching.seen import see
from matching.sheet import sheet_of
from matching.solver import Outcome
from matching.table import Table
from schemas.policy import Policy
from tests.benchmarks.candidates import K, people
from tests.benchmarks.instances import drawn

TIMES = 9
PLACES = 9  # of each mentor: fewer than learners need
FOREIGN = 20  # one learner in so many speaks a language that no mentor does
WAIT = 10_000
LIMIT = 300  # pairs that one round makes at the most, by the policy as it is


def reasons(learners: int, mentors: int) -> list[dict[str, Any]]:
    return [told(learners, mentors), competing(learners, mentors)]


# --- a round of people ---------------------------------------------------------------------------


def told(learners: int, mentors: int) -> dict[str, Any]:
    """Each term of every pair, the runner-up, the binding reason of who waits, and what one more hour would save."""
    _market(100, 10)  # compiles
    took, market = _market(learners, mentors)
    kept, outcome = _placed(market)
    waits = [WAIT] * learners
    pairs = [(at, mentor) for at, mentor in enumerate(outcome.chosen) if mentor is not None]
    left = [at for at, mentor in enumerate(outcome.chosen) if mentor is None]
    seats = Counter[int]()
    seat = {}
    for at, mentor in pairs:
        seat[at] = seats[mentor]
        seats[mentor] += 1

    def columns() -> Reasons:
        found = Reasons(market, outcome.chosen)
        found.columns()
        return found

    def records(pairs: list[tuple[int, int]], left: list[int]) -> list[Any]:
        found = Reasons(market, outcome.chosen)
        return [
            *(found.choice(at, seat[at], outcome.prices[mentor]) for at, mentor in pairs),
            *(found.bound(at, bool(market.offers[at].wished.any())) for at in left),
        ]

    def one_by_one() -> list[Any]:
        return [
            *(choice(market, at, mentor, seat[at], outcome.prices[mentor]) for at, mentor in pairs),
            *(bound(market, at, bool(market.offers[at].wished.any())) for at in left),
        ]

    spent = {
        "columns of all": _least(columns), "shadow prices": _least(kept.least_prices),
        "one more hour with each mentor": _least(lambda: market.savings(waits, outcome)),
    }  # fmt: skip
    some = _least(lambda: records(pairs[:LIMIT], left[:LIMIT]))
    every = _least(lambda: records(pairs, left))
    looked = replace(market, sheet=None)
    peer = _least(one_by_one, 1) + _least(lambda: looked.savings(waits, outcome), 1)
    ours = sum(spent.values())
    return {
        "benchmark": f"reasons, runner-up and shadow prices {learners} x {mentors}", "seed": 11, "pairs": len(pairs), "left waiting": len(left),
        "cpu_ms": _ms(ours), "of it": {name: _ms(each) for name, each in spent.items()},
        f"records of {LIMIT} pairs and {LIMIT} who wait, columns included, cpu_ms": _ms(some), "records of all, columns included, cpu_ms": _ms(every),
        "pair by pair, cpu_ms": _ms(peer), "times pair by pair": round(peer / ours, 1),
        "times pair by pair, records of all": round(peer / (every + spent["one more hour with each mentor"]), 1),
        "same as pair by pair": records(pairs, left) == one_by_one(),
        "looking at all pairs for the solver, cpu_ms": _ms(took), "learner by learner, cpu_ms": _ms(_one_look(market)),
    }  # fmt: skip


def _market(learners: int, mentors: int) -> tuple[float, Market]:
    """With all pairs looked at at once, whatever their number; and the CPU seconds of that."""
    policy = Policy().pool
    ours, theirs = people(learners, mentors)
    ours = [replace(each, languages=("pt",)) if at % FOREIGN == 0 else each for at, each in enumerate(ours)]
    theirs = [replace(each, capacity=PLACES * policy.effort_minutes, places=PLACES) for each in theirs]
    market = open_market(ours, Table(theirs), policy)
    started = time.process_time()
    sheet = sheet_of(ours, np.arange(len(ours)), market.table, policy, market.seats.first)
    took = time.process_time() - started
    return took, replace(market, sheet=sheet)


def _placed(market: Market) -> tuple[Assignment, Outcome]:
    """The least cost over the nearest mentors of each learner."""
    field = Field(market.table, market.policy, market.seats.first)
    near = Search(field, market.learners, [None] * len(market.learners)).best(
        K, lambda effort: market.seats.first
    )
    able = near.mentor >= 0
    seats = [market.seats.cheapest(at, count) for at, count in enumerate(market.seats.count.tolist())]
    kept = Assignment(Instance.checked(
        starts=np.append(0, able.sum(axis=1).cumsum()), mentors=near.mentor[able], costs=near.cost[able],
        waits=np.full(len(able), WAIT), seat_starts=np.append(0, np.cumsum([len(each) for each in seats])),
        seat_costs=numbers(cost for each in seats for cost in each),
    ))  # fmt: skip
    assert kept.solve() == []
    chosen = [None if mentor < 0 else mentor for mentor in kept.chosen.tolist()]
    return kept, Outcome(chosen, kept.objective, True, kept.least_prices().tolist(), "kernel")


def _one_look(market: Market) -> float:
    """Each learner held against all mentors in numpy: by some of them, for all."""
    some = market.learners[:: max(1, len(market.learners) // 200)]
    spent = _least(lambda: [see(market.table, each, market.policy) for each in some], 1)
    return spent * len(market.learners) / len(some)


# --- who competes --------------------------------------------------------------------------------


def competing(learners: int, mentors: int) -> dict[str, Any]:
    """All who could not be placed, and the smallest set of people who compete with any of them."""
    pool = drawn(learners, mentors)
    kept = Assignment(pool)
    assert kept.solve() == []
    chosen, seats = kept.chosen.astype(np.int64), np.diff(pool.seat_starts).astype(np.int64)
    left = np.flatnonzero(chosen < 0)
    wishes = np.zeros((learners, mentors), dtype=np.bool_)  # as a round has them
    wishes[np.repeat(np.arange(learners), np.diff(pool.starts)), pool.mentors] = True
    want = wanted(range(learners), wishes)
    found = rivals(want, chosen, seats, left)
    ours = _least(lambda: rivals(want, chosen, seats, left))
    whole = _least(lambda: rivals(wanted(range(learners), wishes), chosen, seats, left))
    started = time.process_time()
    cut = _by_networkx(pool, seats)
    theirs = time.process_time() - started
    return {
        "benchmark": f"who competes {learners} x {mentors}", "seed": 0, "k": 20, "left waiting": len(left),
        "competing learners": len(found.learners), "competing mentors": len(found.mentors),
        "cpu_ms": _ms(ours), "with laying out, cpu_ms": _ms(whole),
        "networkx_cpu_s": round(theirs, 2), "times networkx": round(theirs / ours), "times networkx, with laying out": round(theirs / whole),
        "same as networkx": cut == (set(found.learners.tolist()), set(found.mentors.tolist())),
        "shadow prices of all mentors, cpu_ms": _ms(_least(kept.least_prices)),
    }  # fmt: skip


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 2)


def _least(run: Callable[[], object], times: int = TIMES) -> float:
    """The best of some runs: other work on the machine only ever adds."""
    took = []
    for _ in range(times):
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
