"""What does one event change, so that the whole is the cheapest again?  Few pairs, found by few searches.

Raising a cost nobody pays and lowering one somebody pays leave all as it is.  Else the learner concerned
stands up and is placed anew, and the seat left, if it is cheaper than its price now, is filled.
"""

from matching.compiled import compiled, wide
from matching.kernel import edit
from matching.kernel.edit import DONE
from matching.kernel.instance import Int64
from matching.kernel.scratch import CHANGE, LEARNERS, MENTORS, Scratch, changes, moves
from matching.kernel.search import fill, place, unseat
from matching.kernel.state import LOW, WAITING, State

# kinds of event; a row of `change` is kind, learner, mentor, value
ARRIVE, LEAVE, CHANGE_WAIT, CHANGE_COST, ADD_EDGE, REMOVE_EDGE, ADD_SEAT, REMOVE_SEAT = range(8)


@compiled
def change(s: State, w: Scratch, events: Int64) -> tuple[int, int]:
    """Carries out `events` [n, 4] one after another: how many, and how the first one that could not went.

    ARRIVE is for a learner who is not here, with the wait as value and the arcs added before; LEAVE takes
    the arcs, too.  Seats are named by their cost.  `w` tells afterwards what all of it changed.
    """
    w.counts[CHANGE] += 1
    w.counts[MENTORS] = w.counts[LEARNERS] = 0
    for at in range(len(events)):
        went = _one(s, w, events[at, 0], events[at, 1], events[at, 2], events[at, 3])
        if went != DONE:
            return at, went
    return len(events), DONE


@compiled
def _one(s: State, w: Scratch, kind: int, learner: int, mentor: int, value: int) -> int:
    if kind >= ADD_SEAT:
        changes(w, mentor, s.prices[mentor])
        return _seat_comes(s, w, mentor, value) if kind == ADD_SEAT else _seat_goes(s, w, mentor, value)
    if s.here[learner] == (kind == ARRIVE) and kind != ADD_EDGE:
        return edit.TWICE if kind == ARRIVE else edit.MISSING
    moves(w, learner)
    went = DONE
    if kind == ARRIVE:
        s.waits[learner], s.held[learner], s.here[learner] = value, WAITING, True
    elif kind == LEAVE:
        _leaves(s, w, learner)
    elif kind == CHANGE_WAIT:
        s.waits[learner] = value
    elif kind == CHANGE_COST:
        went = edit.set_cost(s, learner, mentor, value)
        if went == DONE and s.held[learner] != WAITING and s.held[learner] & LOW == mentor:
            s.held[learner] = (wide(value) << 32) | mentor
    elif kind == ADD_EDGE:
        went = edit.add_arc(s, learner, mentor, value)
    else:
        went = edit.drop_arc(s, learner, mentor)
        if went == DONE and s.held[learner] != WAITING and s.held[learner] & LOW == mentor:
            _stands_up(s, w, learner)
            place(s, w, learner, wide(-1))
            refill(s, w, mentor)
    if went == DONE and s.here[learner]:
        _content(s, w, learner)
    return went


@compiled
def _content(s: State, w: Scratch, learner: int) -> None:
    """Places a learner anew who would rather be elsewhere."""
    least = s.waits[learner]
    row = s.arc_first[learner]
    for at in range(row, row + s.arc_count[learner]):
        least = min(least, (s.arcs[at] >> 32) + s.prices[s.arcs[at] & LOW])
    arc = s.held[learner]
    if (s.waits[learner] if arc == WAITING else (arc >> 32) + s.prices[arc & LOW]) <= least:
        return
    left = _stands_up(s, w, learner)
    place(s, w, learner, wide(-1))
    if left >= 0:
        refill(s, w, left)


@compiled
def _stands_up(s: State, w: Scratch, learner: int) -> int:
    """The mentor left, or -1."""
    if s.held[learner] == WAITING:
        return -1
    mentor = s.held[learner] & LOW
    changes(w, mentor, s.prices[mentor])
    return unseat(s, learner)


@compiled
def refill(s: State, w: Scratch, mentor: int) -> None:
    while s.loads[mentor] < s.seat_count[mentor]:
        if s.prices[mentor] <= s.seat_costs[s.seat_first[mentor] + s.loads[mentor]]:
            break
        fill(s, w, mentor)


@compiled
def _leaves(s: State, w: Scratch, learner: int) -> None:
    left = _stands_up(s, w, learner)
    s.here[learner] = False
    while s.arc_count[learner]:
        edit.drop_arc(s, learner, s.arcs[s.arc_first[learner]] & LOW)
    if left >= 0:
        refill(s, w, left)


@compiled
def _seat_comes(s: State, w: Scratch, mentor: int, cost: int) -> int:
    went = edit.add_seat(s, mentor, cost)
    if went == DONE:
        refill(s, w, mentor)
    return went


@compiled
def _seat_goes(s: State, w: Scratch, mentor: int, cost: int) -> int:
    """Whoever is one too many, or keeps a seat dearer than its price, makes room, or all prices around rise."""
    went = edit.drop_seat(s, mentor, cost)
    load = s.loads[mentor]
    if went != DONE or load == 0:
        return went
    if load > s.seat_count[mentor] or s.seat_costs[s.seat_first[mentor] + load - 1] > s.prices[mentor]:
        place(s, w, wide(-1), mentor)
    return went
