"""What does a pool remember of itself: its last round, the latest placements, and its review?"""

from typing import Annotated

from pydantic import Strict

from schemas.rows import Row
from schemas.terms import Instant, Items, Uid

RECENT = 128  # placements a pool remembers, to tell how long a wait is
Placed = Annotated[tuple[int, int], Strict(False)]


class PoolRow(Row):
    """`wake_at` is the next round; `recent` are the latest placements, as (minute of the epoch, minutes waited)."""

    KIND = "pool"

    round_at: Instant | None = None  # of the last round
    trigger: str = ""  # what first asked for the next
    policy: str = ""  # that the last round was held under
    recent: Items[Placed] = ()
    covers_due: bool = False  # a mentor went away, or may now take over: look for cover again
    told: int | None = None  # of the last report: a mark of how it said the pool stands


class ReviewRow(Row):
    """`wake_at` is when the whole pool is to be looked at, or when an answer that was asked for is late."""

    KIND = "review"
    INDEX = ("asked",)  # the shell solves what is asked for aside

    asked: Uid | None = None
    asked_at: Instant | None = None
    done_at: Instant | None = None
    policy: str = ""  # that the last review was asked under
