"""What did a round do to the pool as a whole?"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from matching.graph import Wishes, components, cut_off
from matching.market import Market
from matching.rows import LearnerRow, MentorRow
from matching.solver import Outcome
from matching.views import capacity_of
from schemas.fact import Moment
from schemas.matches import RoundReported


def share(values: Sequence[int], permille: int) -> int:
    """The value that so many permille of the values do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * permille // 1000)] if ordered else 0


class Done(NamedTuple):
    trigger: str
    placed: int
    bindings: Counter[str]
    outcome: Outcome


def reported(
    moment: Moment,
    pool: str,
    waits: dict[str, LearnerRow],
    mentors: list[MentorRow],
    market: Market,
    graph: Wishes,
    done: Done,
) -> RoundReported:
    """`waits` are the rows of those who waited before the round, `mentors` those who are here after it."""
    since = [moment.now - (row.waiting_since or moment.now) for row in waits.values()]
    minutes = [max(0, int(each.total_seconds()) // 60) for each in since]
    loads = [
        min(1000, sum(row.mentees.values()) * 1000 // capacity)
        for row in mentors
        if (capacity := capacity_of(row, moment.policy))
    ]
    return moment.fact(
        RoundReported,
        pool=pool,
        trigger=done.trigger,
        waiting=len(since),
        placed=done.placed,
        left_waiting=len(since) - done.placed,
        unmatched=tuple(sorted((name, count) for name, count in done.bindings.items() if count)),
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
        objective=done.outcome.objective,
        optimal=done.outcome.optimal,
    )
