"""Is the machine code there?  `python -m matching.kernel.ready` makes it, so that no round waits for it.

Made once for a machine and kept beside the sources, or under NUMBA_CACHE_DIR; loaded once a process.
"""

import numpy as np

from matching import instance
from matching.efforts import solve_mixed
from matching.kernel.instance import Instance
from matching.kernel.kept import KeptAssignment
from matching.market import EPOCH
from matching.sheet import sheet_of
from matching.table import Table
from matching.views import Learner, Mentor
from matching.waiting import least_waiting
from schemas.pool_policy import PoolPolicy


def ready() -> None:
    """Does a little of all that a kept pool needs, which loads each function or makes it."""
    pool = Instance.checked([0, 2, 4], [0, 1, 0, 1], [1, 2, 2, 4], [9, 9], [0, 1, 2], [0, 0])
    kept = KeptAssignment(pool)
    kept.solve()
    kept.resume(kept.chosen, kept.least_prices())
    kept.leave(0)


def pairs_ready() -> None:
    """And of what a round needs that looks at all pairs at once, and its reasons."""
    none: frozenset[str] = frozenset()
    learner = Learner("l", ("en",), (), none, (), 0, 0, 60, none, none, EPOCH)
    mentor = Mentor("m", ("en",), {}, none, none, 0, 0, 0, 60, 1, none, none)
    nothing = np.zeros(1, dtype=np.int64)
    sheet = sheet_of([learner], nothing, Table([mentor]), PoolPolicy(), nothing)
    sheet.search.best(1, lambda effort: nothing)
    sheet.terms(nothing, nothing)
    sheet.runners_up(nothing, nothing, nothing)
    sheet.worth(nothing)


def efforts_ready() -> None:
    """And of what a pool needs whose learners cost different hours."""
    first, mentor, cost, units, waits, begin, prices, places = (
        np.array(each)
        for each in ([0, 1, 2, 3], [0] * 3, [1] * 3, [1, 2, 2], [9] * 3, [0, 3], [0, 0, 1], [3])
    )
    pool = instance.Instance(first, mentor, cost, units, waits, begin, prices, places)
    solve_mixed(pool)
    least_waiting(pool)


if __name__ == "__main__":
    ready()
    pairs_ready()
    efforts_ready()
