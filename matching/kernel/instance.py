"""What is there to assign?  Learners' arcs and mentors' seats, as plain arrays that fit both engines."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

DEAREST = 1 << 36  # of one wait or seat, either way
MOST = 1 << 24  # learners, mentors; so no sum of costs overflows


class Instance(NamedTuple):
    """Arcs of learner `l` are `starts[l]:starts[l + 1]`, seats of mentor `m` `seat_starts[m]:seat_starts[m + 1]`.

    A learner costs `costs` with a mentor, plus the seat; or `waits` without.  A mentor's seats never get
    cheaper, so the first ones fill first.  Any cost may be negative.
    """

    starts: Int32  # [learners + 1]
    mentors: Int32  # [arcs]
    costs: Int32  # [arcs]
    waits: Int64  # [learners]
    seat_starts: Int32  # [mentors + 1]
    seat_costs: Int64  # [seats]

    @classmethod
    def checked(
        cls,
        starts: ArrayLike,
        mentors: ArrayLike,
        costs: ArrayLike,
        waits: ArrayLike,
        seat_starts: ArrayLike,
        seat_costs: ArrayLike,
    ) -> "Instance":
        """Raises ValueError, naming the array, for a wrong shape or a number out of range."""
        found = cls(
            _whole("starts", starts, np.int32),
            _whole("mentors", mentors, np.int32),
            _whole("costs", costs, np.int32),
            _whole("waits", waits, np.int64),
            _whole("seat_starts", seat_starts, np.int32),
            _whole("seat_costs", seat_costs, np.int64),
        )
        learners, count = len(found.waits), len(found.seat_starts) - 1
        _row_ends("starts", found.starts, learners, len(found.mentors))
        _row_ends("seat_starts", found.seat_starts, count, len(found.seat_costs))
        if len(found.costs) != len(found.mentors):
            raise ValueError(f"costs: {len(found.costs)} for {len(found.mentors)} arcs")
        if len(found.mentors) and not 0 <= found.mentors.min() <= found.mentors.max() < count:
            raise ValueError(f"mentors: not all of 0 to {count - 1}")
        if max(learners, count) > MOST:
            raise ValueError(f"waits: more than {MOST} learners or mentors")
        _within("waits", found.waits)
        _within("seat_costs", found.seat_costs)
        falls = np.diff(found.seat_costs) < 0
        firsts = found.seat_starts[1:-1]
        falls[firsts[(firsts > 0) & (firsts < len(found.seat_costs))] - 1] = False  # another mentor's
        if falls.any():
            raise ValueError(f"seat_costs: seat {int(falls.argmax()) + 1} is cheaper than the one before it")
        return found


def row_places(first: NDArray[Any], count: NDArray[Any]) -> Int64:
    """Where in a pool the entries of these rows are, row after row."""
    ends = count.cumsum(dtype=np.int64)
    return np.repeat(first - (ends - count), count) + np.arange(ends[-1] if len(ends) else 0)


def _whole(name: str, given: ArrayLike, kind: Any) -> NDArray[Any]:
    array = np.asarray(given)
    if array.ndim != 1:
        raise ValueError(f"{name}: {array.ndim} dimensions, not one")
    if array.dtype == kind:
        return np.ascontiguousarray(array)
    if not len(array):
        return np.empty(0, kind)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name}: {array.dtype}, not whole numbers")
    limits = np.iinfo(kind)
    if int(array.min()) < limits.min or int(array.max()) > limits.max:
        raise ValueError(f"{name}: beyond {limits.bits} bits")
    return array.astype(kind)


def _row_ends(name: str, ends: Int32, rows: int, total: int) -> None:
    if len(ends) != rows + 1 or ends[0] != 0 or ends[-1] != total or (np.diff(ends) < 0).any():
        raise ValueError(f"{name}: not {rows + 1} numbers rising from 0 to {total}")


def _within(name: str, array: Int64) -> None:
    if len(array) and max(-int(array.min()), int(array.max())) > DEAREST:
        raise ValueError(f"{name}: beyond {DEAREST}")
