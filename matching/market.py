"""Who could be with whom in this round, and at what cost?  Holds every learner who waits against all mentors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np

from matching.affinity import seats
from matching.solver import Outcome, solve
from matching.table import Flags, Numbers, Table
from matching.views import Learner, Mentor
from schemas.policy import PoolPolicy

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FULL = 1 << 40  # stands for the load of a mentor without a seat


class Offer(NamedTuple):
    """One learner before all mentors, shared by all who are alike.  Costs are without load, which is in the seats.

    `wished` is who passes every lasting rule and the floor, `open` whom of those has hours now.
    """

    cost: Numbers
    wished: Flags
    open: Flags
    too_dear: int  # mentors beyond the floor


@dataclass
class Market:
    learners: list[Learner]
    mentors: list[Mentor]
    table: Table
    policy: PoolPolicy
    seats: list[list[int]]
    offers: list[Offer]

    @cached_property
    def first(self) -> Numbers:
        """The load cost of each mentor's next seat."""
        return first_seats(self.seats)

    def solve(self, waits: Sequence[int]) -> Outcome:
        return best(self.offers, waits, self.seats)


def open_market(learners: list[Learner], table: Table, policy: PoolPolicy) -> Market:
    """Learners alike in all that a rule or a term looks at are worked out once: most of a large pool are."""
    opened = [seats(mentor, policy) for mentor in table.mentors]
    first = first_seats(opened, full=0)
    found: dict[Learner, Offer] = {}
    offers = []
    for learner in learners:
        own = learner.id if learner.id in table.avoids else ""
        alike = replace(learner, id=own, since=EPOCH)
        if alike not in found:
            found[alike] = _offer(learner, table, policy, first)
        offers.append(found[alike])
    return Market(learners, list(table.mentors), table, policy, opened, offers)


def _offer(learner: Learner, table: Table, policy: PoolPolicy, first: Numbers) -> Offer:
    seen = table.see(learner, policy)
    lasting = np.ones(table.size, dtype=np.bool_)
    for name, broken in seen.broken.items():
        if name != "no_capacity":
            lasting &= ~broken
    dear = (seen.cost + first > policy.floor) & (seen.known + first > policy.floor)
    wished = lasting & ~dear
    return Offer(seen.cost, wished, wished & ~seen.broken["no_capacity"], int((lasting & dear).sum()))


def first_seats(opened: Sequence[Sequence[int]], full: int = FULL) -> Numbers:
    return np.asarray([prices[0] if prices else full for prices in opened], dtype=np.int64)


def best(offers: Sequence[Offer], waits: Sequence[int], opened: list[list[int]]) -> Outcome:
    """The cheapest assignment over every pair that is open.

    Of n learners each needs to be offered only the n mentors that are cheapest with their first seat: who
    has a dearer one could change to one of those that none of the other n - 1 has, and lose nothing.
    """
    first, kept = first_seats(opened), {id(offer): offer for offer in offers}
    near = {name: _nearest(offer, first, len(offers)) for name, offer in kept.items()}
    return solve([near[id(offer)] for offer in offers], waits, opened)


def _nearest(offer: Offer, first: Numbers, count: int) -> dict[int, int]:
    """The `count` cheapest open mentors with their costs, those of equal cost in their order."""
    able = np.flatnonzero(offer.open)
    if len(able) > count:
        whole = offer.cost[able] + first[able]
        able = np.sort(able[np.argsort(whole, kind="stable")[:count]])
    return dict(zip(able.tolist(), offer.cost[able].tolist(), strict=True))
