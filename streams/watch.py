"""Does a worker's loop stand still?  Seen when a broker died within a client's call: nothing but an end helps then.

A decision may take longer than any call to a broker: a round of a very large pool does.
"""

import time
from collections.abc import Callable

STUCK_S = 30.0  # longer than any call to a broker may take
LONGEST_S = 240.0  # and than any decision may: after 300 s without a poll the group gives the partitions away


class Watch:
    """Told of each turn; `deciding` says whether the worker is busy with its own work just now."""

    def __init__(self, deciding: Callable[[], bool], stopwatch: Callable[[], float] = time.monotonic) -> None:
        self.deciding, self.stopwatch = deciding, stopwatch
        self.turned_at = stopwatch()

    def turned(self) -> float:
        """Now."""
        self.turned_at = self.stopwatch()
        return self.turned_at

    def stood(self) -> float:
        """Seconds since the last turn."""
        return self.stopwatch() - self.turned_at

    def stuck(self) -> bool:
        return self.stood() > (LONGEST_S if self.deciding() else STUCK_S)
