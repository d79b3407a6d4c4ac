"""How fast are the exact best 20 of all pairs found, and how much faster than by numpy alone?

Two threads on both sides, each with half of every block's learners; one thread a product of matrices,
so that two products do not wait for each other.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from matching.candidates import best, shares
from matching.features import Block
from tests.benchmarks.people import People, in_whole_numbers, people

K, THREADS, ROWS = 20, 2, 512


def candidates(learners: int, mentors: int) -> dict[str, Any]:
    """In a process of its own: how many threads a product takes is settled when numpy is loaded."""
    line = [sys.executable, "-m", "tests.benchmarks.candidates", str(learners), str(mentors)]
    found = subprocess.run(
        line, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, stdout=subprocess.PIPE, check=True
    )
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def _measured(learners: int, mentors: int) -> dict[str, Any]:
    made = people(learners, mentors)
    in_one = (Block(np.arange(learners), np.arange(mentors)),)
    told: dict[str, Any] = {
        "benchmark": "exact best 20 of all pairs", "learners": learners, "mentors": mentors, "columns": made.ours.shape[1],
        "seed": 0,
    }  # fmt: skip
    best(in_whole_numbers(people(64, 1024)), K)  # compiles
    for name, blocks in (("8 languages", made.blocks), ("1 language", in_one)):
        pool = in_whole_numbers(made, blocks)
        found, ours = _timed(blocks, lambda share, pool=pool: best(pool, K, blocks=share).mentor)  # type: ignore[misc]
        other, peer = _timed(blocks, lambda share: _by_numpy(made, share))
        same = (np.sort(found, axis=1) == np.sort(other, axis=1)).mean()
        told[name] = {
            "pairs": sum(len(block.learners) * len(block.mentors) for block in blocks),
            **ours, "numpy": peer, "times_numpy_cpu": round(peer["cpu_seconds"] / ours["cpu_seconds"], 2),
            "same_as_numpy_permille": round(1000 * float(same)),
        }  # fmt: skip
    return told


def _timed(
    blocks: Sequence[Block], search: Callable[[list[Block]], np.ndarray[Any, Any]]
) -> tuple[np.ndarray[Any, Any], dict[str, float]]:
    """The best of three runs: other work on the machine only ever adds."""
    runs = []
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(3):
            wall, spent = time.perf_counter(), time.process_time()
            halves = list(threads.map(search, shares(blocks, THREADS)))
            runs.append((time.process_time() - spent, time.perf_counter() - wall))
    spent, wall = (min(each) for each in zip(*runs, strict=True))
    return np.maximum(*halves), {"cpu_seconds": round(spent, 3), "wall_seconds": round(wall, 3)}


def _by_numpy(made: People, blocks: Sequence[Block]) -> np.ndarray[Any, Any]:
    """A product and argpartition, in floats: neither ties nor whole points are settled."""
    found = np.full((len(made.ours), K), -1, dtype=np.int64)
    for block in blocks:
        right = np.ascontiguousarray(made.theirs[block.mentors].T)
        for start in range(0, len(block.learners), ROWS):
            rows = block.learners[start : start + ROWS]
            affinity = made.ours[rows] @ right
            found[rows] = block.mentors[np.argpartition(affinity, -K, axis=1)[:, -K:]]
    return found


if __name__ == "__main__":
    print(json.dumps(_measured(int(sys.argv[1]), int(sys.argv[2]))))
