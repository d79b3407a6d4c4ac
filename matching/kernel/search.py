"""Where does one learner, or one free seat, go so that the whole stays the cheapest?  Shortest paths.

Mentors are the nodes.  Prices keep every reduced cost of a move at 0 or more, so Dijkstra's search applies,
and what it finds out about distances is what the prices change by.  A search stops at the first exit no
dearer than all that is still open, and changes only the prices of mentors closer than that exit.
Jonker and Volgenant 1987 for one seat a mentor; here with convex seats and with waiting as an exit.
"""

from matching.compiled import compiled, inlined, soon, wide
from matching.kernel.heap import nearest, rise
from matching.kernel.scratch import SEARCHES, SETTLED, Scratch, changes, moves
from matching.kernel.state import LOW, NEVER, WAITING, State


@compiled
def seat(s: State, learner: int, mentor: int, cost: int) -> None:
    s.held[learner] = (cost << 32) | mentor
    s.spot[learner] = s.loads[mentor]
    s.members[s.seat_first[mentor] + s.loads[mentor]] = learner
    s.loads[mentor] += 1


@compiled
def unseat(s: State, learner: int) -> int:
    """The mentor who has now a seat more."""
    mentor = wide(s.held[learner] & LOW)
    s.loads[mentor] -= 1
    last = s.members[s.seat_first[mentor] + s.loads[mentor]]
    s.members[s.seat_first[mentor] + s.spot[learner]] = last
    s.spot[last] = s.spot[learner]
    s.held[learner] = WAITING
    return mentor


@inlined
def rest(s: State, mentor: int, load: int) -> int:
    """How much dearer than the mentor's price the next seat is: a search may end there for so much."""
    if load >= s.seat_count[mentor]:
        return NEVER
    return wide(max(0, s.seat_costs[s.seat_first[mentor] + load] - s.prices[mentor]))


@compiled
def place(s: State, w: Scratch, learner: int, full: int) -> None:
    """Seats `learner`, or with -1 takes one from the mentor `full`, who has one too many or is dearer than its price.

    Distances of a learner's search are what they would pay in all; those of a mentor's count from 0.
    """
    w.counts[SEARCHES] += 1
    now = w.counts[SEARCHES]
    size = settled = wide(0)
    best, leaver, end = wide(NEVER), wide(-1), wide(-1)
    if learner >= 0:
        best, leaver = s.waits[learner], learner
        row = s.arc_first[learner]
        for at in range(row, row + s.arc_count[learner]):
            arc = s.arcs[at]
            mentor, cost = arc & LOW, arc >> 32
            far = cost + s.prices[mentor]
            if far < best:
                w.seen[mentor], w.distance[mentor], w.via[mentor] = now, far, (cost << 32) | learner
                rise(w.heap, w.place, w.distance, size, mentor)
                size += 1
                dearer = rest(s, mentor, s.loads[mentor])
                if far + dearer < best:
                    best, leaver, end = far + dearer, -1, mentor
    else:
        w.seen[full], w.distance[full] = now, 0
        rise(w.heap, w.place, w.distance, size, full)
        size = wide(1)
        best, end = min(best, rest(s, full, s.loads[full] - 1)), full
    while size > 0:
        mentor = wide(w.heap[0])
        far = w.distance[mentor]
        if far >= best:
            break
        nearest(w.heap, w.place, w.distance, size)
        size -= 1
        w.settled[settled] = mentor
        settled += 1
        price = s.prices[mentor]
        row = s.seat_first[mentor]
        load = s.loads[mentor]
        for at in range(row, row + load):
            soon(s.waits, s.members[at])
            soon(s.held, s.members[at])
        for at in range(row, row + load):
            member = wide(s.members[at])
            first = s.arc_first[s.members[min(at + 2, row + load - 1)]]
            for line in range(first, first + 24, 8):
                soon(s.arcs, line)
            less = far - (s.held[member] >> 32) - price
            if less + s.waits[member] < best:
                best, leaver, end = less + s.waits[member], member, -1
            first = s.arc_first[member]
            for arc_at in range(first, first + s.arc_count[member]):
                arc = s.arcs[arc_at]
                cost, other = arc >> 32, arc & LOW
                longer = less + cost + s.prices[other]
                if longer < best and (w.seen[other] != now or longer < w.distance[other]):
                    if w.seen[other] != now:
                        w.seen[other] = now
                        w.place[other] = size
                        size += 1
                    w.distance[other], w.via[other] = longer, (cost << 32) | member
                    rise(w.heap, w.place, w.distance, wide(w.place[other]), other)
                    dearer = rest(s, other, s.loads[other])
                    if longer + dearer < best:
                        best, leaver, end = longer + dearer, -1, other
    w.counts[SETTLED] += settled
    for at in range(settled):
        mentor = wide(w.settled[at])
        if w.distance[mentor] < best:
            changes(w, mentor, s.prices[mentor])
            s.prices[mentor] += best - w.distance[mentor]
    if learner >= 0:
        moves(w, learner)
    if leaver >= 0 and leaver != learner:
        moves(w, leaver)
        end = unseat(s, leaver)
        changes(w, end, s.prices[end])
    while end >= 0 and end != full:
        member, cost = w.via[end] & LOW, w.via[end] >> 32
        moves(w, member)
        changes(w, end, s.prices[end])
        before = unseat(s, member) if s.held[member] != WAITING else -1
        seat(s, member, end, cost)
        end = before


