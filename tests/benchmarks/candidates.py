"""How fast are the exact best 20 of all pairs found, by all terms and rules, and how much faster than by numpy alone?

The people are those of `tests.benchmarks.pool`.  numpy's product has skills step by step and languages alone: no
hours, no rules, no ties, and floats.  Two threads on both sides, each with half of the learners; one thread a
product, so that two products do not wait for each other.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from matching.candidates import Search, shares
from matching.field import Field
from matching.rows import LearnerRow, MentorRow
from matching.seats import Seats
from matching.table import Table
from matching.views import Learner, Mentor, learner_view, mentor_view
from schemas.policy import Policy
from tests.benchmarks.pool import EACH, SKILLS, rows_of

K, THREADS, ROWS, LEVELS = 20, 2, 512, 5
TONGUES = ("en", "de", "es", "fr", "hi")


def candidates(learners: int, mentors: int) -> dict[str, Any]:
    """In a process of its own: how many threads a product takes is settled when numpy is loaded."""
    line = [sys.executable, "-m", "tests.benchmarks.candidates", str(learners), str(mentors)]
    found = subprocess.run(
        line, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, stdout=subprocess.PIPE, check=True
    )
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def people(learners: int, mentors: int) -> tuple[list[Learner], list[Mentor]]:
    """At most EACH learners a mentor, none of them placed yet."""
    policy, now = Policy(), datetime.now(UTC)
    ours, theirs = [], []
    for key, row in rows_of(mentors, min(learners, EACH * mentors), False):
        if isinstance(row, LearnerRow):
            ours.append(learner_view(key.id, row, policy, now))
        elif isinstance(row, MentorRow):
            theirs.append(replace(mentor_view(key.id, row, policy, now), used=0, places=row.max_mentees or 0))
    return ours, theirs


def _measured(learners: int, mentors: int) -> dict[str, Any]:
    _timed(_search(*people(100, 10)))  # compiles
    ours, theirs = people(learners, mentors)
    started = time.process_time()
    search = _search(ours, theirs)
    laid_out = time.process_time() - started
    found, peer = _timed(search), _timed(_by_numpy(ours, theirs))
    return {
        "benchmark": "exact best 20 of all pairs", "learners": len(ours), "mentors": len(theirs), "pairs": len(ours) * len(theirs),
        "seed": 11, **found, "laying out, cpu_seconds": round(laid_out, 3), "numpy": peer,
        "times_numpy_cpu": round(peer["cpu_seconds"] / found["cpu_seconds"], 2),
        "times_numpy_wall": round(peer["wall_seconds"] / found["wall_seconds"], 2),
    }  # fmt: skip


def _timed(parts: list[Callable[[], object]]) -> dict[str, float]:
    """The best of three runs: other work on the machine only ever adds."""
    runs = []
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(3):
            wall, spent = time.perf_counter(), time.process_time()
            list(threads.map(lambda part: part(), parts))
            runs.append((time.process_time() - spent, time.perf_counter() - wall))
    spent, wall = (min(each) for each in zip(*runs, strict=True))
    return {"cpu_seconds": round(spent, 3), "wall_seconds": round(wall, 3)}


def _search(ours: list[Learner], theirs: list[Mentor]) -> list[Callable[[], object]]:
    policy = Policy().pool
    first = Seats(theirs, policy).first
    search = Search(Field(Table(theirs), policy, first), ours, [None] * len(ours))
    return [
        lambda share=share: search.best(K, lambda effort: first, kinds=share)  # type: ignore[misc]
        for share in shares(search.kinds, THREADS)
    ]


def _by_numpy(ours: list[Learner], theirs: list[Mentor]) -> list[Callable[[], object]]:
    weights = Policy().pool.weights
    number = {skill: at for at, skill in enumerate(SKILLS)}
    left = np.zeros((len(ours), len(SKILLS) * LEVELS + len(TONGUES)), dtype=np.float32)
    right = np.zeros((left.shape[1], len(theirs)), dtype=np.float32)
    for at, learner in enumerate(ours):
        for skill, level in learner.wants:
            first = number[skill] * LEVELS
            left[at, first : first + level] = weights.skills / sum(each for _, each in learner.wants)
        left[at, [TONGUES.index(each) - len(TONGUES) for each in learner.languages]] = weights.language
    for at, mentor in enumerate(theirs):
        for skill, level in mentor.levels.items():
            right[number[skill] * LEVELS : number[skill] * LEVELS + level, at] = 1
        right[[TONGUES.index(each) - len(TONGUES) for each in mentor.languages], at] = 1

    def half(at: int) -> None:
        for start in range(at * ROWS, len(left), THREADS * ROWS):
            np.argpartition(left[start : start + ROWS] @ right, -K, axis=1)[:, -K:]

    return [lambda at=at: half(at) for at in range(THREADS)]  # type: ignore[misc]


if __name__ == "__main__":
    print(json.dumps(_measured(int(sys.argv[1]), int(sys.argv[2]))))
