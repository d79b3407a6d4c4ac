"""How many learners must wait at the least, whatever anything costs?

Relaxed: a learner may be split over mentors, each placed in part, and needs the fewest units that any
mentor asks.  What sets of units can then be served is a polymatroid, so serving the smallest efforts
first, each as far as it goes without taking from those before, places the most (Edmonds 1970).  The
part that cannot be placed, rounded up, is a bound: learners wait as a whole.
"""

from fractions import Fraction
from math import ceil

import numpy as np

from matching.columns import Numbers
from matching.compiled import compiled
from matching.instance import Instance


def least_waiting(pool: Instance) -> int:
    learners = len(pool.waits)
    arcs = np.repeat(np.arange(learners), np.diff(pool.first))
    needs = np.full(learners, np.iinfo(np.int64).max)
    np.minimum.at(needs, arcs, pool.units)
    able = np.flatnonzero(np.diff(pool.first))
    order = able[np.argsort(needs[able], kind="stable")]
    starts = np.zeros(len(pool.places) + 1, dtype=np.int64)
    np.cumsum(np.bincount(pool.mentor, minlength=len(pool.places)), out=starts[1:])
    into = np.argsort(pool.mentor, kind="stable")
    left = needs.copy()
    _serve(pool.first, pool.mentor, arcs, starts, into, np.diff(pool.begin), order, left)
    parts = (Fraction(int(left[each]), int(needs[each])) for each in order[left[order] > 0])
    return learners - len(able) + ceil(sum(parts, Fraction()))


@compiled
def _serve(
    first: Numbers, mentor: Numbers, owner: Numbers, starts: Numbers, into: Numbers, rooms: Numbers,
    order: Numbers, left: Numbers,
) -> None:  # fmt: skip
    """Leaves in `left` the units of each learner that cannot be served.

    A search from a learner goes to mentors, and on from a full mentor to the other mentors of those it
    serves.  One that ends without room has seen only full mentors, who stay so: they are closed.
    """
    flow = np.zeros(len(mentor), np.int64)
    room = rooms.copy()
    closed = np.zeros(len(rooms), np.bool_)
    seen = np.full(len(rooms), -1)
    met = np.full(len(left), -1)
    gave = np.empty(len(rooms), np.int64)  # the arc whose units move away, -1 at the root, and
    took = np.empty(len(rooms), np.int64)  # the arc they move to
    queue = np.empty(len(rooms), np.int64)
    turn = 0
    for root in order:
        while left[root] > 0:
            turn += 1
            head, tail, goal = 0, 0, -1
            met[root] = turn
            for arc in range(first[root], first[root + 1]):
                b = mentor[arc]
                if not closed[b] and seen[b] != turn:
                    seen[b], gave[b], took[b] = turn, -1, arc
                    queue[tail] = b
                    tail += 1
            while head < tail and goal < 0:
                b = queue[head]
                head += 1
                if room[b] > 0:
                    goal = b
                    break
                for at in range(starts[b], starts[b + 1]):
                    away = into[at]
                    who = owner[away]
                    if flow[away] == 0 or met[who] == turn:
                        continue
                    met[who] = turn
                    for arc in range(first[who], first[who + 1]):
                        c = mentor[arc]
                        if not closed[c] and seen[c] != turn:
                            seen[c], gave[c], took[c] = turn, away, arc
                            queue[tail] = c
                            tail += 1
            if goal < 0:
                for at in range(tail):
                    closed[queue[at]] = True
                break
            amount, b = min(left[root], room[goal]), goal
            while gave[b] >= 0:
                amount = min(amount, flow[gave[b]])
                b = mentor[gave[b]]
            room[goal] -= amount
            left[root] -= amount
            b = goal
            while True:
                flow[took[b]] += amount
                if gave[b] < 0:
                    break
                flow[gave[b]] -= amount
                b = mentor[gave[b]]
