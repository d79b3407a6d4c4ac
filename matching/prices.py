"""What would one more seat with a mentor save?  The least prices that prove an assignment to cost the least.

A seat more that costs `s` saves `max(0, price - s)`, exactly.  Whichever assignment of least cost is asked,
its least prices are the same (Gale and Shapley's lattice; Leonard 1983 for assignments).  A mentor whom
nobody would go to has price 0, or that of the next seat if it is below.
"""

import numpy as np

from matching.kernel.instance import Instance, Int32, Int64

NOTHING = -(1 << 60)


def least_prices(instance: Instance, chosen: Int32) -> Int64:
    """By Bellman and Ford over mentors.  Raises ValueError if `chosen` does not cost the least."""
    mentors = len(instance.seat_starts) - 1
    seated = chosen >= 0
    loads = np.bincount(chosen[seated], minlength=mentors)
    takers = np.repeat(np.arange(len(chosen)), np.diff(instance.starts))
    prices = np.full(mentors, NOTHING)
    taken = loads > 0
    prices[taken] = instance.seat_costs[instance.seat_starts[:-1][taken] + loads[taken] - 1]
    of_waiting = ~seated[takers]
    np.maximum.at(
        prices,
        instance.mentors[of_waiting],
        instance.waits[takers[of_waiting]] - instance.costs[of_waiting],
    )
    own = instance.mentors == chosen[takers]
    pays = np.zeros(len(chosen), np.int64)
    pays[takers[own]] = instance.costs[own]
    moves = ~of_waiting & ~own
    start, end = chosen[takers[moves]], instance.mentors[moves]
    gain = pays[takers[moves]] - instance.costs[moves]
    for _ in range(mentors + 1):
        before = prices.copy()
        np.maximum.at(prices, end, prices[start] + gain)
        if (prices == before).all():
            break
    else:
        raise ValueError("chosen: some learners could change places and pay less")
    free = loads < np.diff(instance.seat_starts)
    ceiling = np.zeros(mentors, np.int64)
    ceiling[free] = np.minimum(0, instance.seat_costs[instance.seat_starts[:-1][free] + loads[free]])
    return np.where(taken, prices, np.maximum(prices, ceiling))
