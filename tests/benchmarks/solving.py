"""Cold solves of one instance by all engines in one run, the kernel on both cores, and the repair after one event."""

import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from matching.kernel.assignment import Assignment
from matching.kernel.ready import ready
from tests.benchmarks.instances import drawn

EXTRA = {"HiGHS": "highspy", "scipy": "scipy"}
WITHIN_S = 900  # an engine that takes longer does not finish
PEERS = {  # up to how many learners an engine is asked, and how often
    "kernel": (10**7, 5), "OR-Tools": (10**7, 3), "HiGHS": (10_000, 1), "scipy": (10_000, 1), "networkx": (1_000, 1),
}  # fmt: skip


def cold(learners: int, mentors: int) -> dict[str, Any]:
    """CPU seconds of solving beside OR-Tools' min-cost flow, all on the same instance."""
    ready()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pool.npz"
        np.savez(file, **drawn(learners, mentors)._asdict())
        found = {
            name: _asked(name, file, times if learners < 10**6 else 1)
            for name, (most, times) in PEERS.items()
            if learners <= most
        }
    ours, theirs = found["kernel"], found["OR-Tools"]
    whole = [each["build_cpu_s"] + each["solve_cpu_s"] for each in (theirs, ours)]
    return {
        "benchmark": f"cold solve {learners} x {mentors}", "seed": 0, "k": 20,
        "solve, times OR-Tools": round(theirs["solve_cpu_s"] / ours["solve_cpu_s"], 1),
        "with building, times OR-Tools": round(whole[0] / whole[1], 1),
        "same_objective": len({each["objective"] for each in found.values() if "objective" in each}) == 1,
        **found,
    }  # fmt: skip


def _asked(engine: str, file: Path, times: int) -> dict[str, Any]:
    if engine in EXTRA and find_spec(EXTRA[engine]) is None:
        return {"skipped": "not installed; it is of the extra `bench`"}
    command = [sys.executable, "-m", "tests.benchmarks.engines", engine, str(file), str(times)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=WITHIN_S)
    except subprocess.TimeoutExpired:
        return {"finished": False}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])  # HiGHS greets
    return {name: round(each, 5) if isinstance(each, float) else each for name, each in found.items()}


def cores(learners: int, mentors: int, times: int = 5) -> dict[str, Any]:
    """One lane and two: wall time, and CPU time of the longer lane, which does not mind what else runs here."""
    ready()
    pool = drawn(learners, mentors)
    wall: dict[int, list[float]] = {1: [], 2: []}
    longest: dict[int, list[float]] = {1: [], 2: []}
    with ThreadPoolExecutor(2) as threads:
        for _ in range(times):
            for lanes in wall:
                kept = Assignment(pool)
                spent: list[float] = []

                def each(run: Any, parts: Any, spent: list[float] = spent) -> list[Any]:
                    def timed(part: int) -> tuple[float, Any]:
                        started = time.thread_time()
                        answer = run(part)
                        return time.thread_time() - started, answer

                    done = [*threads.map(timed, parts)]
                    spent.append(max(took for took, _ in done))
                    return [answer for _, answer in done]

                started, own = time.perf_counter(), time.thread_time()
                assert kept.solve(lanes, each) == []
                wall[lanes].append(time.perf_counter() - started)
                longest[lanes].append(sum(spent) + time.thread_time() - own)
    return {
        "benchmark": f"two cores {learners} x {mentors}", "seed": 0, "k": 20,
        "wall_s": {lanes: round(min(each), 4) for lanes, each in wall.items()},
        "longest_lane_cpu_s": {lanes: round(min(each), 4) for lanes, each in longest.items()},
        "times one core, by wall": round(min(wall[1]) / min(wall[2]), 2),
        "times one core, by CPU of the longest lane": round(min(longest[1]) / min(longest[2]), 2),
    }  # fmt: skip
