"""Who could be with whom in this round, and at what cost?  Holds every learner who waits against all mentors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from matching.columns import Flags, Numbers, numbers
from matching.features import Middle
from matching.kernel.instance import Instance
from matching.seats import NO_SEAT, Seats
from matching.seen import see
from matching.solver import Outcome, ends, solve_instance
from matching.table import Table
from matching.views import Learner, Mentor
from schemas.pool_policy import PoolPolicy

if TYPE_CHECKING:
    from matching.sheet import Sheet

# Pairs of a kind of learner and a mentor from which all are looked at by compiled code.  Below, it takes less than
# a second without, and no process need load numba for it.
MANY = 2_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Offer(NamedTuple):
    """One learner before all mentors, shared by all who are alike.  Costs are without load, which is in the seats.

    `wished` is who passes every lasting rule and the floor, `open` whom of those has hours now.
    """

    cost: Numbers | Middle
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
    sheet: "Sheet | None" = None  # of the first learners, where there are many pairs

    def solve(self, waits: Sequence[int]) -> Outcome:
        return best(self.offers, waits, self.seats)

    def wishes(self) -> tuple[list[int], Flags]:
        """Of each learner the row of the flags of mentors who pass every lasting rule and the floor."""
        if self.sheet is not None and len(self.sheet.kind) == len(self.learners):
            return self.sheet.kind.tolist(), self.sheet.pairs.wished
        number: dict[int, int] = {}
        kind = [number.setdefault(id(offer), len(number)) for offer in self.offers]
        alike = {id(offer): offer.wished for offer in self.offers}
        return kind, np.stack([alike[each] for each in number])

    def savings(self, waits: Sequence[int], outcome: Outcome) -> Numbers:
        """For each mentor the points that room for one more learner would save, the load of it paid.

        What a learner pays now less what this mentor costs them is what a seat is worth to them; the price of
        a seat is the most of it (`matching.prices`), also with mentors who have none to offer.
        """
        sheet, worth, done = self.sheet, np.zeros(len(self.mentors), dtype=np.int64), 0
        if sheet is not None:
            done = len(sheet.kind)
            chosen = numbers(-1 if mentor is None else mentor for mentor in outcome.chosen[:done])
            asked = sheet.pairs.cost[sheet.kind, chosen] + np.asarray(outcome.prices, dtype=np.int64)[chosen]
            worth = sheet.worth(np.where(chosen < 0, waits[:done], asked))
        for offer, wait, mentor in list(zip(self.offers, waits, outcome.chosen, strict=True))[done:]:
            pays = wait if mentor is None else int(offer.cost[mentor]) + outcome.prices[mentor]
            np.maximum(worth, np.where(offer.wished, pays - offer.cost, 0), out=worth)
        load = np.where(self.seats.first < NO_SEAT, self.seats.first, self.policy.weights.load)
        return np.maximum(0, worth - load)


def open_market(learners: list[Learner], table: Table, policy: PoolPolicy) -> Market:
    """Learners alike in all that a rule or a term looks at are worked out once: most of a large pool are."""
    mentors = list(table.mentors)
    opened = Seats(mentors, policy)
    first = np.where(opened.count > 0, opened.first, 0)
    number: dict[Learner, int] = {}
    kind = []
    for learner in learners:
        own = learner.id if learner.id in table.avoids else ""
        kind.append(number.setdefault(replace(learner, id=own, since=EPOCH), len(number)))
    sheet = None
    if len(number) * table.size >= MANY:
        from matching.sheet import sheet_of  # numba takes half a second to load

        sheet = sheet_of(list(number), numbers(kind), table, policy, first)
        cost, wished, open, _, _, dear = sheet.pairs
        found = [Offer(*each) for each in zip(cost, wished, open, dear.tolist(), strict=True)]
    else:
        found = [offer_of(each, table, policy, first) for each in number]
    return Market(learners, mentors, table, policy, opened, [found[at] for at in kind], sheet)


def offer_of(learner: Learner, table: Table, policy: PoolPolicy, first: Numbers) -> Offer:
    seen = see(table, learner, policy)
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
    none, number = np.empty(0, dtype=np.int64), np.full(len(opened.count), -1)
    for each in near.values():
        number[each] = 0
    able = np.flatnonzero(number == 0)
    number[able] = np.arange(len(able))
    arcs = {name: (number[mentors], alike[name].cost[mentors]) for name, mentors in near.items()}
    mentors, costs = ([arcs[id(offer)][part] for offer in offers] for part in (0, 1))
    seats = [opened.cheapest(mentor, count) for mentor in able.tolist()]
    outcome = solve_instance(Instance.checked(
        starts=ends(mentors), mentors=np.concatenate([none, *mentors]), costs=np.concatenate([none, *costs]),
        waits=np.asarray(waits, dtype=np.int64),
        seat_starts=ends(seats), seat_costs=numbers(chain.from_iterable(seats)),
    ))  # fmt: skip
    prices = [0] * len(opened.count)
    for mentor, price in zip(able.tolist(), outcome.prices, strict=False):
        prices[mentor] = price
    chosen = [None if at is None else int(able[at]) for at in outcome.chosen]
    return outcome._replace(chosen=chosen, prices=prices)


def nearest(offer: Offer, first: Numbers, count: int) -> Numbers:
    """The `count` cheapest open mentors; of those of equal cost the first."""
    able = np.flatnonzero(offer.open)
    if len(able) > count:
        able = np.sort(able[np.argsort(offer.cost[able] + first[able], kind="stable")[:count]])
    return able
