"""Whole numbers side by side.  Apart from compiled code, so that a round need not load its compiler."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, dtype=np.int64)
