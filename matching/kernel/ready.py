"""Is the machine code there?  `python -m matching.kernel.ready` makes it, so that no round waits for it.

Made once for a machine and kept beside the sources, or under NUMBA_CACHE_DIR; loaded once a process.
"""

from matching.kernel.assignment import Assignment
from matching.kernel.instance import Instance


def ready() -> None:
    """Does a little of all that a pool needs, which loads each function or makes it."""
    pool = Instance.checked([0, 2, 4], [0, 1, 0, 1], [1, 2, 2, 4], [9, 9], [0, 1, 2], [0, 0])
    kept = Assignment(pool)
    kept.solve()
    kept.resume(kept.chosen, kept.least_prices())
    kept.leave(0)


if __name__ == "__main__":
    ready()
