"""How near to the best are learners of unequal effort placed, and how fast?"""

import csv
import os
import time
from pathlib import Path
from typing import Any

from matching.efforts import solve_mixed
from matching.exact import solve_exactly
from matching.instance import Instance
from tests.benchmarks.people import mixed_pool
from tests.matching.instances import instance

GAPS = [f"gap{group}-{number}" for group in range(1, 7) for number in range(5)]


def efforts(learners: int, mentors: int, seed: int = 0) -> dict[str, Any]:
    pool = mixed_pool(learners, mentors, seed)
    solve_mixed(mixed_pool(100, 20))  # compiles
    started = time.process_time()
    answer = solve_mixed(pool)
    spent = time.process_time() - started
    return {
        "benchmark": "efforts of 1 to 4", "learners": learners, "mentors": mentors, "seed": seed,
        "objective": answer.objective, "bound": answer.bound, "gap_percent": round(100 * answer.gap / answer.bound, 4),
        "waiting": answer.chosen.count(None), "cpu_seconds": round(spent, 2), **published(),
    }  # fmt: skip


def gap_pool(folder: Path, name: str) -> tuple[Instance, int]:
    """An instance of the OR-Library as read for the least cost, and its published optimum.  All must be
    placed: waiting costs more than any choice."""
    words = [int(word) for word in (folder / name).read_text().split()]
    mentors, learners, numbers = words[0], words[1], words[2:]
    table = [numbers[at : at + learners] for at in range(0, 2 * mentors * learners, learners)]
    offers = [
        {at: (table[at][learner], table[mentors + at][learner]) for at in range(mentors)}
        for learner in range(learners)
    ]
    seats = [[0] * units for units in numbers[2 * mentors * learners :]]
    with (folder / "optima.csv").open() as file:
        known = {row["Path"].split("/")[1]: int(row["Optimum"]) for row in csv.DictReader(file)}
    return instance(offers, [10_000] * learners, seats), known[name]


def published() -> dict[str, Any]:
    """Of the published instances, how many are proven optimal at the published value."""
    data = os.environ.get("MENTORWAY_DATA")
    if data is None:
        return {"published": "MENTORWAY_DATA names no folder"}
    started, met = time.process_time(), 0
    for name in GAPS:
        pool, known = gap_pool(Path(data) / "assignment/gap", name)
        answer = solve_exactly(pool)
        met += answer.optimal and answer.objective == known
    return {
        "published_met": f"{met} of {len(GAPS)}",
        "published_cpu_seconds": round(time.process_time() - started, 2),
    }
