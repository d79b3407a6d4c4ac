"""What does a change of need change?  The hours that a learner costs; never a pair.

A pulse keeps bands from flickering, so every change it tells is taken.  Only a change to urgent asks for a round:
pulses also read what pools say, and otherwise the two could keep each other busy.
"""

from matching.announce import ask_round
from matching.rows import HARD, LearnerRow, MentorRow
from matching.views import effort_of
from schemas.fact import Fact, Moment
from schemas.learners import NeedsChanged
from schemas.rows import Rows, changed


def needs_changed(rows: Rows, moment: Moment, fact: NeedsChanged) -> list[Fact]:
    row = rows.find(LearnerRow, fact.pool, fact.learner) or LearnerRow(programme=fact.programme)
    if row.need_at is not None and fact.at <= row.need_at:
        return []
    before = row.band
    row = changed(
        row,
        band=fact.band,
        stage=fact.stage,
        need_minutes=fact.effort_minutes,
        need_at=fact.at,
        hard=row.pair is not None and (row.hard or fact.band in HARD),
    )
    rows.put(row, fact.pool, fact.learner)
    keep_promise(rows, moment, fact.pool, fact.learner)
    if fact.band == "urgent" and before != "urgent" and row.waiting_since is not None:
        ask_round(rows, moment, fact.pool)
    return []


def keep_promise(rows: Rows, moment: Moment, pool: str, learner: str) -> None:
    """Sets the minutes promised by the learner's mentor, and by a cover, to what the learner now costs.

    A mentor thereby over the offered hours keeps all pairs and gets nobody new.
    """
    row = rows.find(LearnerRow, pool, learner)
    if row is None:
        return
    minutes = effort_of(row, moment.policy.pool)
    mentor = rows.find(MentorRow, pool, row.mentor) if row.mentor is not None else None
    if mentor is not None and mentor.mentees.get(learner) not in (None, minutes):
        rows.put(changed(mentor, mentees={**mentor.mentees, learner: minutes}), pool, row.mentor or "")
    cover = rows.find(MentorRow, pool, row.cover) if row.cover is not None else None
    if cover is not None and cover.covers.get(learner) not in (None, minutes):
        rows.put(changed(cover, covers={**cover.covers, learner: minutes}), pool, row.cover or "")
