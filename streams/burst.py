"""What does one transaction write to topics, and when is it full?  Law 6: a transaction never grows with a pool."""

from collections.abc import Callable
from typing import NoReturn

from streams.outlet import Outlet

MAX_RECORDS, MAX_BYTES = 5000, 8_000_000  # of one transaction
ENOUGH = 3000  # no new fact is begun beyond this, so that most outcomes still fit
LONG_S = 2.0  # nor after deciding for so long: rounds of a large pool that is behind take seconds each


class Full(Exception):
    """No room in this transaction: commit, then go on."""


class TooLarge(Exception):
    """One fact's outcome exceeds a whole transaction."""


class Burst:
    """The records of one transaction: `outputs`, and rows, of which the number alone is kept here."""

    def __init__(self, stopwatch: Callable[[], float]) -> None:
        self.outputs: list[Outlet] = []
        self.records = self.bytes = 0
        self.full = False
        self.stopwatch, self.until = stopwatch, stopwatch() + LONG_S

    def room(self, done: int) -> None:
        """May one more fact or wake-up be begun in this transaction?  The first always may.  `done` is how many there were."""
        if self.records >= ENOUGH or self.bytes >= MAX_BYTES // 2 or (done and self.stopwatch() > self.until):
            self.end()

    def end(self) -> NoReturn:
        self.full = True
        raise Full

    def add(self, outs: list[Outlet], rows: int = 0) -> None:
        """One outcome, whole or not at all."""
        size = 0
        for out in outs:
            size += out.size()
        if self.records + len(outs) + rows > MAX_RECORDS or self.bytes + size > MAX_BYTES:
            raise TooLarge
        self.outputs += outs
        self.records += len(outs) + rows
        self.bytes += size

    def force(self, out: Outlet) -> None:
        """Adds a dead letter even where there is no room: it must be written with the fact that it is about."""
        self.outputs.append(out)
        self.records += 1
        self.bytes += out.size()
