"""Why this mentor and not the next, and why nobody yet?  As data; sentences are made from it."""

from typing import NamedTuple

import numpy as np

from matching.affinity import terms
from matching.market import Market
from matching.seats import NO_SEAT

WORDS = {
    "no_capacity": "more free hours with the mentors who fit",
    "no_eligible_mentor": "a mentor for the learner's courses",
    "no_shared_language": "a mentor who shares a language",
    "no_shared_hours": "a mentor free at the same hours",
    "no_skill": "a mentor who offers a wanted skill",
    "below_floor": "a mentor who fits better, or a higher floor",
    "blocked": "a mentor neither side avoids",
    "no_consent": "consent to be matched",
    "holdout": "the end of the wait that an experiment asks for",
}


class Choice(NamedTuple):
    terms: tuple[tuple[str, int], ...]
    runner_up: str | None
    gap: int | None
    price: int | None = None  # points the seat is worth, if a solver priced it


class Bound(NamedTuple):
    binding: str
    removed: tuple[tuple[str, int], ...]


def choice(market: Market, learner: int, mentor: int, seat: int, price: int | None = None) -> Choice:
    """The cost of each term, and the next best mentor.

    A runner-up counts with the load of the first free seat, so the gap is below 0 when a better
    mentor went to somebody who needed that mentor more.
    """
    prices = market.seats[mentor]
    load = prices[min(seat, len(prices) - 1)]
    shown = (*terms(market.learners[learner], market.mentors[mentor], market.policy), ("load", load))
    own = sum(cost for _, cost in shown)
    offer = market.offers[learner]
    whole = np.where(offer.open, offer.cost + market.seats.first, NO_SEAT)
    whole[mentor] = NO_SEAT
    least = int(whole.min())
    if least >= NO_SEAT:
        return Choice(shown, None, None, price)
    return Choice(
        shown, min(market.mentors[at].id for at in np.flatnonzero(whole == least)), least - own, price
    )


def bound(market: Market, learner: int, wished: bool) -> Bound:
    """The one reason a learner waits, and how many mentors each rule removed.

    Who has a mentor that fits but is full waits for hours.  Otherwise the rule binds that alone
    keeps out the most mentors; where no rule stands alone, the one that removes the most.
    """
    broken = market.table.see(market.learners[learner], market.policy).broken
    single = np.sum([*broken.values()], axis=0) == 1
    removed = {str(name): int(flags.sum()) for name, flags in broken.items() if flags.any()}
    alone = {
        str(name): int((flags & single).sum()) for name, flags in broken.items() if (flags & single).any()
    }
    if dear := market.offers[learner].too_dear:
        removed["below_floor"] = alone["below_floor"] = dear
    told = tuple(sorted(removed.items()))
    if wished:
        return Bound("no_capacity", told)
    counted = {name: count for name, count in (alone or removed).items() if name != "no_capacity"}
    if not counted:
        return Bound("no_eligible_mentor", told)
    return Bound(min(counted, key=lambda name: (-counted[name], name)), told)
