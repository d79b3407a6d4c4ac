"""A generalized assignment from plain lists, checked: for tests and benchmarks, which write theirs down by hand."""

from collections.abc import Mapping, Sequence

import numpy as np

from matching.instance import Instance


def instance(
    offers: Sequence[Mapping[int, tuple[int, int]]],
    waits: Sequence[int],
    seats: Sequence[Sequence[int]],
    places: Sequence[int] | None = None,
) -> Instance:
    """`offers` has for each learner the cost and the units of each possible mentor, `waits` what leaving
    each learner costs, `seats` the price of each unit of each mentor.  ValueError where a mentor's prices
    fall or are below 0, or an effort is below 0."""
    arcs = [(mentor, *offer) for each in offers for mentor, offer in sorted(each.items())]
    table = np.asarray(arcs, dtype=np.int64).reshape(-1, 3).T
    prices = np.asarray([price for each in seats for price in each], dtype=np.int64)
    begin = np.cumsum([0, *(len(each) for each in seats)], dtype=np.int64)
    fall = np.flatnonzero(np.diff(prices) < 0) + 1
    if (prices < 0).any() or not np.isin(fall, begin).all():
        raise ValueError("the prices of a mentor's units must not fall, nor be below 0")
    if (table[2] < 0).any():
        raise ValueError("an effort is below 0 units")
    mentor, cost, units = (np.ascontiguousarray(row) for row in table)
    return Instance(
        np.cumsum([0, *(len(each) for each in offers)], dtype=np.int64),
        mentor,
        cost,
        units,
        np.asarray(waits, dtype=np.int64),
        begin,
        prices,
        np.asarray([len(offers)] * len(seats) if places is None else places, dtype=np.int64),
    )
