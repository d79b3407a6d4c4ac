"""What does the kernel know of a pool while it works?  Arrays only, so that compiled code can share them.

Learners and mentors stand in the kernel's own order (see `order`).  An arc is one number, its cost above
its mentor, so that a learner's few lie in a few cache lines; a back arc is its cost above its learner.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled
from matching.kernel.instance import Instance, Int32, Int64
from matching.kernel.order import Order, ranked

WAITING = -1  # held instead of an arc; no arc looks so, for no mentor has the number 2^32 - 1
LOW = 0xFFFFFFFF
NEVER = 1 << 60  # a price nobody pays; also that of a mentor without seats

Bools = NDArray[np.bool_]
# what is looked at together lies together: a `State` has the fields of these as arrays of their own
LEARNER = np.dtype([("arc_first", "i8"), ("waits", "i8"), ("arc_count", "i4"), ("spot", "i4")])
MENTOR = np.dtype(
    [
        ("seat_first", "i8"), ("seat_count", "i4"), ("loads", "i4"), ("back_first", "i8"), ("back_count", "i4"),
        ("back_room", "i4"),
    ]
)  # fmt: skip


class State(NamedTuple):
    """Rows lie in pools: row `i` is `first[i] : first[i] + count[i]` of its pool, at most `room[i]` long."""

    arc_first: Int64  # [learners]
    arc_count: Int32
    arc_room: Int32
    arcs: Int64
    waits: Int64  # [learners]
    held: Int64  # [learners] the arc in use, or WAITING
    spot: Int32  # [learners] place among the mentor's members
    here: Bools  # [learners]
    seat_first: Int64  # [mentors]
    seat_count: Int32
    seat_room: Int32
    seat_costs: Int64  # each row sorted
    members: Int32  # in the seats' pool, the first `loads` of a row
    loads: Int32  # [mentors]
    prices: Int64  # [mentors]
    back_first: Int64  # [mentors]
    back_count: Int32
    back_room: Int32
    backs: Int64  # in no order
    used: Int64  # how much of the pools of arcs, seats and backs is taken


SPARE = 8  # a pool begins with one in so many places free, and a table too


def laid_out(instance: Instance, order: Order) -> State:
    """Nobody is seated yet, and each mentor's price is the first seat's.  Raises ValueError for a pair named twice."""
    learners, mentors, total = len(order.learners), len(order.mentors), len(instance.mentors)
    learner, mentor = np.zeros(_more(learners), LEARNER), np.zeros(_more(mentors), MENTOR)
    learner["waits"][:learners] = instance.waits[order.learners]
    _rows(learner[:learners], ("arc_first", "arc_count"), instance.starts, order.learners)
    _rows(mentor[:mentors], ("seat_first", "seat_count"), instance.seat_starts, order.mentors)
    # numpy's large arrays lie in large pages, those of compiled code do not
    arcs, backs = np.empty(_more(total), np.int64), np.empty(_more(total), np.int64)
    backward = mentor["back_count"]
    _arcs(instance, ranked(order.learners), ranked(order.mentors), learner["arc_first"], arcs, backward)
    mentor["back_room"], mentor["back_first"] = backward, backward.cumsum(dtype=np.int64) - backward
    twice = _backs(arcs, learner["arc_first"], learner["arc_count"], mentor["back_first"], backs)
    if twice >= 0:
        raise ValueError(f"mentors: learner {order.learners[twice]} names one of them twice")
    begin, count = mentor["seat_first"], mentor["seat_count"]
    moved = instance.seat_starts[:-1][order.mentors] - begin[:mentors]
    taken = np.repeat(moved, count[:mentors]) + np.arange(len(instance.seat_costs))
    costs = np.zeros(_more(len(taken)), np.int64)
    costs[: len(taken)] = instance.seat_costs[taken]
    prices = np.full(len(mentor), NEVER)
    prices[count > 0] = costs[begin[count > 0]]
    here = np.arange(len(learner)) < learners
    return State(
        learner["arc_first"], learner["arc_count"], learner["arc_count"].copy(), arcs, learner["waits"],
        np.full(len(learner), WAITING, np.int64), learner["spot"], here, begin, count, count.copy(), costs,
        np.zeros(len(costs), np.int32), mentor["loads"], prices, mentor["back_first"], mentor["back_count"],
        mentor["back_room"], backs, np.array([total, len(taken), total]),
    )  # fmt: skip


def _more(count: int) -> int:
    return count + count // SPARE + SPARE


def _rows(table: NDArray[np.void], names: tuple[str, str], starts: Int32, places: Int32) -> None:
    count = np.diff(starts)[places]
    table[names[0]], table[names[1]] = count.cumsum(dtype=np.int64) - count, count


@compiled
def _arcs(
    instance: Instance, learners: Int32, mentors: Int32, first: Int64, arcs: Int64, back_count: Int32
) -> None:
    for learner in range(len(learners)):
        begin = instance.starts[learner]
        move = first[learners[learner]] - begin
        for at in range(begin, instance.starts[learner + 1]):
            mentor = mentors[instance.mentors[at]]
            arcs[move + at] = (np.int64(instance.costs[at]) << 32) | mentor
            back_count[mentor] += 1


@compiled
def _backs(arcs: Int64, arc_first: Int64, arc_count: Int32, back_first: Int64, backs: Int64) -> int:
    """The arcs by mentor; returns a learner who has two to one mentor, or -1."""
    ends = back_first.copy()
    twice = -1
    for learner in range(len(arc_first)):
        for at in range(arc_first[learner], arc_first[learner] + arc_count[learner]):
            mentor = arcs[at] & LOW
            end = ends[mentor]
            if end > back_first[mentor] and backs[end - 1] & LOW == learner:
                twice = learner
            backs[end] = (arcs[at] >> 32 << 32) | learner
            ends[mentor] = end + 1
    return twice


def roomier(state: State) -> State:
    """The same state with half as much again of every table and pool."""
    learner = np.zeros(_half_more(state.waits), LEARNER)
    mentor = np.zeros(_half_more(state.prices), MENTOR)
    longer = {name: _longer(array) for name, array in state._asdict().items() if name != "used"}
    for table in (learner, mentor):
        for name in table.dtype.names or ():
            if name in longer:
                table[name] = longer[name]
                longer[name] = table[name]
    longer["held"][len(state.held) :] = WAITING
    longer["prices"][len(state.prices) :] = NEVER
    return State(**longer, used=state.used)


def _half_more(array: NDArray[Any]) -> int:
    return len(array) + len(array) // 2 + SPARE


def _longer(array: NDArray[Any]) -> NDArray[Any]:
    longer = np.zeros(_half_more(array), array.dtype)
    longer[: len(array)] = array
    return longer
