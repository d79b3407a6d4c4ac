"""What did a round do to the pool as a whole?"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from matching.graph import Wishes, components, cut_off
from matching.market import Market
from matching.rows import MentorRow
from matching.solver import Outcome
from matching.views import capacity_of
from schemas.fact import Moment
from schemas.matches import RoundReported


def share(values: Sequence[int], permille: int) -> int:
    """The value that so many permille of the values do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * permille // 1000)] if ordered else 0


def reported(
    moment: Moment,
    pool: str,
    since: list[datetime],
    placed: int,
    bindings: Counter[str],
    market: Market,
    mentors: list[MentorRow],
    graph: Wishes,
    outcome: Outcome,
) -> RoundReported:
    minutes = [max(0, int((moment.now - each).total_seconds()) // 60) for each in since]
    loads = [
        min(1000, sum(row.mentees.values()) * 1000 // capacity)
        for row in mentors
        if (capacity := capacity_of(row, moment.policy))
    ]
    return moment.fact(
        RoundReported,
        pool=pool,
        trigger="wake",
        waiting=len(since),
        placed=placed,
        left_waiting=len(since) - placed,
        unmatched=tuple(sorted((name, count) for name, count in bindings.items() if count)),
        wait_p50_minutes=share(minutes, 500),
        wait_p95_minutes=share(minutes, 950),
        mentors=len(mentors),
        mentors_free=sum(
            bool(seats) and other.minutes > 0
            for seats, other in zip(market.seats, market.mentors, strict=True)
        ),
        load_min_permille=share(loads, 0),
        load_p50_permille=share(loads, 500),
        load_max_permille=share(loads, 1000),
        components=components(graph),
        cut_off=len(cut_off(graph)),
        objective=outcome.objective,
        optimal=outcome.optimal,
    )
