"""What is worked out of each mentor of a pool, taken up again from round to round.

A round changes few rows and looks at all: of ten thousand mentors only those whose row is another are worked out anew.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import compress, count
from operator import is_not
from typing import Generic, NamedTuple, TypeVar

from matching.rows import MentorRow

POOLS = 16  # kept at once

T = TypeVar("T")


def keep(kept: dict[str, T], pool: str, latest: T) -> None:
    """Of a pool that was taken out before; of more pools than are kept the one looked at longest ago goes."""
    while len(kept) >= POOLS:
        del kept[next(iter(kept))]
    kept[pool] = latest


def half_hour(now: datetime) -> datetime:
    """Clocks change at full hours or, as in Newfoundland, at half past, so within a half a view says the same."""
    return now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)


class _Kept(NamedTuple, Generic[T]):
    mark: object
    ids: list[str]
    rows: list[MentorRow]
    made: T


class Followed(Generic[T]):
    def __init__(self) -> None:
        self._kept: dict[str, _Kept[T]] = {}

    def take(
        self,
        pool: str,
        mentors: Mapping[str, MentorRow],
        mark: object,
        make: Callable[[], T],
        put: Callable[[T, int, str, MentorRow], None],
    ) -> T:
        """That of the round before, where the mentors are the same ones and `mark` is equal, with `put` called for
        each other row and its place; else a new one."""
        ids, rows, kept = list(mentors), list(mentors.values()), self._kept.pop(pool, None)
        if kept is None or kept.ids != ids or kept.mark != mark:
            made = make()
        else:
            made = kept.made
            for at in compress(count(), map(is_not, rows, kept.rows)):
                put(made, at, ids[at], rows[at])
        keep(self._kept, pool, _Kept(mark, ids, rows, made))
        return made
