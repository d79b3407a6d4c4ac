"""Who must be told of a pair, and when is the pool to look at everybody again?"""

from datetime import datetime, timedelta
from uuid import UUID
from zlib import crc32

from matching.pool_rows import PoolRow
from matching.rows import LearnerRow
from schemas.fact import PREFIX, Fact, Moment
from schemas.ids import named
from schemas.matches import MatchAnnounced, MatchConfirmed, PairAnnounced
from schemas.rows import Rows, blank, changed

PAIRS = UUID("4f0c6a0e-31f5-5b8e-9a44-7d0b7c5e2a90")
TICK = timedelta(milliseconds=1)
ADOPTED = "another policy"  # the trigger of a round asked for because the policy has changed


def pair_id(pool: str, learner: str, mentor: str, spell: int) -> UUID:
    return named(PAIRS, f"{pool}/{learner}/{mentor}/{spell}")


def ask_round(
    rows: Rows, moment: Moment, pool: str, at: datetime | None = None, *, covers: bool = False
) -> None:
    """Asks for a round after the settling time, unless one is due sooner; two rounds never have the same instant.

    `covers` = it is also to look for cover for learners whose mentor is away.
    """
    row = rows.find(PoolRow, pool) or blank(PoolRow)
    if covers and not row.covers_due:
        row = changed(row, covers_due=True)
        rows.put(row, pool)
    at = at or moment.now + timedelta(milliseconds=moment.policy.pool.settle_ms)
    if row.round_at is not None:
        at = max(at, row.round_at + TICK)
    sooner = row.wake_at is None or row.wake_at > at
    if sooner or row.trigger == ADOPTED:
        cause = moment.cause
        trigger = cause.TYPE.removeprefix(PREFIX) if isinstance(cause, Fact) else f"{cause.kind} woken"
        rows.put(changed(row, wake_at=at if sooner else row.wake_at, trigger=trigger), pool)


def next_announcement(learner: str, moment: Moment, first: bool = False) -> datetime:
    """A period from now; the first time somewhere within it, by the learner's id, so that not all fall together."""
    period = timedelta(days=moment.policy.pool.announce_days)
    if not first:
        return moment.now + period
    return moment.now + period * (1 + crc32(learner.encode()) % 1000) / 1000


def announced(moment: Moment, pool: str, learner: str, row: LearnerRow, reason: str = "") -> MatchAnnounced:
    """The learner's present match, whole."""
    return moment.fact(
        MatchAnnounced,
        learner,
        str(row.pair),
        row.state,
        rev=row.rev,
        pool=pool,
        programme=row.programme,
        learner=learner,
        state=row.state,
        pair=row.pair,
        mentor=row.mentor,
        answer_by=row.answer_by,
        since=row.paired_at or moment.now,
        reason=reason,
    )


def told_both(moment: Moment, pool: str, learner: str, row: LearnerRow, reason: str = "") -> list[Fact]:
    """The match as the learner's pulse and both inboxes are told of it."""
    said: list[Fact] = [announced(moment, pool, learner, row, reason)]
    for role, person, other in (("learner", learner, row.mentor), ("mentor", row.mentor, learner)):
        said.append(
            moment.fact(
                PairAnnounced,
                str(row.pair),
                role,
                row.state,
                rev=row.rev,
                pool=pool,
                programme=row.programme,
                person=person,
                role=role,
                other=other,
                pair=row.pair,
                state=row.state,
                answer_by=row.answer_by,
                reason=reason,
            )
        )
    return said


def of_pair(pool: str, learner: str, row: LearnerRow) -> dict[str, object]:
    """What every fact about a learner's present pair says."""
    return {
        "pool": pool,
        "programme": row.programme,
        "pair": row.pair,
        "learner": learner,
        "mentor": row.mentor,
    }


def confirmed(moment: Moment, pool: str, learner: str, row: LearnerRow, how: str) -> MatchConfirmed:
    return moment.fact(
        MatchConfirmed,
        str(row.pair),
        how=how,
        **of_pair(pool, learner, row),
    )
