"""How is a pool solved as a whole?  From nothing, block by block, or from a former solution."""

import numpy as np

from matching.compiled import compiled, wide
from matching.kernel.auction import MARGIN, STEPS, auction, opening, settle, spread
from matching.kernel.edit import found
from matching.kernel.events import refill
from matching.kernel.instance import Int32, Int64
from matching.kernel.scratch import Scratch
from matching.kernel.search import place
from matching.kernel.state import WAITING, State


@compiled
def solve_blocks(s: State, w: Scratch, blocks: Int32, learner_ends: Int32, mentor_ends: Int32) -> None:
    """From nothing.  No arc leaves a block, so blocks may be solved at once, each by a scratch of its own."""
    asks = np.empty(len(s.seat_costs), np.int64)
    for block in blocks:
        # as wide as all other numbers, so that each function is compiled but once
        first, end = wide(learner_ends[block]), wide(learner_ends[block + 1])
        begin, close = wide(mentor_ends[block]), wide(mentor_ends[block + 1])
        apart = spread(s, first, end)
        opening(s, w, first, end, begin, close, apart // MARGIN, asks)
        auction(s, w, first, end, begin, close, max(1, apart // STEPS), asks)
        _finish(s, w, settle(s, first, end, begin, close), begin, close)


@compiled
def resume(s: State, w: Scratch, chosen: Int32, prices: Int64) -> None:
    """From each learner's mentor or -1 and each mentor's price; whatever of it does not hold any more is mended."""
    loads = np.zeros(len(s.prices), np.int32)
    for learner in range(len(chosen)):
        s.held[learner] = WAITING
        if chosen[learner] >= 0 and loads[chosen[learner]] < s.seat_count[chosen[learner]]:
            at = found(s.arcs, s.arc_first, s.arc_count, learner, chosen[learner])
            if at >= 0:
                s.held[learner] = s.arcs[at]
                loads[chosen[learner]] += 1
    for mentor in range(len(prices)):
        s.prices[mentor] = prices[mentor]
        if loads[mentor]:
            s.prices[mentor] = max(prices[mentor], s.seat_costs[s.seat_first[mentor] + loads[mentor] - 1])
    _finish(s, w, settle(s, wide(0), len(chosen), wide(0), len(prices)), wide(0), len(prices))


@compiled
def _finish(s: State, w: Scratch, free: Int32, begin: int, close: int) -> None:
    """Seats all who are free, then fills the seats of mentors `begin` to `close` that are cheaper than their price."""
    for learner in free:
        place(s, w, wide(learner), wide(-1))
    for mentor in range(begin, close):
        refill(s, w, mentor)
