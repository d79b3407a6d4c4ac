"""Which of the changes that a solver would make are made?  Chain by chain, each whole or not at all.

Changes fall into chains that share no mentor; a chain is made where it fits by the exact minutes and gains.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from matching.market import Market

Chosen = list[int | None]


class Move(NamedTuple):
    learner: int  # in the market
    mentor: int
    gain: int  # points saved by the chain it is part of, all prices paid


class Plan(NamedTuple):
    """`market` and `chosen` hold those who wait first, as they were, and after them the pairs looked at."""

    market: Market
    chosen: Chosen
    moves: list[Move]
    gain: int


def by_chains(
    wide: Market, costs: list[int], own: dict[int, int], price: int, before: Chosen, after: Chosen
) -> Plan:
    """Takes over each chain of changes that fits by the exact minutes and gains."""
    chosen, moves, total = list(before), list[Move](), 0
    for chain in _chains(before, after):
        mentors = {each for at in chain for each in (before[at], after[at]) if each is not None}
        gain = _cost(wide, costs, own, price, chain, mentors, before) - _cost(
            wide, costs, own, price, chain, mentors, after
        )
        if gain <= 0 or not _fits(wide, mentors, after):
            continue
        total += gain
        for at in chain:
            chosen[at] = after[at]
        moves += [Move(at, mentor, gain) for at in chain if at in own and (mentor := after[at]) is not None]
    return Plan(wide, chosen, moves, total)


def _chains(before: Chosen, after: Chosen) -> list[list[int]]:
    """Learners whose mentor changes, grouped so that no two groups touch one mentor."""
    root: dict[int, int] = {}

    def find(mentor: int) -> int:
        while root.setdefault(mentor, mentor) != mentor:
            mentor = root[mentor]
        return mentor

    changed = [at for at in range(len(before)) if before[at] != after[at]]
    for at in changed:
        one, other = before[at], after[at]
        if one is not None and other is not None:
            root[find(one)] = find(other)
    groups: dict[int, list[int]] = defaultdict(list)
    for at in changed:
        groups[find(next(each for each in (after[at], before[at]) if each is not None))].append(at)
    return list(groups.values())


def _cost(
    wide: Market, costs: list[int], own: dict[int, int], price: int, chain: list[int], mentors: set[int],
    chosen: Chosen,
) -> int:  # fmt: skip
    """What a chain's learners and the load of its mentors cost in all."""
    total = 0
    for at in chain:
        mentor = chosen[at]
        if mentor is None:
            total += costs[at]
        else:
            total += int(wide.offers[at].cost[mentor]) + (price if at in own and own[at] != mentor else 0)
    taken = Counter(each for each in chosen if each in mentors)
    return total + sum(sum(wide.seats.cheapest(each, taken[each])) for each in mentors)


def _fits(wide: Market, mentors: set[int], chosen: Chosen) -> bool:
    """By the exact minutes and places of the chain's mentors."""
    minutes: Counter[int] = Counter()
    count: Counter[int] = Counter()
    for at, mentor in enumerate(chosen):
        if mentor in mentors:
            minutes[mentor] += wide.learners[at].effort
            count[mentor] += 1
    return all(
        minutes[each] <= wide.mentors[each].minutes and count[each] <= wide.mentors[each].places
        for each in mentors
    )
