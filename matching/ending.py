"""What follows, in rows and in facts, when a pair ends, and what of it is remembered?"""

from datetime import timedelta
from typing import Any

from matching.announce import ask_round, of_pair, told_both
from matching.cover import end_cover
from matching.remembering import RESTS, UNANSWERED, UNHEARD, with_past
from matching.rows import LearnerRow, MentorRow
from schemas.fact import Fact, Moment
from schemas.matches import MatchEnded
from schemas.rows import Rows, changed
from schemas.terms import EndReason

STAYED = timedelta(days=28)  # company kept this long with a learner in need is experience
MOST_HELPED = 1000


def end_pair(
    rows: Rows, moment: Moment, pool: str, learner: str, reason: EndReason, *, at_once: bool = False
) -> list[Fact]:
    """The pair ends, and the pool looks for another once things have settled, or at once."""
    said = close(rows, moment, pool, learner, reason)
    if said:
        ask_round(rows, moment, pool, moment.now if at_once else None, covers=True)
    return said


def close(rows: Rows, moment: Moment, pool: str, learner: str, reason: EndReason) -> list[Fact]:
    """The pair ends, its hours are offered again, and a learner who still studies waits again.

    Why it ended is remembered, so that a pair that either side did not want is never proposed again.  A pin on the
    pair ends with it.  A learner who left `UNHEARD` proposals in a row unanswered gets no more for a while, so that
    not every mentor is asked in vain.
    """
    row = rows.find(LearnerRow, pool, learner)
    if row is None or row.pair is None or row.mentor is None:
        return []
    said = end_cover(rows, moment, pool, learner, row, "pair_ended")
    row = rows.find(LearnerRow, pool, learner) or row
    _release(rows, moment, pool, learner, row)
    last = changed(row, state="ended", rev=row.rev + 1, answer_by=None)
    said.append(moment.fact(MatchEnded, str(row.pair), reason=reason, **of_pair(pool, learner, row)))
    said += told_both(moment, pool, learner, last, reason)
    studies = row.studies_at(moment.now, moment.policy)
    unheard = _unheard(row, reason)
    rests = studies and unheard >= UNHEARD
    why = UNANSWERED if unheard > row.unheard and "mentor" in row.accepted else reason
    after: dict[str, Any] = {
        "pair": None,
        "mentor": None,
        "paired_at": None,
        "accepted": (),
        "wake_at": moment.now + RESTS if rests else None,
        "binding": "",
        "hard": False,
        "pinned": None if row.pinned == row.mentor else row.pinned,
        "waiting_since": moment.now if studies and not rests else None,
        "unheard": unheard,
        "past": with_past(row.past, row.mentor or "", moment.now, why),
    }
    rows.put(changed(last, **after), pool, learner)
    return said


def _unheard(row: LearnerRow, reason: EndReason) -> int:
    if row.state != "proposed":
        return 0
    if reason != "silent":
        return row.unheard
    return 0 if "learner" in row.accepted else row.unheard + 1


def _release(rows: Rows, moment: Moment, pool: str, learner: str, row: LearnerRow) -> None:
    mentor = rows.find(MentorRow, pool, row.mentor or "")
    if mentor is None:
        return
    mentees = {other: minutes for other, minutes in mentor.mentees.items() if other != learner}
    stayed = row.hard and row.paired_at is not None and moment.now - row.paired_at >= STAYED
    helped = min(MOST_HELPED, mentor.helped + stayed)
    rows.put(changed(mentor, mentees=mentees, helped=helped), pool, row.mentor or "")
