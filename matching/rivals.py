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
    """Learners who want the same mentors are of one kind; `bits` has a bit a mentor."""

    kind: list[int]  # of each learner
    bits: list[int]  # of each kind
    mentors: int


class Rivals(NamedTuple):
    learners: Numbers
    mentors: Numbers
    seat: int  # a mentor of them with a seat free, so that somebody could come by a chain of changes; -1 if none


def wanted(wishes: Sequence[Flags], mentors: int) -> Wanted:
    """`wishes` has for each learner a flag a mentor; alike learners may share one array, and do in a market."""
    kinds: dict[int, int] = {}
    bits: list[int] = []
    for each in wishes:
        if id(each) not in kinds:
            kinds[id(each)] = len(bits)
            bits.append(int.from_bytes(np.packbits(each, bitorder="little").tobytes(), "little"))
    return Wanted([kinds[id(each)] for each in wishes], bits, mentors)


def rivals(want: Wanted, chosen: Numbers, seats: Numbers, start: Sequence[int] | Numbers) -> Rivals:
    """`chosen` is each learner's mentor or -1, `seats` how many each mentor had; `start` are learners without."""
    order = np.argsort(chosen, kind="stable")
    begin = np.searchsorted(chosen[order], np.arange(want.mentors + 1))
    free = np.diff(begin) < seats
    reached = [int(each) for each in start]
    met, seen, seat = 0, set[int](), -1
    for learner in reached:  # grows while it is gone through
        kind = want.kind[learner]
        if kind in seen:
            continue
        seen.add(kind)
        fresh = want.bits[kind] & ~met
        met |= fresh
        for mentor in _places(fresh, want.mentors) if fresh else ():
            if free[mentor] and seat < 0:
                seat = mentor
            reached += order[begin[mentor] : begin[mentor + 1]].tolist()
    return Rivals(np.sort(np.asarray(reached, dtype=np.int64)), np.asarray(_places(met, want.mentors)), seat)


def _places(bits: int, count: int) -> list[int]:
    """Which of so many bits are set."""
    laid: NDArray[np.uint8] = np.frombuffer(bits.to_bytes(-(-count // 8), "little"), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(laid, bitorder="little")[:count]).tolist()
