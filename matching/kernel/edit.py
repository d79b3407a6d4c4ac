"""How does the pool itself change?  Arcs and seats come, go and change cost; nobody is moved yet.

A row without room moves to its pool's end with twice the room.  Each edit says how it went: DONE, or FULL
if the pool has no room either, or that there is nothing such, or one already; then nothing has changed.
"""

from matching.compiled import compiled, wide
from matching.kernel.instance import Int32, Int64
from matching.kernel.state import LOW, State

DONE, FULL, MISSING, TWICE = 0, 1, 2, 3
ARCS, SEATS, BACKS = 0, 1, 2  # of `used`


@compiled
def found(rows: Int64, first: Int64, count: Int32, row: int, low: int) -> int:
    """Where in its pool a row has the entry whose lower half is `low`, or -1."""
    for at in range(first[row], first[row] + count[row]):
        if rows[at] & LOW == low:
            return at
    return -1


@compiled
def roomy(rows: Int64, first: Int64, count: Int32, room: Int32, row: int, used: Int64, pool: int) -> bool:
    """Sees to it that `row` has room for one more."""
    if count[row] < room[row]:
        return True
    wanted = 2 * room[row] + 2
    if used[pool] + wanted > len(rows):
        return False
    start = used[pool]
    for at in range(count[row]):
        rows[start + at] = rows[first[row] + at]
    first[row], room[row] = start, wanted
    used[pool] += wanted
    return True


@compiled
def add_arc(s: State, learner: int, mentor: int, cost: int) -> int:
    if found(s.arcs, s.arc_first, s.arc_count, learner, mentor) >= 0:
        return TWICE
    if not roomy(s.arcs, s.arc_first, s.arc_count, s.arc_room, learner, s.used, ARCS):
        return FULL
    if not roomy(s.backs, s.back_first, s.back_count, s.back_room, mentor, s.used, BACKS):
        return FULL
    s.arcs[s.arc_first[learner] + s.arc_count[learner]] = (wide(cost) << 32) | mentor
    s.backs[s.back_first[mentor] + s.back_count[mentor]] = (wide(cost) << 32) | learner
    s.arc_count[learner] += 1
    s.back_count[mentor] += 1
    return DONE


@compiled
def drop_arc(s: State, learner: int, mentor: int) -> int:
    at = found(s.arcs, s.arc_first, s.arc_count, learner, mentor)
    if at < 0:
        return MISSING
    s.arc_count[learner] -= 1
    s.arcs[at] = s.arcs[s.arc_first[learner] + s.arc_count[learner]]
    at = found(s.backs, s.back_first, s.back_count, mentor, learner)
    s.back_count[mentor] -= 1
    s.backs[at] = s.backs[s.back_first[mentor] + s.back_count[mentor]]
    return DONE


@compiled
def set_cost(s: State, learner: int, mentor: int, cost: int) -> int:
    at = found(s.arcs, s.arc_first, s.arc_count, learner, mentor)
    if at < 0:
        return MISSING
    s.arcs[at] = (wide(cost) << 32) | mentor
    s.backs[found(s.backs, s.back_first, s.back_count, mentor, learner)] = (wide(cost) << 32) | learner
    return DONE


@compiled
def add_seat(s: State, mentor: int, cost: int) -> int:
    """Members lie beside the seats, so the two rows move as one."""
    if s.seat_count[mentor] == s.seat_room[mentor]:
        wanted = 2 * s.seat_room[mentor] + 2
        start, old = s.used[SEATS], s.seat_first[mentor]
        if start + wanted > len(s.seat_costs):
            return FULL
        for at in range(s.seat_count[mentor]):
            s.seat_costs[start + at] = s.seat_costs[old + at]
            s.members[start + at] = s.members[old + at]
        s.seat_first[mentor], s.seat_room[mentor] = start, wanted
        s.used[SEATS] += wanted
    at = s.seat_first[mentor] + s.seat_count[mentor]
    while at > s.seat_first[mentor] and s.seat_costs[at - 1] > cost:
        s.seat_costs[at] = s.seat_costs[at - 1]
        at -= 1
    s.seat_costs[at] = cost
    s.seat_count[mentor] += 1
    return DONE


@compiled
def drop_seat(s: State, mentor: int, cost: int) -> int:
    """One of the mentor's seats at that cost; more members than seats may be left."""
    at, end = s.seat_first[mentor], s.seat_first[mentor] + s.seat_count[mentor]
    while at < end and s.seat_costs[at] != cost:
        at += 1
    if at == end:
        return MISSING
    for later in range(at, end - 1):
        s.seat_costs[later] = s.seat_costs[later + 1]
    s.seat_count[mentor] -= 1
    return DONE
