"""Who could be with whom in this round, and at what cost?  Holds every learner who waits against all mentors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from matching.columns import Flags, Numbers
from matching.seats import NO_SEAT, Seats
from matching.solver import Outcome, solve
from matching.table import Table
from matching.views import Learner, Mentor
from schemas.pool_policy import PoolPolicy

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    seats: Seats
    offers: list[Offer]

    def solve(self, waits: Sequence[int]) -> Outcome:
        return best(self.offers, waits, self.seats)

    def savings(self, waits: Sequence[int], outcome: Outcome) -> Numbers:
        """For each mentor the points that room for one more learner would save, the load of it paid.

        What a learner pays now less what this mentor costs them is what a seat is worth to them; the price of
        a seat is the most of it (`matching.prices`), also with mentors who have none to offer.
        """
        worth = np.zeros(len(self.mentors), dtype=np.int64)
        for offer, wait, mentor in zip(self.offers, waits, outcome.chosen, strict=True):
            pays = wait if mentor is None else int(offer.cost[mentor]) + outcome.prices[mentor]
            np.maximum(worth, np.where(offer.wished, pays - offer.cost, 0), out=worth)
        load = np.where(self.seats.first < NO_SEAT, self.seats.first, self.policy.weights.load)
        return np.maximum(0, worth - load)


def open_market(learners: list[Learner], table: Table, policy: PoolPolicy) -> Market:
    """Learners alike in all that a rule or a term looks at are worked out once: most of a large pool are."""
    mentors = list(table.mentors)
    opened = Seats(mentors, policy)
    first = np.where(opened.count > 0, opened.first, 0)
    found: dict[Learner, Offer] = {}
    offers = []
    for learner in learners:
        own = learner.id if learner.id in table.avoids else ""
        alike = replace(learner, id=own, since=EPOCH)
        if alike not in found:
            found[alike] = offer_of(learner, table, policy, first)
        offers.append(found[alike])
    return Market(learners, mentors, table, policy, opened, offers)


def offer_of(learner: Learner, table: Table, policy: PoolPolicy, first: Numbers) -> Offer:
    seen = table.see(learner, policy)
    lasting = np.ones(table.size, dtype=np.bool_)
    for name, broken in seen.broken.items():
        if name != "no_capacity":
            lasting &= ~broken
    dear = (seen.cost + first > policy.floor) & (seen.known + first > policy.floor)
    wished = lasting & ~dear
    return Offer(seen.cost, wished, wished & ~seen.broken["no_capacity"], int((lasting & dear).sum()))


def best(offers: Sequence[Offer], waits: Sequence[int], opened: Seats) -> Outcome:
    """The cheapest assignment over every pair that is open.

    Of n learners each needs to be offered only the n mentors that are cheapest with their first seat: who
    has a dearer one could change to one of those that none of the other n - 1 has, and lose nothing.
    """
    count, alike = len(offers), {id(offer): offer for offer in offers}
    near = {name: nearest(offer, opened.first, count) for name, offer in alike.items()}
    able = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *near.values()])).tolist()
    number = {mentor: at for at, mentor in enumerate(able)}
    costs = {
        name: dict(
            zip([number[each] for each in mentors.tolist()], alike[name].cost[mentors].tolist(), strict=True)
        )
        for name, mentors in near.items()
    }
    outcome = solve(
        [costs[id(offer)] for offer in offers], waits, [opened[mentor][:count] for mentor in able]
    )
    prices = [0] * len(opened.count)
    for mentor, price in zip(able, outcome.prices, strict=False):
        prices[mentor] = price
    chosen = [None if at is None else able[at] for at in outcome.chosen]
    return outcome._replace(chosen=chosen, prices=prices)


def nearest(offer: Offer, first: Numbers, count: int) -> Numbers:
    """The `count` cheapest open mentors; of those of equal cost the first."""
    able = np.flatnonzero(offer.open)
    if len(able) > count:
        able = np.sort(able[np.argsort(offer.cost[able] + first[able], kind="stable")[:count]])
    return able
