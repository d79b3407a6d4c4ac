"""Who sits where, nearly at the least cost, and at about which prices?  The start that exact search needs.

First everybody chooses in turn, a few times over, with a mentor as dear as the next free seat: that tells
about what seats are worth.  Then an auction with a price a seat (Bertsekas and Castanon 1989, similar
objects) from prices somewhat below: a bid exceeds the second best by `epsilon`.  Last, whoever would now
rather be elsewhere stands up.
"""

import numpy as np

from matching.compiled import compiled, soon, wide
from matching.kernel.instance import Int32, Int64
from matching.kernel.scratch import Scratch
from matching.kernel.search import seat
from matching.kernel.state import LOW, NEVER, WAITING, State

PASSES = 3
STEPS = (
    500  # epsilon is the mean spread of a learner's costs by this: fewer steps, fewer bids and more to repair
)
MARGIN = 24  # and the first prices are lowered by the mean spread by this
PATIENCE = 40  # bids after which a learner is left to the exact search, if few are
FEW = 16  # one in so many
FIERCE = 4  # every 2^4 bids a learner's epsilon doubles, so that many for too few seats come to an end
FIERCEST = 16


@compiled
def spread(s: State, first: int, end: int) -> int:
    """How far a learner's costs lie apart, on average; at least 1."""
    total, rows = 0, 0
    for learner in range(first, end):
        if not s.here[learner] or s.arc_count[learner] < 2:
            continue
        row = s.arc_first[learner]
        low = high = s.arcs[row] >> 32
        for at in range(row + 1, row + s.arc_count[learner]):
            cost = s.arcs[at] >> 32
            low, high = min(low, cost), max(high, cost)
        total += high - low
        rows += 1
    return max(1, total // max(1, rows))


@compiled
def opening(
    s: State, w: Scratch, first: int, end: int, begin: int, close: int, margin: int, asks: Int64
) -> None:
    """Sets the first price `asks` of each seat of mentors `begin` to `close`.  Borrows `distance` and `place`."""
    loads, prices = w.place, w.distance
    loads[begin:close] = 0
    for mentor in range(begin, close):
        prices[mentor] = s.seat_costs[s.seat_first[mentor]] if s.seat_count[mentor] else NEVER
    chosen = np.full(end - first, -1, np.int32)
    for _ in range(PASSES):
        for learner in range(first, end):
            if not s.here[learner]:
                continue
            left = chosen[learner - first]
            if left >= 0:
                loads[left] -= 1
                prices[left] = s.seat_costs[s.seat_first[left] + loads[left]]
            least, best = s.waits[learner], -1
            row = s.arc_first[learner]
            for at in range(row, row + s.arc_count[learner]):
                arc = s.arcs[at]
                other = arc & LOW
                value = (arc >> 32) + prices[other]
                best = other if value < least else best
                least = min(value, least)
            chosen[learner - first] = best
            if best >= 0:
                loads[best] += 1
                full = loads[best] == s.seat_count[best]
                prices[best] = NEVER if full else s.seat_costs[s.seat_first[best] + loads[best]]
    for mentor in range(begin, close):
        row, load = s.seat_first[mentor], loads[mentor]
        least = s.seat_costs[row + load - 1] - margin if load else -NEVER
        for at in range(row, row + s.seat_count[mentor]):
            asks[at] = max(least, s.seat_costs[at])


@compiled
def auction(
    s: State, w: Scratch, first: int, end: int, begin: int, close: int, epsilon: int, asks: Int64
) -> int:
    """Seats learners `first` to `end`, who form a block with mentors `begin` to `close`; says how often was bid.

    `held` tells who sits where; `members` has the learner of each seat and not yet the order that `State` asks.
    """
    cheapest = w.toward
    for mentor in range(begin, close):
        row = s.seat_first[mentor]
        best = row
        for at in range(row, row + s.seat_count[mentor]):
            s.members[at] = -1
            best = at if asks[at] < asks[best] else best
        cheapest[mentor] = best
        s.prices[mentor] = asks[best] if s.seat_count[mentor] else NEVER
    queue = np.full(end - first, first, np.int32)
    last = end - first - 1
    tries = np.zeros(end - first, np.int32)
    waiting = 0
    for learner in range(first, end):
        if s.here[learner]:
            s.held[learner] = WAITING
            queue[waiting] = learner
            waiting += 1
    head, bids, mercy = 0, 0, waiting // FEW
    while waiting:
        learner = queue[head]
        soon(s.waits, queue[min(head + 8, last)])
        soon(s.held, queue[min(head + 8, last)])
        row = s.arc_first[queue[min(head + 4, last)]]
        for line in range(row, row + 24, 8):
            soon(s.arcs, line)
        head = head + 1 if head + 1 < len(queue) else 0
        waiting -= 1
        bids += 1
        least = second = s.waits[learner]
        best = wide(WAITING)
        row = s.arc_first[learner]
        for at in range(row, row + s.arc_count[learner]):
            arc = s.arcs[at]
            value = (arc >> 32) + s.prices[arc & LOW]
            second = min(second, max(least, value))
            best = arc if value < least else best
            least = min(least, value)
        if best == WAITING:
            continue
        bid = tries[learner - first]
        if bid >= PATIENCE and mercy:
            mercy -= 1
            continue
        tries[learner - first] = bid + 1
        mentor = best & LOW
        taken = cheapest[mentor]
        loser = s.members[taken]
        s.members[taken] = learner
        s.held[learner] = best
        asks[taken] += second - least + (epsilon << min(bid >> FIERCE, FIERCEST))
        row = s.seat_first[mentor]
        for at in range(row, row + s.seat_count[mentor]):
            if asks[at] < asks[taken]:
                taken = at
        cheapest[mentor] = taken
        s.prices[mentor] = asks[taken]
        if loser >= 0:
            s.held[loser] = WAITING
            tail = head + waiting
            queue[tail if tail < len(queue) else tail - len(queue)] = loser
            waiting += 1
    return bids


@compiled
def settle(s: State, first: int, end: int, begin: int, close: int) -> Int32:
    """Puts `members` and `loads` in order and returns who could do better: those are not seated any more."""
    s.loads[begin:close] = 0
    free = np.empty(end - first, np.int32)
    count = 0
    for learner in range(first, end):
        if not s.here[learner]:
            continue
        least = s.waits[learner]
        row = s.arc_first[learner]
        for at in range(row, row + s.arc_count[learner]):
            arc = s.arcs[at]
            least = min(least, (arc >> 32) + s.prices[arc & LOW])
        arc = s.held[learner]
        pays = s.waits[learner] if arc == WAITING else (arc >> 32) + s.prices[arc & LOW]
        if pays > least:
            s.held[learner] = WAITING
            free[count] = learner
            count += 1
        elif arc != WAITING:
            seat(s, learner, arc & LOW, arc >> 32)
    return free[:count]
