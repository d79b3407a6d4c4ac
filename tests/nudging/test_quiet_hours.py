"""Quiet hours by the person's own clock, over midnight and over a change to summer time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudging.quiet_hours import quiet_until

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
NIGHT = (21 * 60, 8 * 60)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "until"),
    [
        pytest.param(utc(2026, 1, 5, 19, 59), BERLIN, None, id="a minute before they begin"),
        pytest.param(
            utc(2026, 1, 5, 20, 0), BERLIN, utc(2026, 1, 6, 7, 0), id="as they begin, over midnight"
        ),
        pytest.param(utc(2026, 1, 6, 6, 59), BERLIN, utc(2026, 1, 6, 7, 0), id="their last minute"),
        pytest.param(utc(2026, 1, 6, 7, 0), BERLIN, None, id="as they end"),
        pytest.param(utc(2026, 3, 28, 22), BERLIN, utc(2026, 3, 29, 6), id="Berlin loses an hour that night"),
        pytest.param(
            utc(2026, 10, 24, 22), BERLIN, utc(2026, 10, 25, 7), id="Berlin gains an hour that night"
        ),
        pytest.param(
            utc(2026, 3, 8, 4), NEW_YORK, utc(2026, 3, 8, 12), id="New York loses an hour that night"
        ),
        pytest.param(
            utc(2026, 11, 1, 4), NEW_YORK, utc(2026, 11, 1, 13), id="New York gains an hour that night"
        ),
        pytest.param(utc(2026, 1, 5, 22), "Mars/Olympus", utc(2026, 1, 6, 8), id="an unknown zone is UTC"),
        pytest.param(utc(2026, 1, 5, 22), "Europe", utc(2026, 1, 6, 8), id="a folder of zones is UTC"),
        pytest.param(utc(2026, 1, 5, 22), "/etc/passwd", utc(2026, 1, 6, 8), id="a path is UTC"),
    ],
)
def test_quiet_from_nine_to_eight(now: datetime, zone: str, until: datetime | None) -> None:
    assert quiet_until(now, zone, *NIGHT) == until


def test_an_end_that_the_clock_skips_comes_just_after_the_gap() -> None:
    assert quiet_until(utc(2026, 3, 29, 0), BERLIN, 22 * 60, 150) == utc(2026, 3, 29, 1, 30)


def test_an_end_that_the_clock_shows_twice_is_its_second() -> None:
    assert quiet_until(utc(2026, 10, 25, 0), BERLIN, 22 * 60, 150) == utc(2026, 10, 25, 1, 30)


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    friday_only = (4,)
    assert quiet_until(utc(2026, 1, 10, 3), "UTC", *NIGHT, friday_only) == utc(2026, 1, 10, 8)
    assert quiet_until(utc(2026, 1, 9, 3), "UTC", *NIGHT, friday_only) is None


def test_from_and_to_the_same_minute_is_never_quiet() -> None:
    assert quiet_until(utc(2026, 1, 10, 3), "UTC", 60, 60) is None


@given(
    st.integers(0, 8_000_000),
    st.sampled_from(["UTC", BERLIN, NEW_YORK, "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.frozensets(st.integers(0, 6)),
)
def test_quiet_hours_end_later_within_a_day_and_an_hour_when_the_clock_says_so(
    minutes: int, zone: str, begins: int, ends: int, days: frozenset[int]
) -> None:
    now = utc(2020, 1, 1) + timedelta(minutes=minutes)
    until = quiet_until(now, zone, begins, ends, days)
    if until is None:
        return
    assert now < until <= now + timedelta(hours=25)
    shown = until.astimezone(ZoneInfo(zone))
    gap = shown.utcoffset() != (until - timedelta(hours=1)).astimezone(ZoneInfo(zone)).utcoffset()
    assert gap or shown.hour * 60 + shown.minute == ends
