"""Who is with whom, so that the whole costs the least?  Solved from nothing or from a former solution, and proven."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from matching.kernel.certificate import Fault, faults
from matching.kernel.instance import Instance, Int32, Int64, row_places
from matching.kernel.least import least_prices
from matching.kernel.order import ordered, ranked
from matching.kernel.scratch import scratch
from matching.kernel.solve import resume, solve_blocks
from matching.kernel.state import LOW, WAITING, laid_out


class Assignment:
    """Learners and mentors have their numbers in the instance."""

    def __init__(self, instance: Instance) -> None:
        """Raises ValueError where a learner names a mentor twice."""
        self._lay_out(instance)

    def _lay_out(self, instance: Instance) -> None:
        self._given = instance
        self._order = ordered(instance)
        self.state = laid_out(instance, self._order)
        self._learners, self._mentors = len(instance.waits), len(instance.seat_starts) - 1
        self._number()

    def _number(self) -> None:
        """Numbers of places and places of numbers; beyond the instance both are the same."""
        self.learner_at = np.arange(len(self.state.waits), dtype=np.int32)
        self.mentor_at = np.arange(len(self.state.prices), dtype=np.int32)
        self.learner_at[: len(self._order.learners)] = self._order.learners
        self.mentor_at[: len(self._order.mentors)] = self._order.mentors
        self.learner_place, self.mentor_place = ranked(self.learner_at), ranked(self.mentor_at)
        self.scratch = scratch(self.state)

    # --- as a whole --------------------------------------------------------------------------------

    def solve(self, lanes: int = 1, each: Callable[..., Iterable[Any]] = map) -> list[Fault]:
        """From nothing; blocks are shared out to `lanes`, which `each` may run at once (an executor's `map`)."""
        ends, mentor_ends = self._order.learner_ends, self._order.mentor_ends
        shares: list[list[int]] = [[] for _ in range(lanes)]
        loads = [0] * lanes
        for block in np.argsort(-np.diff(ends), kind="stable").tolist():
            lane = loads.index(min(loads))
            loads[lane] += int(ends[block + 1] - ends[block])
            shares[lane].append(block)
        scratches = [self.scratch, *(scratch(self.state) for _ in shares[1:])]

        def run(lane: int) -> None:
            blocks = np.array(shares[lane], dtype=np.int32)
            solve_blocks(self.state, scratches[lane], blocks, ends, mentor_ends)

        list(each(run, range(lanes)))
        return self.faults(lanes, each)

    def resume(self, chosen: ArrayLike, prices: ArrayLike) -> list[Fault]:
        """From a former solution, of this pool or one much like it: each learner's mentor or -1, each mentor's price."""
        place = self.mentor_place
        former = np.asarray(chosen, dtype=np.int32)[self.learner_at[: self._learners]]
        asked = np.asarray(prices, dtype=np.int64)[self.mentor_at[: self._mentors]]
        resume(self.state, self.scratch, np.where(former < 0, WAITING, place[former]), asked)
        return self.faults()

    def faults(self, lanes: int = 1, each: Callable[..., Iterable[Any]] = map) -> list[Fault]:
        """The certificate in full."""
        return faults(self.instance(), self.chosen, self.prices, lanes, each)

    def instance(self) -> Instance:
        return self._given

    # --- what is known -----------------------------------------------------------------------------

    @property
    def chosen(self) -> Int32:
        """Each learner's mentor, or -1."""
        held = self.state.held[self.learner_place[: self._learners]]
        return np.where(held == WAITING, -1, self.mentor_at[np.where(held == WAITING, 0, held & LOW)])

    @property
    def prices(self) -> Int64:
        """Of each mentor, as they prove it; see also `least_prices`."""
        return self.state.prices[self.mentor_place[: self._mentors]]

    def least_prices(self) -> Int64:
        return least_prices(self.state, self.scratch)[self.mentor_place[: self._mentors]]

    @property
    def objective(self) -> int:
        s, held = self.state, self.state.held
        waiting = s.here & (held == WAITING)
        taken = row_places(s.seat_first, s.loads)
        return int((held[held != WAITING] >> 32).sum() + s.waits[waiting].sum() + s.seat_costs[taken].sum())
