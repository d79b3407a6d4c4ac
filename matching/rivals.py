"""Which is the smallest set of learners and mentors that compete, where some learner finds no seat?

A learner without a seat wants certain mentors; who sits with those wants others, and so on.  What is reached
so is closed: its learners want no other mentors, its mentors have no other learners and no seat left.  It is
the smallest such set with that learner, and a minimum cut of the network of who wants whom (Koenig 1931,
Ford and Fulkerson 1956); `tests/matching/test_rivals.py` holds it equal to networkx's.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.columns import Flags, Numbers


class Wanted(NamedTuple):
    """Learners who want the same mentors are of one kind; `bits` has a bit a mentor, kind after kind."""

    kind: Sequence[int]  # of each learner
    bits: bytes
    mentors: int


class Rivals(NamedTuple):
    learners: Numbers
    mentors: Numbers
    seat: int  # a mentor of them with a seat free, so that somebody could come by a chain of changes; -1 if none


def wanted(kind: Sequence[int], wishes: Flags) -> Wanted:
    """`kind` has for each learner the row of `wishes`, which has a flag a mentor."""
    packed = np.packbits(wishes, axis=1, bitorder="little")
    return Wanted(kind, packed.tobytes(), wishes.shape[1])


def rivals(want: Wanted, chosen: Numbers, seats: Numbers, start: Sequence[int] | Numbers) -> Rivals:
    """`chosen` is each learner's mentor or -1, `seats` how many each mentor had; `start` are learners without."""
    order = np.argsort(chosen, kind="stable")
    begin = np.searchsorted(chosen[order], np.arange(want.mentors + 1))
    free = np.diff(begin) < seats
    reached = [int(each) for each in start]
    met, seen, seat, everybody = 0, set[int](), -1, (1 << want.mentors) - 1
    width = -(-want.mentors // 8)
    for learner in reached:  # grows while it is gone through
        kind = want.kind[learner]
        if kind in seen:
            continue
        seen.add(kind)
        fresh = int.from_bytes(want.bits[kind * width : (kind + 1) * width], "little") & ~met
        met |= fresh
        for mentor in _places(fresh, want.mentors) if fresh else ():
            if free[mentor] and seat < 0:
                seat = mentor
            reached += order[begin[mentor] : begin[mentor + 1]].tolist()
        if met == everybody:  # who sits with any of them is reached
            break
    return Rivals(np.sort(np.asarray(reached, dtype=np.int64)), np.asarray(_places(met, want.mentors)), seat)


def _places(bits: int, count: int) -> list[int]:
    """Which of so many bits are set."""
    laid: NDArray[np.uint8] = np.frombuffer(bits.to_bytes(-(-count // 8), "little"), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(laid, bitorder="little")[:count]).tolist()
