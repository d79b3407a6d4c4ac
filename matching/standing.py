"""How does everybody stand as a round begins?  One look at every mentor, and at the learners it is about."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from matching.rows import LearnerRow, MentorRow
from schemas.policy import Policy
from schemas.rows import Rows


class Standing(NamedTuple):
    waits: dict[str, LearnerRow]  # longest first
    pins: dict[str, LearnerRow]  # who does not have the mentor pinned for them, or not for sure
    covered: dict[str, LearnerRow]
    mentors: dict[str, MentorRow]
    next_at: datetime | None  # when the next pause or pin ends by itself


def look(rows: Rows, pool: str, now: datetime, policy: Policy) -> Standing:
    waits: list[tuple[str, LearnerRow]] = []
    pins: dict[str, LearnerRow] = {}
    covered: dict[str, LearnerRow] = {}
    ends: list[datetime] = []
    for id, row in rows.scan(LearnerRow, pool, indexed=True):
        if row.waiting_since is not None and row.pair is None and row.studies_at(now, policy):
            waits.append((id, row))
        if row.cover is not None:
            covered[id] = row
        pin = row.pin_at(now)
        if pin is None or not row.studies:
            continue
        if row.mentor != pin or row.state == "proposed":
            pins[id] = row
        if row.pinned_until is not None:
            ends.append(row.pinned_until)
    mentors = dict(rows.scan(MentorRow, pool))
    ends += [
        row.paused_until
        for row in mentors.values()
        if row.paused and row.here and row.paused_until is not None and row.paused_until > now
    ]
    waits.sort(key=lambda each: (each[1].waiting_since or now, each[0]))
    return Standing(dict(waits), pins, covered, mentors, min(ends, default=None))


def takers(mentors: Mapping[str, MentorRow], now: datetime) -> dict[str, MentorRow]:
    """Those who are here and not on a pause; few are on one, and only they are asked until when."""
    return {id: row for id, row in mentors.items() if row.here and (not row.paused or row.takes_at(now))}
