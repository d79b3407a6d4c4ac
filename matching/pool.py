"""Who mentors whom?  Folds one fact or wake-up of one pool.

A fact only changes its own row and asks for a round; the round looks at everybody who waits.
"""

from collections.abc import Callable
from typing import Any

from matching import learners, mentors, pairs
from matching.loads import with_loads
from matching.round import play_round
from matching.rows import LearnerRow, MentorRow, PoolRow
from schemas.fact import Fact, Moment, Wake
from schemas.learners import LearnerCompleted, LearnerEnrolled, LearnerProfiled, LearnerWithdrew
from schemas.matches import (
    MatchAccepted,
    MatchDeclined,
    PairBlocked,
    PairEnded,
    PairLapsed,
    PairUnblocked,
)
from schemas.mentors import MentorChanged, MentorJoined, MentorLeft, MentorPaused, MentorResumed
from schemas.rows import Row, Rows

ROWS: dict[str, type[Row]] = {row.KIND: row for row in (LearnerRow, MentorRow, PoolRow)}

_FOLDS: dict[type[Fact], Callable[[Rows, Moment, Any], list[Fact]]] = {
    LearnerEnrolled: learners.enrolled,
    LearnerProfiled: learners.profiled,
    LearnerWithdrew: learners.withdrew,
    LearnerCompleted: learners.completed,
    MentorJoined: mentors.joined,
    MentorChanged: mentors.told,
    MentorPaused: mentors.paused,
    MentorResumed: mentors.resumed,
    MentorLeft: mentors.left,
    MatchAccepted: pairs.accepted,
    MatchDeclined: pairs.declined,
    PairEnded: pairs.ended,
    PairLapsed: pairs.lapsed,
    PairBlocked: pairs.blocked,
    PairUnblocked: pairs.unblocked,
}


def fold(rows: Rows, moment: Moment) -> list[Fact]:
    return with_loads(rows, moment, _fold(rows, moment))


def _fold(rows: Rows, moment: Moment) -> list[Fact]:
    cause = moment.cause
    if isinstance(cause, Wake):
        return (
            play_round(rows, moment, cause)
            if cause.kind == PoolRow.KIND
            else pairs.woken(rows, moment, cause)
        )
    handle = _FOLDS.get(type(cause))
    return handle(rows, moment, cause) if handle else []
