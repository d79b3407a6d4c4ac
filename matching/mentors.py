"""What does a fact about a mentor change in the pool?

Fewer hours than are promised end no pair: the mentor just gets nobody new.
"""

from matching.announce import ask_round, end_pair
from matching.rows import MENTOR_FIELDS, MentorRow
from schemas.fact import Fact, Moment
from schemas.mentors import (
    MentorChanged,
    MentorJoined,
    MentorLeft,
    MentorPaused,
    MentorProfile,
    MentorResumed,
)
from schemas.rows import Rows, blank, changed
from schemas.terms import EndReason


def joined(rows: Rows, moment: Moment, fact: MentorJoined) -> list[Fact]:
    row = rows.find(MentorRow, fact.pool, fact.mentor) or blank(MentorRow)
    if row.here_at is None or fact.at > row.here_at:
        row = changed(row, here=True, here_at=fact.at)
    return _told(rows, moment, fact, row)


def told(rows: Rows, moment: Moment, fact: MentorChanged) -> list[Fact]:
    return _told(rows, moment, fact, rows.find(MentorRow, fact.pool, fact.mentor) or blank(MentorRow))


def paused(rows: Rows, moment: Moment, fact: MentorPaused) -> list[Fact]:
    row = rows.find(MentorRow, fact.pool, fact.mentor) or blank(MentorRow)
    if row.paused_at is not None and fact.at <= row.paused_at:
        return []
    pause = {"paused": True, "paused_until": fact.paused_until, "paused_at": fact.at}
    row = changed(row, **pause)
    rows.put(row, fact.pool, fact.mentor)
    if fact.paused_until is not None and fact.paused_until > moment.now:
        ask_round(rows, moment, fact.pool, fact.paused_until)
    if fact.keep_pairs or row.takes_at(moment.now):
        return []
    return _end_all(rows, moment, fact.pool, row, "mentor_paused")


def resumed(rows: Rows, moment: Moment, fact: MentorResumed) -> list[Fact]:
    row = rows.find(MentorRow, fact.pool, fact.mentor) or blank(MentorRow)
    if row.paused_at is None or fact.at > row.paused_at:
        resume = {"paused": False, "paused_until": None, "paused_at": fact.at}
        rows.put(changed(row, **resume), fact.pool, fact.mentor)
        if row.here:
            ask_round(rows, moment, fact.pool)
    return []


def left(rows: Rows, moment: Moment, fact: MentorLeft) -> list[Fact]:
    row = rows.find(MentorRow, fact.pool, fact.mentor) or blank(MentorRow)
    if row.here_at is not None and fact.at <= row.here_at:
        return []
    rows.put(changed(row, here=False, here_at=fact.at), fact.pool, fact.mentor)
    return _end_all(rows, moment, fact.pool, row, "mentor_left")


def _told(rows: Rows, moment: Moment, fact: MentorProfile, row: MentorRow) -> list[Fact]:
    """Field by field; what changes may make room for who waits."""
    known = rows.find(MentorRow, fact.pool, fact.mentor)
    row = changed(row, **row.news(fact, fact.at, MENTOR_FIELDS))
    if row == known:
        return []
    if fact.programme and not row.programme:
        row = changed(row, programme=fact.programme)
    rows.put(row, fact.pool, fact.mentor)
    if row.here:
        ask_round(rows, moment, fact.pool)
    said: list[Fact] = []
    for learner in sorted(set(row.avoids) & set(row.mentees)):
        said += end_pair(rows, moment, fact.pool, learner, "by_mentor")
    return said


def _end_all(rows: Rows, moment: Moment, pool: str, row: MentorRow, reason: EndReason) -> list[Fact]:
    said: list[Fact] = []
    for learner in sorted(row.mentees):
        said += end_pair(rows, moment, pool, learner, reason)
    return said
