"""What does a fact about a mentor change in the pool?

Fewer hours than are promised end no pair: the mentor just gets nobody new.  A pause keeps the pairs,
unless it says otherwise, and their learners may be offered a cover.
"""

from matching.announce import ask_round
from matching.cover import EndOfCover, end_cover
from matching.ending import end_pair
from matching.rows import MENTOR_FIELDS, LearnerRow, MentorRow
from schemas.fact import Fact, Moment
from schemas.mentoring import MentorNeedsChanged
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
    """A mentor who left and joins again is not on the old pause any more; joining again without leaving ends no pause."""
    row = rows.find(MentorRow, fact.pool, fact.mentor) or blank(MentorRow)
    if row.here_at is None or fact.at > row.here_at:
        left_at = None if row.here else row.here_at
        if left_at is not None and row.paused_at is not None and row.paused_at <= left_at:
            row = changed(row, paused=False, paused_until=None, paused_at=fact.at)
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
    if row.takes_at(moment.now):
        return []
    said = _end_covers(rows, moment, fact.pool, row, "cover_paused")
    if not fact.keep_pairs:
        return said + _end_all(rows, moment, fact.pool, row, "mentor_paused")
    if row.mentees:
        ask_round(rows, moment, fact.pool, covers=True)
    return said


def resumed(rows: Rows, moment: Moment, fact: MentorResumed) -> list[Fact]:
    row = rows.find(MentorRow, fact.pool, fact.mentor) or blank(MentorRow)
    if row.paused_at is None or fact.at > row.paused_at:
        resume = {"paused": False, "paused_until": None, "paused_at": fact.at}
        rows.put(changed(row, **resume), fact.pool, fact.mentor)
        if row.here:
            ask_round(rows, moment, fact.pool, covers=True)
    return []


def left(rows: Rows, moment: Moment, fact: MentorLeft) -> list[Fact]:
    row = rows.find(MentorRow, fact.pool, fact.mentor) or blank(MentorRow)
    if row.here_at is not None and fact.at <= row.here_at:
        return []
    rows.put(changed(row, here=False, here_at=fact.at), fact.pool, fact.mentor)
    said = _end_covers(rows, moment, fact.pool, row, "cover_left")
    return said + _end_all(rows, moment, fact.pool, row, "mentor_left")


def strained(rows: Rows, moment: Moment, fact: MentorNeedsChanged) -> list[Fact]:
    """A mentor who is overloaded gets nobody new, and no pair ends.  The next word of the pulse lifts it."""
    row = rows.find(MentorRow, fact.pool, fact.mentor)
    if row is None or (row.fewer_at is not None and fact.at <= row.fewer_at):
        return []
    rows.put(changed(row, fewer=fact.fewer_mentees, fewer_at=fact.at), fact.pool, fact.mentor)
    if fact.fewer_mentees < row.fewer:
        ask_round(rows, moment, fact.pool, covers=True)
    return []


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
        ask_round(rows, moment, fact.pool, covers=True)
    said = _end_covers(rows, moment, fact.pool, row, "declined", set(row.avoids))
    for learner in sorted(set(row.avoids) & set(row.mentees)):
        said += end_pair(rows, moment, fact.pool, learner, "by_mentor")
    return said


def _end_covers(
    rows: Rows, moment: Moment, pool: str, row: MentorRow, reason: EndOfCover, of: set[str] | None = None
) -> list[Fact]:
    """Ends the covers that this mentor gives, all or these, and asks for somebody else."""
    said: list[Fact] = []
    for learner in sorted(set(row.covers) if of is None else of & set(row.covers)):
        known = rows.find(LearnerRow, pool, learner)
        if known is not None:
            said += end_cover(rows, moment, pool, learner, known, reason)
    if said:
        ask_round(rows, moment, pool, covers=True)
    return said


def _end_all(rows: Rows, moment: Moment, pool: str, row: MentorRow, reason: EndReason) -> list[Fact]:
    said: list[Fact] = []
    for learner in sorted(row.mentees):
        said += end_pair(rows, moment, pool, learner, reason)
    return said
