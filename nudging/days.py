"""On which days was a learner here, and when is a person looked at?  Weeks are Monday to Sunday in UTC.

Days are bits, so that a day told twice, late or out of order is one day.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zlib import crc32

from nudging.course_rows import Days
from nudging.ladder import DAY
from schemas.terms import Person

KEPT = (1 << 42) - 1  # days
HALF_A_DAY = 43_200  # seconds
LOOKS = (timedelta(0), DAY, 3 * DAY, 5 * DAY, 7 * DAY)  # of a week: at most two days apart


def seen(days: Days | None, at: datetime) -> Days:
    """The days with this one; the very same object if it is known."""
    day = at.toordinal() - 1
    if days is None:
        return day, 1
    last, bits = days
    ahead = day - last
    if ahead > 0:
        return day, (bits << min(ahead, 64) | 1) & KEPT
    with_it = (bits | 1 << min(-ahead, 64)) & KEPT
    return days if with_it == bits else (last, with_it)


def days_of(days: Days, week: int) -> int:
    """Active days of a week (0 to 7), as far back as six weeks."""
    last, bits = days
    shift = last - (7 * week + 6)
    return ((bits >> shift if shift >= 0 else bits << min(-shift, 64)) & 0x7F).bit_count()


def week_of(at: datetime) -> int:
    return (at.toordinal() - 1) // 7


@lru_cache(maxsize=256)
def begins(week: int) -> datetime:
    return datetime.fromordinal(7 * week + 1).replace(tzinfo=UTC)


@lru_cache(maxsize=4096)
def _spread(person: str) -> timedelta:
    """Not all at once: each person's looks fall into half a day, by their id."""
    return timedelta(seconds=crc32(person.encode()) % HALF_A_DAY)


def next_look(now: datetime, person: Person) -> datetime:
    """The person's next look of the week: Monday (tells the week), Tuesday (judges it), Thursday, Saturday."""
    start = begins(week_of(now)) + _spread(person)
    for look in LOOKS:
        if start + look > now:
            return start + look
    raise AssertionError("a week has an end")