@compiled
def fill(s: State, w: Scratch, empty: int) -> None:
    """Mentor `empty` has a free seat cheaper than its price: who should move up, and where does the seat stay free?"""
    w.counts[SEARCHES] += 1
    now = w.counts[SEARCHES]
    settled = 0
    comer, end = wide(-1), empty
    best = s.prices[empty] - s.seat_costs[s.seat_first[empty] + s.loads[empty]]
    w.seen[empty], w.distance[empty] = now, 0
    rise(w.heap, w.place, w.distance, wide(0), empty)
    size = wide(1)
    while size > 0:
        mentor = wide(w.heap[0])
        far = w.distance[mentor]
        if far >= best:
            break
        nearest(w.heap, w.place, w.distance, size)
        size -= 1
        w.settled[settled] = mentor
        settled += 1
        price = s.prices[mentor]
        row = s.back_first[mentor]
        last = row + s.back_count[mentor] - 1
        for at in range(row, last + 1):
            back = s.backs[at]
            soon(s.held, s.backs[min(at + 8, last)] & LOW)
            member = back & LOW
            arc = s.held[member]
            pays = far + (back >> 32) + price
            if arc == WAITING:
                if s.here[member] and pays - s.waits[member] < best:
                    best, comer, end = pays - s.waits[member], member, mentor
                continue
            other = arc & LOW
            longer = pays - (arc >> 32) - s.prices[other]
            if longer < best and other != mentor and (w.seen[other] != now or longer < w.distance[other]):
                if w.seen[other] != now:
                    w.seen[other] = now
                    w.place[other] = size
                    size += 1
                w.distance[other], w.via[other], w.toward[other] = longer, back, mentor
                rise(w.heap, w.place, w.distance, wide(w.place[other]), other)
                stays = longer + s.prices[other] - s.seat_costs[s.seat_first[other] + s.loads[other] - 1]
                if stays < best:
                    best, comer, end = stays, -1, other
    w.counts[SETTLED] += settled
    for at in range(settled):
        mentor = wide(w.settled[at])
        if w.distance[mentor] < best:
            changes(w, mentor, s.prices[mentor])
            s.prices[mentor] -= best - w.distance[mentor]
    cost = wide(0)
    if comer >= 0:
        row = s.arc_first[comer]
        for at in range(row, row + s.arc_count[comer]):
            if s.arcs[at] & LOW == end:
                cost = s.arcs[at] >> 32
    while True:
        member, onward, fare = wide(-1), wide(-1), wide(0)
        if end != empty:
            member, onward, fare = w.via[end] & LOW, wide(w.toward[end]), w.via[end] >> 32
            unseat(s, member)
        changes(w, end, s.prices[end])
        if comer >= 0:
            moves(w, comer)
            seat(s, comer, end, cost)
        if end == empty:
            break
        comer, cost, end = member, fare, onward
