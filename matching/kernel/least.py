"""What would one more seat with a mentor save?  The least prices that still prove the assignment.

A seat more that costs `s` saves `max(0, price - s)`, exactly.  The least prices are the same for every
assignment of least cost, whichever engine found it.  A mentor nobody would go to has price 0, or that of
the next seat if it is below.
"""

import numpy as np

from matching.compiled import compiled, wide
from matching.kernel.heap import nearest, rise
from matching.kernel.instance import Int64
from matching.kernel.scratch import SEARCHES, Scratch
from matching.kernel.state import LOW, NEVER, WAITING, State


@compiled
def least_prices(s: State, w: Scratch) -> Int64:
    """How far each price may fall: Dijkstra's search over the moves of members, from what holds prices up."""
    w.counts[SEARCHES] += 1
    now = w.counts[SEARCHES]
    slack = np.full(len(s.prices), NEVER)
    for mentor in range(len(s.prices)):
        if s.loads[mentor]:
            slack[mentor] = s.prices[mentor] - s.seat_costs[s.seat_first[mentor] + s.loads[mentor] - 1]
    for learner in range(len(s.held)):
        if s.here[learner] and s.held[learner] == WAITING:
            for at in range(s.arc_first[learner], s.arc_first[learner] + s.arc_count[learner]):
                arc = s.arcs[at]
                slack[arc & LOW] = min(slack[arc & LOW], (arc >> 32) + s.prices[arc & LOW] - s.waits[learner])
    size = wide(0)
    for mentor in range(len(s.prices)):
        if slack[mentor] < NEVER:
            w.seen[mentor], w.distance[mentor] = now, slack[mentor]
            rise(w.heap, w.place, w.distance, size, mentor)
            size += 1
    while size:
        mentor = nearest(w.heap, w.place, w.distance, size)
        size -= 1
        for at in range(s.seat_first[mentor], s.seat_first[mentor] + s.loads[mentor]):
            member = s.members[at]
            less = w.distance[mentor] - (s.held[member] >> 32) - s.prices[mentor]
            for arc_at in range(s.arc_first[member], s.arc_first[member] + s.arc_count[member]):
                other = s.arcs[arc_at] & LOW
                longer = less + (s.arcs[arc_at] >> 32) + s.prices[other]
                if w.seen[other] != now or longer < w.distance[other]:
                    if w.seen[other] != now:
                        w.seen[other] = now
                        w.place[other] = size
                        size += 1
                    w.distance[other] = longer
                    rise(w.heap, w.place, w.distance, wide(w.place[other]), other)
    least = np.empty(len(s.prices), np.int64)
    for mentor in range(len(s.prices)):
        seat, load = s.seat_first[mentor], s.loads[mentor]
        ceiling = 0
        if load < s.seat_count[mentor]:
            ceiling = min(ceiling, s.seat_costs[seat + load])
        least[mentor] = ceiling
        if w.seen[mentor] == now and (load or s.prices[mentor] - w.distance[mentor] > ceiling):
            least[mentor] = s.prices[mentor] - w.distance[mentor]
    return least
