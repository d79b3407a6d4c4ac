"""What was worked out of each mentor of a pool, kept from one round to the next.

A round looks at every mentor and changes few: only those whose row has changed are worked out anew.
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
    """Puts a pool's entry back after it was taken out; beyond `POOLS` the one used longest ago is dropped."""
    while len(kept) >= POOLS:
        del kept[next(iter(kept))]
    kept[pool] = latest


def half_hour(now: datetime) -> datetime:
    """The half hour this instant lies in.  Clocks change on the hour or at half past (Newfoundland), so within one
    half hour a view stays the same.
    """
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
