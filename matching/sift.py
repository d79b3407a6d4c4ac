"""Which of a block's pairs are among a learner's best?  Looks at a run of pairs at once, prices the few that may be.

`product` holds for each pair a number that falls short of `most` by no more than cost + price, less a point a
term and give or take `slack`; so what is above the bar may be better than the worst key, and only that.
"""

import numpy as np
from numpy.typing import NDArray

from matching.compiled import Numbers, compiled
from matching.features import Columns

RUN = 64  # pairs looked at together
ROUNDING = 2.0**-23  # twice the u of single floats: the columns are rounded once, too

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def floors(product: Floats, sure: int) -> Floats:
    """What so many pairs of each learner reach at the least: of each run the best, of those the last."""
    runs = product.shape[1] // RUN
    if runs < sure:
        return np.full(len(product), -np.inf, dtype=np.float32)
    tops = np.partition(_tops(product.view(np.int32)), -sure, axis=1)[:, -sure]
    return _ordered(tops).view(np.float32)


def _ordered(bits: NDArray[np.int32]) -> NDArray[np.int32]:
    """Bits of floats to whole numbers in the same order, and back."""
    return bits ^ ((bits >> np.int32(31)) & np.int32(0x7FFFFFFF))


@compiled
def _tops(bits: NDArray[np.int32]) -> NDArray[np.int32]:
    """The greatest of each run; whole numbers have no special cases, so it becomes a few wide instructions."""
    tops = np.empty((bits.shape[0], bits.shape[1] // RUN), np.int32)
    for row in range(tops.shape[0]):
        for run in range(tops.shape[1]):
            part = bits[row, run * RUN : (run + 1) * RUN]
            top = np.int32(-(1 << 31))
            for at in range(RUN):
                value = part[at] ^ ((part[at] >> np.int32(31)) & np.int32(0x7FFFFFFF))
                top = value if value > top else top
            tops[row, run] = top
    return tops


@compiled
def sift(
    product: Floats, shared: Floats, mentors: Numbers, most: Doubles, slack: Doubles, floor: Floats,
    mine: Columns, whole: Columns, ends: Numbers, times: Numbers, full: Numbers, over: Numbers,
    hour_times: Numbers, hour_full: Numbers, hour_over: Numbers, hour_need: Numbers, paid: Numbers,
    begin: Numbers, end: Numbers, forbidden: Numbers, keys: Numbers,
) -> None:  # fmt: skip
    """Each learner's keys are a heap, the greatest first; a pair that could be below it is priced."""
    for row in range(len(keys)):
        heap, line, met = keys[row], product[row], shared[row % len(shared)]
        rate, enough = np.float32(hour_times[row] / hour_over[row]), np.float32(hour_full[row])
        worst = heap[0] >> 32
        bar = max(floor[row], np.float32(most[row] - slack[row] - worst - worst * ROUNDING))
        for run in range(0, len(line), RUN):
            if hour_times[row] and not _near(line[run : run + RUN], met[run : run + RUN], rate, enough, bar):
                continue
            if not _above(line[run : run + RUN], bar):
                continue
            for at in range(run, min(run + RUN, len(mentors))):
                if line[at] <= bar or met[at] < hour_need[row]:
                    continue
                cost = hour_times[row] * max(0, hour_full[row] - np.int64(met[at])) // hour_over[row]
                first = 0
                for term in range(len(ends)):
                    alike = _dot(mine[row, first : ends[term]], whole[at, first : ends[term]])
                    cost += times[term, row] * max(0, full[term, row] - alike) // over[term, row]
                    first = ends[term]
                key = (cost + paid[mentors[at]]) << 32 | mentors[at]
                if key < heap[0] and not _named(forbidden[begin[row] : end[row]], mentors[at]):
                    _replace(heap, key)
                    worst = heap[0] >> 32
                    bar = max(floor[row], np.float32(most[row] - slack[row] - worst - worst * ROUNDING))


@compiled
def _above(line: Floats, bar: np.float32) -> bool:
    """Of a fixed length and without branches, so that it becomes a few wide instructions."""
    found = np.int32(0)
    for at in range(RUN):
        found |= np.int32(line[at] > bar)
    return bool(found)


@compiled
def _near(line: Floats, met: Floats, rate: np.float32, enough: np.float32, bar: np.float32) -> bool:
    """The same, less what hours cost that are not shared."""
    found = np.int32(0)
    for at in range(RUN):
        missing = enough - met[at]
        missing = missing if missing > np.float32(0) else np.float32(0)
        found |= np.int32(line[at] - rate * missing > bar)
    return bool(found)


@compiled
def _dot(mine: Columns, theirs: Columns) -> int:
    total = np.int64(0)
    for at in range(len(mine)):
        total += np.int32(mine[at]) * np.int32(theirs[at])
    return int(total)


@compiled
def _named(forbidden: Numbers, mentor: int) -> bool:
    found = False
    for other in forbidden:
        found |= other == mentor
    return found


@compiled
def _replace(heap: Numbers, key: int) -> None:
    """The greatest goes, the key comes in."""
    node = 0
    while 2 * node + 1 < len(heap):
        child = 2 * node + 1
        if child + 1 < len(heap) and heap[child + 1] > heap[child]:
            child += 1
        if heap[child] <= key:
            break
        heap[node] = heap[child]
        node = child
    heap[node] = key
