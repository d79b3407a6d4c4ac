"""Why this mentor and not the next, and why nobody yet?  As data; sentences are made from it.

Of one learner; `matching.reasons` has it of all of a round.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from matching.affinity import terms
from matching.market import Market
from matching.seats import NO_SEAT
from matching.seen import see

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
    offer = market.offers[learner]
    whole = np.where(offer.open, offer.cost + market.seats.first, NO_SEAT)
    whole[mentor] = NO_SEAT
    least = int(whole.min())
    alike = np.flatnonzero(whole == least)
    first = int(alike[market.table.rank[alike].argmin()])
    next_best = market.mentors[first].id if least < NO_SEAT else None
    told = terms(market.learners[learner], market.mentors[mentor], market.policy)
    own = sum(cost for _, cost in told)
    return as_choice(told, own, load_of(market, mentor, seat), next_best, least, price)


def bound(market: Market, learner: int, wished: bool) -> Bound:
    """The one reason a learner waits, and how many mentors each rule removed.

    Who has a mentor that fits but is full waits for hours.  Otherwise the rule binds that alone
    keeps out the most mentors; where no rule stands alone, the one that removes the most.
    """
    broken = see(market.table, market.learners[learner], market.policy).broken
    single = np.sum([*broken.values()], axis=0) == 1
    removed = {str(name): int(flags.sum()) for name, flags in broken.items()}
    alone = {str(name): int((flags & single).sum()) for name, flags in broken.items()}
    return as_bound(removed, alone, market.offers[learner].too_dear, wished)


def load_of(market: Market, mentor: int, seat: int) -> int:
    return market.seats.cheapest(mentor, seat + 1)[-1]


def as_choice(
    told: tuple[tuple[str, int], ...],
    own: int,
    load: int,
    runner_up: str | None,
    least: int,
    price: int | None,
) -> Choice:
    """`own` is the sum of what is told, `least` what the runner-up costs, its first seat included."""
    gap = None if runner_up is None else least - own - load
    return Choice((*told, ("load", load)), runner_up, gap, price)


def as_bound(removed: Mapping[str, int], alone: Mapping[str, int], dear: int, wished: bool) -> Bound:
    """By rule how many mentors it removes, and how many it alone; `dear` are those beyond the floor."""
    removed = {name: count for name, count in {**removed, "below_floor": dear}.items() if count}
    alone = {name: count for name, count in {**alone, "below_floor": dear}.items() if count}
    told = tuple(sorted(removed.items()))
    if wished:
        return Bound("no_capacity", told)
    counted = {name: count for name, count in (alone or removed).items() if name != "no_capacity"}
    if not counted:
        return Bound("no_eligible_mentor", told)
    return Bound(min(counted, key=lambda name: (-counted[name], name)), told)
