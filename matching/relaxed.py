"""What do learners choose, and what do mentors, each alone, when the other side is only a price?

`slope` says for each price how it should change: more where more is wanted than there is.
"""

import numpy as np

from matching.columns import Numbers
from matching.compiled import compiled


@compiled
def sold(
    first: Numbers, mentor: Numbers, cost: Numbers, units: Numbers, waits: Numbers, begin: Numbers,
    prices: Numbers, places: Numbers, unit: Numbers, head: Numbers, slope: Numbers,
) -> int:  # fmt: skip
    """What learners pay less what mentors gain on units; adds to `slope` what is wanted beyond what is sold."""
    total = 0
    for learner in range(len(waits)):
        least, choice = waits[learner], -1
        for arc in range(first[learner], first[learner + 1]):
            asked = cost[arc] + units[arc] * unit[mentor[arc]] + head[mentor[arc]]
            if asked < least:
                least, choice = asked, arc
        total += least
        if choice >= 0:
            slope[mentor[choice]] += units[choice]
            slope[len(places) + mentor[choice]] += 1
        else:
            slope[2 * len(places)] -= 1
    for b in range(len(places)):
        for at in range(begin[b], begin[b + 1]):
            if unit[b] <= prices[at]:
                break
            total -= unit[b] - prices[at]
            slope[b] -= 1
    return total


@compiled
def packed(
    starts: Numbers, learner: Numbers, cost: Numbers, units: Numbers, begin: Numbers, prices: Numbers,
    worth: Numbers, head: Numbers, picked: Numbers, slope: Numbers,
) -> int:  # fmt: skip
    """What mentors gain at the most; marks each one's picks and takes them from `slope`.

    `value[u]` is the most that learners bring who need u units in all, `took` by whom it was reached.
    """
    gained = 0
    never = -(1 << 62)
    widest = 0
    for b in range(len(starts) - 1):
        widest = max(widest, begin[b + 1] - begin[b])
    value = np.empty(widest + 1, np.int64)
    for b in range(len(starts) - 1):
        room, most, many = begin[b + 1] - begin[b], 0, 0
        items = np.empty(starts[b + 1] - starts[b], np.int64)
        for arc in range(starts[b], starts[b + 1]):
            picked[arc] = 0
            if units[arc] <= room and worth[learner[arc]] > cost[arc] + head[b]:
                items[many] = arc
                many += 1
        took = np.zeros((many, room + 1), np.bool_)
        value[0] = 0
        value[1 : room + 1] = never
        for item in range(many):
            arc = items[item]
            need, gain = units[arc], worth[learner[arc]] - cost[arc] - head[b]
            most = min(room, most + need)
            for used in range(most, need - 1, -1):
                if value[used - need] + gain > value[used]:
                    value[used] = value[used - need] + gain
                    took[item, used] = True
        best, used, load = value[0], 0, 0
        for at in range(1, most + 1):
            load += prices[begin[b] + at - 1]
            if value[at] - load > best:
                best, used = value[at] - load, at
        gained += best
        for item in range(many - 1, -1, -1):
            if took[item, used]:
                arc = items[item]
                picked[arc] = 1
                slope[learner[arc]] -= 1
                slope[len(worth) + b] += 1
                used -= units[arc]
    return gained
