"""A name kept as a mark: 24 bits of its hash, in four letters.

Enough to know it again among some hundred, in a few of its bytes: of 16 million names two share a mark.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

LETTERS = 4
# one letter for each week, over and over
WEEKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@lru_cache(maxsize=4096)
def mark(name: str) -> str:
    return urlsafe_b64encode(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=3).digest()).decode()


def each(marks: str | None) -> list[str]:
    """The marks of a row's field, in their order."""
    return [marks[n : n + LETTERS] for n in range(0, len(marks), LETTERS)] if marks else []


def with_latest(marks: str, name: str, most: int) -> str:
    """With this name's mark as the latest, and at most so many."""
    latest = mark(name)
    return "".join([*(one for one in each(marks) if one != latest), latest][-most:])


@lru_cache(maxsize=4096)
def known(marks: str) -> frozenset[str]:
    """The marks as a set, cached: a row's marks are looked up once for each of its dates."""
    return frozenset(each(marks))


def dated(name: str, week: int) -> str:
    """A mark followed by the letter of a week, so that it can be dropped when old."""
    return mark(name) + WEEKS[week % len(WEEKS)]


def since(marks: str, week: int, weeks: int) -> Iterator[str]:
    """The dated marks of the last so many weeks (fewer than `WEEKS`) before this one, in their order."""
    for n in range(0, len(marks), LETTERS + 1):
        one = marks[n : n + LETTERS + 1]
        if (week - WEEKS.index(one[-1])) % len(WEEKS) <= weeks:
            yield one
