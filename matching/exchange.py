"""Which cheaper choice is near this one?  Moves learners while that saves, never beyond a mentor's units.

The best move for each learner in turn: to a mentor with room, or to waiting; to a mentor who gives
another learner away to a third mentor, or in exchange, or to waiting.
"""

import numpy as np

from matching.columns import Numbers
from matching.compiled import compiled
from matching.instance import Instance

PASSES = 60  # over all learners; a pass without a saving ends it sooner


def improved(pool: Instance, arcs: Numbers, passes: int = PASSES) -> Numbers:
    """For each learner an arc, below 0 for waiting; `arcs` must keep every limit, and so does the answer."""
    found = arcs.copy()
    sums = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(pool.prices)])
    starts = np.zeros(len(pool.places) + 1, dtype=np.int64)
    np.cumsum(np.bincount(pool.mentor, minlength=len(pool.places)), out=starts[1:])
    cheapest = pool.waits.copy()
    np.minimum.at(cheapest, np.repeat(np.arange(len(pool.waits)), np.diff(pool.first)), pool.cost)
    _exchange(
        pool.first, pool.mentor, pool.cost, pool.units, pool.waits, pool.begin, sums, pool.places, starts,
        cheapest, found, passes,
    )  # fmt: skip
    return found


@compiled
def _exchange(
    first: Numbers, mentor: Numbers, cost: Numbers, units: Numbers, waits: Numbers, begin: Numbers,
    sums: Numbers, places: Numbers, starts: Numbers, cheapest: Numbers, arcs: Numbers, passes: int,
) -> None:  # fmt: skip
    spent = np.zeros(len(places), np.int64)
    count = np.zeros(len(places), np.int64)
    members = np.zeros(len(mentor), np.int64)  # of mentor b: members[starts[b] : starts[b] + count[b]]
    place = np.zeros(len(waits), np.int64)
    for learner in range(len(waits)):
        if arcs[learner] >= 0:
            a = mentor[arcs[learner]]
            members[starts[a] + count[a]] = learner
            place[learner] = count[a]
            count[a] += 1
            spent[a] += units[arcs[learner]]
    for _ in range(passes):
        moved = False
        for learner in range(len(waits)):
            own, a, freed, left = arcs[learner], -1, 0, waits[learner]
            if own >= 0:
                a, freed, left = mentor[own], units[own], cost[own]
                left += sums[begin[a] + spent[a]] - sums[begin[a] + spent[a] - freed]
            best, to, other, then = min(0, waits[learner] - left), -1, -1, -1
            for arc in range(first[learner], first[learner + 1]):
                b = mentor[arc]
                if b == a:
                    continue
                full = begin[b] + spent[b]
                need = full + units[arc]
                enter = cost[arc] - left - sums[full]
                if need <= begin[b + 1] and count[b] < places[b]:
                    saved = enter + sums[need]
                    if saved < best:
                        best, to, other, then = saved, arc, -1, -1
                for at in range(starts[b], starts[b] + count[b]):
                    member = members[at]
                    held = arcs[member]
                    given = need - units[held]
                    if given > begin[b + 1]:
                        continue
                    swap = enter + sums[given] - cost[held]
                    if swap + cheapest[member] >= best:
                        continue
                    if swap + waits[member] < best:
                        best, to, other, then = swap + waits[member], arc, member, -1
                    for last in range(first[member], first[member + 1]):
                        c = mentor[last]
                        if c == b or (c != a and count[c] >= places[c]):
                            continue
                        low = begin[c] + spent[c]
                        if c == a:
                            low -= freed
                        if low + units[last] > begin[c + 1]:
                            continue
                        saved = swap + cost[last] + sums[low + units[last]] - sums[low]
                        if saved < best:
                            best, to, other, then = saved, arc, member, last
            if best < 0:
                moved = True
                _take(learner, to, other, then, arcs, mentor, units, spent, count, members, place, starts)
        if not moved:
            return


@compiled
def _take(
    learner: int, to: int, other: int, then: int, arcs: Numbers, mentor: Numbers, units: Numbers,
    spent: Numbers, count: Numbers, members: Numbers, place: Numbers, starts: Numbers,
) -> None:  # fmt: skip
    """The learner leaves for `to`; so does `other`, if any, for `then`."""
    for who in (learner, other):
        if who >= 0 and arcs[who] >= 0:
            a = mentor[arcs[who]]
            spent[a] -= units[arcs[who]]
            count[a] -= 1
            final = members[starts[a] + count[a]]
            members[starts[a] + place[who]] = final
            place[final] = place[who]
    for who, arc in ((learner, to), (other, then)):
        if who >= 0:
            arcs[who] = arc
            if arc >= 0:
                b = mentor[arc]
                spent[b] += units[arc]
                members[starts[b] + count[b]] = who
                place[who] = count[b]
                count[b] += 1
