"""How are free weeks laid so that few words tell what two people share?

A week has 672 quarters of an hour.  Where everybody's free time begins and ends at full hours, one bit in four
tells all of it; clocks at half hours, as India's, need one in two.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matching.views import SLOTS

Words = NDArray[np.uint64]
WORDS = -(-SLOTS // 64)  # of one week
WITHIN = {
    4: 0x7777777777777777,
    2: 0x5555555555555555,
}  # bits whose neighbour is of the same hour, or half hour
AT_ONCE = 4096  # weeks: laid out bit by bit, a week takes 704 bytes


def words_of(week: int) -> Words:
    return np.frombuffer(week.to_bytes(WORDS * 8, "little"), dtype="<u8")


def words(weeks: Iterable[int]) -> Words:
    """A row a week."""
    raw = b"".join(week.to_bytes(WORDS * 8, "little") for week in weeks)
    return np.frombuffer(raw, dtype="<u8").reshape(-1, WORDS)


def step(*weeks: Words) -> int:
    """Quarters a bit may stand for: 4, 2 or 1."""
    for quarters, within in WITHIN.items():
        if not any(((each ^ (each >> np.uint64(1))) & np.uint64(within)).any() for each in weeks):
            return quarters
    return 1


def thinned(weeks: Words, quarters: int) -> Words:
    """Of so many bits that are alike, one.  A row holds two weeks, one after the other."""
    if quarters == 1:
        return weeks
    each = -(-WORDS // quarters)
    made = np.zeros((2 * len(weeks), each * 8), dtype=np.uint8)
    one_a_row = np.ascontiguousarray(weeks).reshape(-1, WORDS).view(np.uint8)
    for first in range(0, len(made), AT_ONCE):
        bits = np.unpackbits(one_a_row[first : first + AT_ONCE], axis=1, bitorder="little")[:, ::quarters]
        packed = np.packbits(bits, axis=1, bitorder="little")
        made[first : first + AT_ONCE, : packed.shape[1]] = packed
    return made.view("<u8").reshape(len(weeks), 2 * each)
