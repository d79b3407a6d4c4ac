"""What does the review of a large pool cost, over every pair, and what did offering only the nearest 32 cost?

The pool is that of `tests.benchmarks.pool`, where one learner in ten waits; with `mixed` efforts are 30 to 120 minutes.
Each side is a process of its own, so that memory is its own.
"""

import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from matching.affinity import waiting
from matching.efforts import solve_mixed
from matching.kernel.ready import ready
from matching.market import EPOCH, nearest, offer_of
from matching.rows import LearnerRow, MentorRow
from matching.seats import Seats
from matching.table import Table
from matching.views import Learner, learner_view, mentor_view
from matching.whole import NEVER, Snapshot, optimise, present_cost, unit_prices
from schemas.policy import Policy
from tests.benchmarks.pool import MINUTES, rows_of
from tests.matching.instances import instance

OFFERED, WAITS = 32, 10  # one in so many waits
SMALL = (2_000, 200)


def whole(learners: int, mentors: int, mixed: bool = False) -> dict[str, Any]:
    """The former way is measured where it is bearable, up to 10,000 learners."""
    sides = ("every pair", "nearest 32 only") if learners <= 10_000 else ("every pair",)
    found = {side: _asked(side, learners, mentors, mixed) for side in sides}
    return {
        "benchmark": f"review of a whole pool {learners} x {mentors}, {'mixed' if mixed else 'equal'} efforts", "seed": 11, **found,
    }  # fmt: skip


def _asked(side: str, learners: int, mentors: int, mixed: bool) -> dict[str, Any]:
    line = [
        sys.executable,
        "-m",
        "tests.benchmarks.whole",
        side,
        str(learners),
        str(mentors),
        "mixed" * mixed,
    ]
    told: dict[str, Any] = json.loads(subprocess.run(line, stdout=subprocess.PIPE, check=True).stdout)
    return told


def taken(learners: int, mentors: int, mixed: bool) -> Snapshot:
    policy, now = Policy(), datetime.now(UTC)
    who, views, own, waits, place = [], [], [], [], {}
    pairs: list[tuple[str, LearnerRow]] = []
    for key, row in rows_of(mentors, learners, False):
        if isinstance(row, MentorRow):
            place[key.id] = len(views)
            views.append(replace(mentor_view(key.id, row, policy, now), used=0, places=row.max_mentees or 0))
        elif isinstance(row, LearnerRow):
            pairs.append((key.id, row))
    chance = np.random.default_rng(11)
    for number, (id, row) in enumerate(pairs):
        learner = learner_view(id, row, policy, now)
        if mixed:
            learner = replace(learner, effort=int(chance.integers(1, 5)) * MINUTES // 2)
        free = number % WAITS == 0
        who.append(learner)
        own.append(None if free else place[row.mentor or ""])
        waits.append(waiting(learner, now, policy.pool) if free else NEVER)
    return Snapshot(who, waits, own, views)


def _measured(side: str, learners: int, mentors: int, mixed: bool) -> dict[str, Any]:
    solve = _former if side != "every pair" else _over_all
    ready()
    solve(taken(*SMALL, mixed))  # compiles
    pool = taken(learners, mentors, mixed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    objective, bound = solve(pool)
    return {
        "cpu_seconds": round(time.process_time() - started, 2), "objective": objective, "bound": bound, "gap_percent": round(100 * (objective - bound) / bound, 4),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "of it before, with the pool": before // 1024,
    }  # fmt: skip


def _over_all(pool: Snapshot) -> tuple[int, int]:
    found = optimise(pool, Policy().pool)
    return found.objective, found.bound


def _former(pool: Snapshot) -> tuple[int, int]:
    """Each kind of learner held against all mentors in numpy, the nearest offered, solved once: the bound is of those
    offered only."""
    policy = Policy().pool
    unit = int(np.gcd.reduce([each.effort for each in pool.learners]))
    table, opened = Table(pool.mentors), Seats(pool.mentors, policy)
    first = np.where(opened.count > 0, opened.first, 0)
    found: dict[Learner, dict[int, int]] = {}
    offers = []
    for learner, own in zip(pool.learners, pool.own, strict=True):
        alike = replace(learner, id="", since=EPOCH)
        if alike not in found:
            offer = offer_of(learner, table, policy, first)
            able = nearest(offer, opened.first, OFFERED)
            found[alike] = dict(zip(able.tolist(), offer.cost[able].tolist(), strict=True))
        price, units = 0 if own is None else policy.weights.move, learner.effort // unit
        made = {mentor: (cost + price, units) for mentor, cost in found[alike].items()}
        if own is not None:
            made[own] = (present_cost(learner, pool.mentors[own], policy), units)
        offers.append(made)
    prices = [unit_prices(mentor, policy, unit) for mentor in pool.mentors]
    answer = solve_mixed(instance(offers, pool.waits, prices, [mentor.places for mentor in pool.mentors]))
    return answer.objective, answer.bound


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "mixed")))
