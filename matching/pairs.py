"""What does a word about a pair change, and what does a pair do as time passes?"""

from matching.announce import announced, ask_round, confirmed, next_announcement, of_pair, told_both
from matching.cover import end_cover
from matching.ending import end_pair
from matching.remembering import remembered
from matching.review import notice
from matching.rows import LearnerRow
from schemas.fact import Fact, Moment, Wake
from schemas.matches import (
    MatchAccepted,
    MatchDeclined,
    MatchExpired,
    OfPair,
    PairBlocked,
    PairEnded,
    PairLapsed,
    PairUnblocked,
)
from schemas.rows import Rows, changed


def _lives(rows: Rows, fact: OfPair) -> LearnerRow | None:
    """The learner's row, if this is still the learner's pair."""
    row = rows.find(LearnerRow, fact.pool, fact.learner)
    return row if row is not None and row.pair == fact.pair else None


def accepted(rows: Rows, moment: Moment, fact: MatchAccepted) -> list[Fact]:
    row = _lives(rows, fact)
    if row is None or row.state != "proposed" or fact.by in row.accepted:
        return []
    row = changed(row, accepted=tuple(sorted({*row.accepted, fact.by})))
    if len(row.accepted) < 2:
        rows.put(row, fact.pool, fact.learner)
        return []
    return confirm(rows, moment, fact.pool, fact.learner, row, "accepted")


def confirm(rows: Rows, moment: Moment, pool: str, learner: str, row: LearnerRow, how: str) -> list[Fact]:
    changes = {
        "state": "confirmed",
        "paired_at": moment.now,  # company, and what is expected of it, begins when both have said yes
        "rev": row.rev + 1,
        "answer_by": None,
        "wake_at": next_announcement(learner, moment, first=True),
    }
    row = changed(row, **changes)
    rows.put(row, pool, learner)
    return [confirmed(moment, pool, learner, row, how), *told_both(moment, pool, learner, row)]


def declined(rows: Rows, moment: Moment, fact: MatchDeclined) -> list[Fact]:
    """The next best is looked for at once.  A cover may be declined too; the pair stays."""
    row = rows.find(LearnerRow, fact.pool, fact.learner)
    if row is not None and row.cover_pair == fact.pair:
        ask_round(rows, moment, fact.pool, moment.now, covers=True)
        return end_cover(rows, moment, fact.pool, fact.learner, row, "declined")
    if _lives(rows, fact) is None:
        return []
    return end_pair(rows, moment, fact.pool, fact.learner, "declined", at_once=True)


def ended(rows: Rows, moment: Moment, fact: PairEnded) -> list[Fact]:
    if _lives(rows, fact) is None:
        return []
    return end_pair(rows, moment, fact.pool, fact.learner, fact.reason)


def lapsed(rows: Rows, moment: Moment, fact: PairLapsed) -> list[Fact]:
    """Ends a pair of which a pulse says that it no longer lives; a pinned pair stays, as whoever pinned it decides."""
    row = _lives(rows, fact)
    if row is None or row.pin_at(moment.now) == row.mentor:
        return []
    return end_pair(rows, moment, fact.pool, fact.learner, "silent")


def blocked(rows: Rows, moment: Moment, fact: PairBlocked) -> list[Fact]:
    row = _block(rows, fact, True)
    if row is not None and row.cover == fact.mentor:
        ask_round(rows, moment, fact.pool, covers=True)
        return end_cover(rows, moment, fact.pool, fact.learner, row, "declined")
    if row is None or row.mentor != fact.mentor:
        return []
    reasons = {"learner": "by_learner", "mentor": "by_mentor", "operator": "by_operator"}
    return end_pair(rows, moment, fact.pool, fact.learner, reasons[fact.by])  # type: ignore[arg-type]


def unblocked(rows: Rows, moment: Moment, fact: PairUnblocked) -> list[Fact]:
    row = _block(rows, fact, False)
    if row is not None and row.waiting_since is not None:
        ask_round(rows, moment, fact.pool)
    return []


def _block(rows: Rows, fact: PairBlocked | PairUnblocked, on: bool) -> LearnerRow | None:
    row = rows.find(LearnerRow, fact.pool, fact.learner) or LearnerRow(programme=fact.programme)
    if fact.mentor in row.blocked and fact.at <= row.blocked[fact.mentor][0]:
        return None
    row = changed(row, blocked=remembered(row.blocked, fact.mentor, fact.at, on))
    if not on:  # whoever lifts a block means the pair may come again
        row = changed(row, past={name: end for name, end in row.past.items() if name != fact.mentor})
    rows.put(row, fact.pool, fact.learner)
    return row


def woken(rows: Rows, moment: Moment, wake: Wake) -> list[Fact]:
    """At its time a proposal without an answer ends; a pair that lives is announced again, with the same `rev`."""
    pool, learner = wake.routing, wake.row
    row = rows.find(LearnerRow, pool, learner)
    if row is None:
        return []
    if row.state == "proposed":
        waited = moment.now - (row.paired_at or moment.now)
        expired = moment.fact(
            MatchExpired, str(row.pair), waited_minutes=int(waited.total_seconds()) // 60, **of_pair(pool, learner, row)
        )  # fmt: skip
        return [expired, *end_pair(rows, moment, pool, learner, "silent", at_once=True)]
    if row.state != "confirmed":
        again = row.rests and row.studies_at(moment.now, moment.policy)  # after proposals left unanswered
        since = moment.now if again else row.waiting_since
        rows.put(changed(row, waiting_since=since, wake_at=None), pool, learner)
        if again:
            ask_round(rows, moment, pool)
        return []
    rows.put(changed(row, wake_at=next_announcement(learner, moment)), pool, learner)
    notice(rows, moment, pool)
    return [announced(moment, pool, learner, row)]
