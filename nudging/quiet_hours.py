"""Is it quiet for this person now, and until when?

By the wall clock of an IANA zone, so right over a change to summer time: a person is quiet when
their own clock shows a quiet time.  An unknown zone counts as UTC.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)
DAY = timedelta(days=1)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, a path, a folder of the zone database
        return UTC


def local_day(now: datetime, zone: str) -> date:
    return now.astimezone(zone_of(zone)).date()


@lru_cache(maxsize=4096)  # the same hours of the same days, for all who share a zone
def instant_of(day: date, minute: int, zone: str) -> datetime:
    """The instant a local clock shows this minute: the last if it does twice, just after if it never does."""
    wall = datetime.combine(day, time(minute // 60, minute % 60), zone_of(zone))
    return max(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def quiet_until(
    now: datetime, zone: str, from_minute: int, to_minute: int, days: Collection[int] = ALL_DAYS
) -> datetime | None:
    """When the quiet hours that hold `now` end; None = not quiet.  `days` (Monday is 0) are those on
    which quiet hours begin.  From and to the same minute = never quiet.
    """
    if from_minute == to_minute:
        return None
    local = now.astimezone(zone_of(zone))
    today, minute = local.date(), local.hour * 60 + local.minute
    over_midnight = from_minute > to_minute
    if today.weekday() in days and from_minute <= minute and (over_midnight or minute < to_minute):
        return instant_of(today + DAY if over_midnight else today, to_minute, zone)
    if over_midnight and minute < to_minute and (today - DAY).weekday() in days:
        return instant_of(today, to_minute, zone)
    return None
