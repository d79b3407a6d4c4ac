"""Is this assignment proven to cost the least?  A price for each mentor proves it, or shows where it does not.

Theorem (weak duality, Bertsekas 1998, Network Optimization, prop. 4.2, with convex arcs 9.1).  Let every
learner pay `cost + price` of the mentor chosen, or the wait, and let no arc of theirs and not waiting be
less.  Let each mentor's price be no less than the dearest seat taken and no more than the cheapest free.
Then no other assignment costs less: with any other one, what learners pay is no less, one by one; and
seats less prices are least, mentor by mentor, at the present loads, for seats only get dearer; the sum of
both is the cost of the assignment.

Nothing here is shared with the searches but how arrays lie.  What fails is returned, not whether.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled, inlined, soon, wide
from matching.kernel.instance import Instance, Int32, Int64
from matching.kernel.scratch import LEARNERS, MENTORS, Scratch
from matching.kernel.state import LOW, WAITING, State

Why = Literal[
    "has no such mentor", "could pay less", "too few seats", "a seat taken is dearer", "a free seat is cheaper"
]  # fmt: skip
WHY: tuple[Why, ...] = get_args(Why)
NO_ARC, LESS, OVER, DEARER, CHEAPER = range(5)
SHOWN = 100  # faults told at most


class Fault(NamedTuple):
    why: Why
    learner: int  # or -1
    mentor: int  # who would be better, or whose price or seats are wrong; -1 is waiting
    by: int  # cost points, or seats


def faults(
    instance: Instance,
    chosen: Int32,
    prices: Int64,
    lanes: int = 1,
    each: Callable[..., Iterable[Any]] = map,
) -> list[Fault]:
    """In full; `chosen` is each learner's mentor or -1.  An empty list is the proof.

    Learners are shared out to `lanes`, which `each` may run at once.
    """
    ends = np.linspace(0, len(chosen), lanes + 1).astype(int).tolist()
    found = np.zeros((lanes + 1, SHOWN, 4), np.int64)
    loads = np.zeros((lanes, len(prices)), np.int32)

    def look(lane: int) -> int:
        return _learners(instance, chosen, prices, ends[lane], ends[lane + 1], loads[lane], found[lane])

    counts = [*each(look, range(lanes))]
    counts.append(_mentors(instance.seat_starts, instance.seat_costs, loads.sum(0), prices, found[-1]))
    return [fault for part, count in zip(found, counts, strict=True) for fault in _told(part, count)]


def faults_nearby(state: State, scratch: Scratch) -> list[Fault]:
    """Of all that could be wrong after the events that `scratch` noted, if all was right before them.

    Those are: the price of a mentor noted; what a learner noted pays; what members of a mentor who got dearer
    pay; and whether a mentor who got cheaper would now suit anybody else.
    """
    found = np.zeros((SHOWN, 4), np.int64)
    return _told(found, near(state, scratch, found))


def _told(found: Int64, count: int) -> list[Fault]:
    return [
        Fault(WHY[why], learner, mentor, by)
        for why, learner, mentor, by in found[: min(count, SHOWN)].tolist()
    ]


@inlined
def _note(found: Int64, count: int, why: int, learner: int, mentor: int, by: int) -> int:
    if count < len(found):
        found[count, 0], found[count, 1], found[count, 2], found[count, 3] = why, learner, mentor, by
    return count + 1


@compiled
def _learners(
    instance: Instance, chosen: Int32, prices: Int64, first: int, end: int, loads: Int32, found: Int64
) -> int:
    count = wide(0)
    for learner in range(first, end):
        mine = wide(chosen[learner])
        least, better = instance.waits[learner], -1
        pays, known = instance.waits[learner], mine < 0
        for at in range(instance.starts[learner], instance.starts[learner + 1]):
            mentor = wide(instance.mentors[at])
            value = instance.costs[at] + prices[mentor]
            better = mentor if value < least else better
            least = min(value, least)
            pays = value if mentor == mine else pays
            known |= mentor == mine
        if mine >= 0:
            loads[mine] += 1
        if not known:
            count = _note(found, count, NO_ARC, learner, mine, 0)
        elif pays > least:
            count = _note(found, count, LESS, learner, better, pays - least)
    return count


@compiled
def _mentors(starts: Int32, costs: Int64, loads: Int64, prices: Int64, found: Int64) -> int:
    count = wide(0)
    for mentor in range(len(prices)):
        first, end = wide(starts[mentor]), wide(starts[mentor + 1])
        count = _mentor(mentor, first, end, costs, loads[mentor], prices[mentor], found, count)
    return count


@compiled
def _mentor(
    mentor: int, first: int, end: int, costs: Int64, load: int, price: int, found: Int64, count: int
) -> int:
    if load > end - first:
        return _note(found, count, OVER, -1, mentor, load - (end - first))
    if load > 0 and costs[first + load - 1] > price:
        count = _note(found, count, DEARER, -1, mentor, costs[first + load - 1] - price)
    if first + load < end and costs[first + load] < price:
        count = _note(found, count, CHEAPER, -1, mentor, price - costs[first + load])
    return count


@compiled
def near(s: State, w: Scratch, found: NDArray[np.int64]) -> int:
    count = wide(0)
    for at in range(w.counts[LEARNERS]):
        if s.here[w.learners[at]]:
            count = _content(s, wide(w.learners[at]), found, count)
    for at in range(w.counts[MENTORS]):
        mentor = wide(w.mentors[at])
        first, load, price = s.seat_first[mentor], wide(s.loads[mentor]), s.prices[mentor]
        count = _mentor(mentor, first, first + s.seat_count[mentor], s.seat_costs, load, price, found, count)
        if price > w.before[at]:
            for seat in range(first, first + load):
                soon(s.waits, s.members[seat])
                soon(s.held, s.members[seat])
            for seat in range(first, first + load):
                row = s.arc_first[s.members[min(seat + 2, first + load - 1)]]
                for line in range(row, row + 24, 8):
                    soon(s.arcs, line)
                count = _content(s, wide(s.members[seat]), found, count)
        if price < w.before[at]:
            row, last = s.back_first[mentor], s.back_first[mentor] + s.back_count[mentor] - 1
            for back_at in range(row, last + 1):
                back = s.backs[back_at]
                soon(s.held, s.backs[min(back_at + 8, last)] & LOW)
                learner, arc = back & LOW, s.held[back & LOW]
                pays = s.waits[learner] if arc == WAITING else (arc >> 32) + s.prices[arc & LOW]
                if (back >> 32) + price < pays and s.here[learner]:
                    count = _note(found, count, LESS, learner, mentor, pays - (back >> 32) - price)
    return count


@compiled
def _content(s: State, learner: int, found: Int64, count: int) -> int:
    arc = s.held[learner]
    pays = s.waits[learner] if arc == WAITING else (arc >> 32) + s.prices[arc & LOW]
    least, better = s.waits[learner], -1
    known = arc == WAITING
    row = s.arc_first[learner]
    for at in range(row, row + s.arc_count[learner]):
        other = s.arcs[at]
        value = (other >> 32) + s.prices[other & LOW]
        better = other & LOW if value < least else better
        least = min(value, least)
        known |= other == arc
    if not known:
        return _note(found, count, NO_ARC, learner, arc & LOW, 0)
    return _note(found, count, LESS, learner, better, pays - least) if pays > least else count
