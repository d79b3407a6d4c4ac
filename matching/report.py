"""What did a round do to the pool as a whole?"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zlib import crc32

import numpy as np

from matching.burden import Burden
from matching.fairness import Fairness
from matching.graph import Wishes, components, cut_off
from matching.market import Market
from matching.pool_rows import RECENT
from matching.rivals import Rivals, rivals, wanted
from matching.rows import LearnerRow
from matching.solver import Outcome
from schemas.fact import Moment
from schemas.rounds import RoundReported


def share(values: Sequence[int], permille: int) -> int:
    """The value that so many permille of the values do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * permille // 1000)] if ordered else 0


LATELY = 56 * 24 * 60  # minutes for which a placement tells how long a wait is: of last term it tells nothing
SCARCE = 5  # mentors told of
CONTESTED = 20


class Done(NamedTuple):
    trigger: str
    placed: int
    moved: int
    pinned: int
    covered: int
    uncovered: int
    bindings: Counter[str]
    outcome: Outcome
    scarce: tuple[tuple[str, int], ...]
    rivals: Rivals
    recent: tuple[tuple[int, int], ...]
    fairness: Fairness
    arms: tuple[tuple[str, int], ...]  # of those who waited


def scarce(market: Market, waits: Sequence[int], outcome: Outcome) -> tuple[tuple[str, int], ...]:
    """The mentors of whom one more hour would save the most, and the points it would save."""
    savings = market.savings(waits, outcome)
    most = sorted(np.flatnonzero(savings).tolist(), key=lambda at: (-savings[at], market.mentors[at].id))
    return tuple((market.mentors[at].id, int(savings[at])) for at in most[:SCARCE])


def competing(market: Market, chosen: Sequence[int | None]) -> Rivals:
    """Who competes for hours with those left waiting; nobody where a seat is free that somebody could come to."""
    left = [at for at, mentor in enumerate(chosen) if mentor is None and market.offers[at].wished.any()]
    nobody = Rivals(np.arange(0), np.arange(0), -1)
    if not left:
        return nobody
    seated = np.asarray([-1 if mentor is None else mentor for mentor in chosen], dtype=np.int64)
    found = rivals(wanted(*market.wishes()), seated, market.seats.count, left)
    return found if found.seat < 0 else nobody


def with_placed(
    recent: tuple[tuple[int, int], ...], now: datetime, waited: list[int]
) -> tuple[tuple[int, int], ...]:
    """The latest placements, with those of now."""
    at = int(now.timestamp()) // 60
    known = (each for each in recent if at - each[0] <= LATELY)
    return (*known, *((at, minutes) for minutes in waited))[-RECENT:]


def expected_wait(recent: tuple[tuple[int, int], ...], now: datetime, waiting: int) -> int | None:
    """Minutes until all who wait for hours now are served at the rate of the latest placements.

    Little's law (J. D. C. Little, Operations Research 9, 1961): a queue of mean length L that is served at
    rate r waits L / r in the mean.  None where fewer than two placements tell a rate.
    """
    span = int(now.timestamp()) // 60 - recent[0][0] if recent else 0
    return waiting * span // len(recent) if len(recent) > 1 and span > 0 else None


def mark(told: RoundReported) -> int:
    """A mark of how the pool stands in this report.  A reader of the last report alone must not see a state that is past,
    so where the mark differs another report is due.
    """
    loads = (told.load_min_permille, told.load_p50_permille, told.load_max_permille, told.over_hours)
    return crc32(repr((told.left_waiting, told.unmatched, told.mentors, told.mentors_free, loads)).encode())


def reported(
    moment: Moment,
    pool: str,
    waits: dict[str, LearnerRow],
    burden: Burden,
    market: Market,
    graph: Wishes,
    done: Done,
) -> RoundReported:
    """`waits` are the rows of those who waited before the round, `burden` is what mentors bear after it."""
    minutes = [row.waited_at(moment.now) for row in waits.values()]
    took = [minutes for _, minutes in done.recent]
    loads = burden.permille.tolist()
    return moment.fact(
        RoundReported,
        pool=pool,
        trigger=done.trigger,
        waiting=len(minutes),
        placed=done.placed,
        left_waiting=len(minutes) - done.placed,
        unmatched=tuple(sorted((name, count) for name, count in done.bindings.items() if count)),
        wait_p50_minutes=share(minutes, 500),
        wait_p95_minutes=share(minutes, 950),
        mentors=int(burden.here.sum()),
        mentors_free=int(((market.seats.count > 0) & (market.seats.minutes > 0)).sum()),
        load_min_permille=share(loads, 0),
        load_p50_permille=share(loads, 500),
        load_max_permille=share(loads, 1000),
        components=components(graph),
        cut_off=len(cut_off(graph)),
        objective=done.outcome.objective,
        optimal=done.outcome.optimal,
        moved=done.moved,
        pinned=done.pinned,
        covered=done.covered,
        uncovered=done.uncovered,
        over_hours=burden.over,
        to_mentor_p50_minutes=share(took, 500) if took else None,
        to_mentor_p95_minutes=share(took, 950) if took else None,
        expected_wait_minutes=expected_wait(done.recent, moment.now, done.bindings["no_capacity"]),
        fairness=done.fairness.groups,
        groups_withheld=done.fairness.withheld,
        arms=done.arms,
        competing_learners=len(done.rivals.learners),
        competing_mentors=len(done.rivals.mentors),
        contested=tuple(sorted(market.mentors[at].id for at in done.rivals.mentors.tolist())[:CONTESTED]),
        scarce=done.scarce,
    )
