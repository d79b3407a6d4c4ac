"""The waits of a run are those there were."""

from datetime import UTC, datetime, timedelta

import pytest

from streams.report import Report

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "p50", "p95"),
    [([], None, None), ([50], 50, 50), ([1, 100], 50.5, 95), ([10] * 9 + [500], 10, 279.5)],
    ids=["none", "one", "two", "ten"],
)
def test_no_share_of_the_waits_lies_beyond_the_longest(
    hours: list[int], p50: float | None, p95: float | None
) -> None:
    report = Report()
    for number, wait in enumerate(hours):
        report.enrolled[str(number)] = START
        report.matched[str(number)] = START + timedelta(hours=wait)
    found = report.as_json()
    told = found["wait_hours_p50"], found["wait_hours_p95"]
    assert told == (p50, pytest.approx(p95, abs=0.1) if p95 is not None else None)
