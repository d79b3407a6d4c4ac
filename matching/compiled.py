"""How does a loop over arrays become machine code?  Compiled once, kept on disk, the GIL released."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")
Numbers = NDArray[np.int64]


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """No fast arithmetic on floats: the same arrays give the same bytes on every machine."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True)(function))
