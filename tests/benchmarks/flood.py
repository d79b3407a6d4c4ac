"""Ten million clicks from one learner: what do they leave in a pulse, what is said of them, and how long do they take?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from nudging import pulse
from schemas.activity import ActivitySeen
from schemas.control import SourceProgressed
from schemas.fact import Fact
from schemas.learners import CourseJoined
from streams.role import FactRole
from tests.benchmarks.offline import drive
from tests.memory import START

LEARNER, COURSE, DAYS, ITEMS = "academy:learner-1", "course-1", 9, 500


def clicks(count: int) -> Iterator[Fact]:
    """One learner joins and clicks without a pause for nine days, on 500 pages."""
    yield SourceProgressed(
        id=UUID(int=1), at=START, seen_at=START, source="intake", reader="intake", input_topic="platform-events",
        input_partition=0, partitions=1, heard_through=START,
    )  # fmt: skip
    yield CourseJoined(
        id=UUID(int=2),
        at=START,
        seen_at=START,
        source="academy",
        learner=LEARNER,
        course=COURSE,
        programme="p",
    )
    every = timedelta(days=DAYS) / count
    for number in range(count):
        at = START + number * every
        yield ActivitySeen(
            id=UUID(int=3 + number), at=at, seen_at=at, source="academy", course=COURSE, item=f"page-{number % ITEMS}",
            learner=LEARNER, kind="view",
        )  # fmt: skip


def flood(count: int = 10_000_000) -> dict[str, Any]:
    """The learner's row after a thousandth of the clicks and after all of them."""
    sizes = []
    for many in (count // 1000, count):
        made, spent, ledger = drive(FactRole("pulses", pulse.ROWS, pulse.fold), clicks(many))
        stored = {key: raw for part in ledger.owned.values() for key, raw in part.stored.items()}
        sizes.append(next(len(raw) for key, raw in stored.items() if key.routing == LEARNER))
    return {
        "benchmark": "clicks of one learner", "facts": made, "facts_a_cpu_second": round(made / spent), "rows": len(stored),
        "row_bytes_after_a_thousandth": sizes[0], "row_bytes": sizes[1],
    }  # fmt: skip
