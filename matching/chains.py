"""How does one come from a pool as it is to the best there is, in small steps that can each be left out?"""

from collections import defaultdict
from typing import NamedTuple

from matching.pool_rows import ReviewRow
from matching.whole import Optimum, load_of, optimise, snapshot
from schemas.fact import Moment, Wake
from schemas.reviews import PoolReviewed
from schemas.rows import Rows

Step = tuple[int, int | None, int]  # learner, present mentor, new mentor


class Chain(NamedTuple):
    steps: tuple[Step, ...]
    gain: int  # points saved, the prices of the moves paid


def chains(found: Optimum) -> list[Chain]:
    """The changes as chains, the best first: one comes, who had that seat goes on, and so on to a free seat.

    Each can be carried out without the others as far as the number of learners goes.
    """
    own, chosen = found.taken.own, found.chosen
    changes = {at: new for at, new in enumerate(chosen) if new is not None and new != own[at]}
    leaving: dict[int, list[int]] = defaultdict(list)
    for at in reversed(changes):
        if (mentor := own[at]) is not None:
            leaving[mentor].append(at)
    follows = {at: leaving[new].pop() for at, new in changes.items() if leaving.get(new)}
    led, seen = set(follows.values()), set[int]()
    made: list[Chain] = []
    for head in (
        *(at for at in changes if at not in led),
        *changes,
    ):  # what has no head goes round in a circle
        steps: list[Step] = []
        on: int | None = head
        while on is not None and on not in seen:
            seen.add(on)
            steps.append((on, own[on], changes[on]))
            on = follows.get(on)
        if steps and (gain := _gain(found, steps)) > 0:
            made.append(Chain(tuple(steps), gain))
    return sorted(made, key=lambda chain: (-chain.gain, chain.steps[0][0]))


def _gain(found: Optimum, steps: list[Step]) -> int:
    gain = 0
    change: dict[int, int] = defaultdict(int)
    for at, own, new in steps:
        units = found.units[at]
        gain += found.present[at] - found.costs[at]
        change[new] += units
        if own is not None:
            change[own] -= units
    for mentor, units in change.items():
        load, before = found.loads[mentor], found.spent[mentor]
        gain += load_of(load, before) - load_of(load, before + units)
    return gain


def proposal(
    found: Optimum, most: int
) -> tuple[tuple[tuple[tuple[str, str | None, str], ...], ...], tuple[int, ...]]:
    """The best chains with at most so many moves in all, by ids, and what each saves."""
    learners, mentors = found.taken.learners, found.taken.mentors
    steps, gains, moves = [], [], 0
    for chain in chains(found):
        moves += sum(own is not None for _, own, _ in chain.steps)
        if moves > most:
            break
        steps.append(
            tuple(
                (learners[at].id, None if own is None else mentors[own].id, mentors[new].id)
                for at, own, new in chain.steps
            )
        )
        gains.append(chain.gain)
    return tuple(steps), tuple(gains)


def answer(rows: Rows, moment: Moment) -> PoolReviewed:
    """What a review that is asked for comes to; the cause is the row's own wake-up."""
    assert isinstance(moment.cause, Wake)
    pool = moment.cause.routing
    row = rows.find(ReviewRow, pool)
    assert row is not None
    found = optimise(snapshot(rows, moment, pool), moment.policy.pool)
    steps, gains = proposal(found, moment.policy.pool.review_moves)
    return moment.fact(
        PoolReviewed, str(row.asked), pool=pool, review=row.asked, chains=steps, gains=gains,
        learners=len(found.taken.learners), stays=found.stays, objective=found.objective, bound=found.bound,
    )  # fmt: skip
