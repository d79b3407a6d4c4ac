"""Who mentors whom?  Folds one fact or wake-up of one pool.

A fact only changes its own row and asks for a round; the round looks at everybody who waits.
"""

from collections.abc import Callable
from typing import Any

from matching import consent, erasing, learners, mentors, needs, pairs, pins, review
from matching.loads import with_loads
from matching.pool_rows import PoolRow, ReviewRow
from matching.round import play_round
from matching.rows import AuditRow, ConsentRow, LearnerRow, MentorRow
from schemas import erased
from schemas.erased import ErasedRow, spared
from schemas.erasure import PoolsErased
from schemas.fact import Fact, Moment, Wake
from schemas.learners import (
    LearnerAllowed,
    LearnerCompleted,
    LearnerEnrolled,
    LearnerProfiled,
    LearnerWithdrew,
    MatchingConsentTold,
    NeedsChanged,
)
from schemas.matches import (
    MatchAccepted,
    MatchDeclined,
    PairBlocked,
    PairEnded,
    PairLapsed,
    PairUnblocked,
)
from schemas.mentoring import MentorNeedsChanged
from schemas.mentors import MentorChanged, MentorJoined, MentorLeft, MentorPaused, MentorResumed
from schemas.pairs import PairPinned, PairUnpinned
from schemas.reviews import PoolReviewed
from schemas.rows import Row, Rows

OWN = (LearnerRow, MentorRow, PoolRow, AuditRow, ConsentRow, ReviewRow)
ROWS: dict[str, type[Row]] = {**{row.KIND: row for row in OWN}, **erased.ROWS}

_FOLDS: dict[type[Fact], Callable[[Rows, Moment, Any], list[Fact]]] = {
    LearnerEnrolled: learners.enrolled,
    LearnerProfiled: learners.profiled,
    LearnerAllowed: learners.allowed,
    LearnerWithdrew: learners.withdrew,
    LearnerCompleted: learners.completed,
    MentorJoined: mentors.joined,
    MentorChanged: mentors.told,
    MentorPaused: mentors.paused,
    MentorResumed: mentors.resumed,
    MentorLeft: mentors.left,
    MentorNeedsChanged: mentors.strained,
    MatchAccepted: pairs.accepted,
    MatchDeclined: pairs.declined,
    PairEnded: pairs.ended,
    PairLapsed: pairs.lapsed,
    PairBlocked: pairs.blocked,
    PairUnblocked: pairs.unblocked,
    PairPinned: pins.pinned,
    PairUnpinned: pins.unpinned,
    NeedsChanged: needs.needs_changed,
    PoolReviewed: review.reviewed,
    MatchingConsentTold: consent.told,
    PoolsErased: erasing.erased,
}


_WOKEN: dict[str, Callable[[Rows, Moment, Wake], list[Fact]]] = {
    PoolRow.KIND: play_round,
    LearnerRow.KIND: pairs.woken,
    ReviewRow.KIND: review.woken,
    ErasedRow.KIND: erasing.woken,
}


def fold(rows: Rows, moment: Moment) -> list[Fact]:
    return with_loads(rows, moment, _fold(rows, moment))


def _fold(rows: Rows, moment: Moment) -> list[Fact]:
    cause = moment.cause
    if isinstance(cause, Wake):
        return _WOKEN[cause.kind](rows, moment, cause)
    handle = _FOLDS.get(type(cause))
    if handle is None:
        return []
    fact = cause if isinstance(cause, PoolsErased) else spared(rows, cause)
    return [] if fact is None else handle(rows, moment, fact)
