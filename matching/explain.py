"""Why this mentor and not the next, and why nobody yet?  As data; sentences are made from it.

`choice` and `bound` say it of one learner.  Where a round is large, `Reasons` has it of all at once, and the same.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from matching.affinity import NAMES, terms
from matching.columns import Numbers, numbers
from matching.market import Market
from matching.rules import RULES
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
    offer = market.offers[learner]
    whole = np.where(offer.open, offer.cost + market.seats.first, NO_SEAT)
    whole[mentor] = NO_SEAT
    least = int(whole.min())
    next_best = min(
        (market.mentors[at].id for at in np.flatnonzero(whole == least) if least < NO_SEAT), default=None
    )
    told = terms(market.learners[learner], market.mentors[mentor], market.policy)
    return _choice(told, _load(market, mentor, seat), next_best, least, price)


def bound(market: Market, learner: int, wished: bool) -> Bound:
    """The one reason a learner waits, and how many mentors each rule removed.

    Who has a mentor that fits but is full waits for hours.  Otherwise the rule binds that alone
    keeps out the most mentors; where no rule stands alone, the one that removes the most.
    """
    broken = market.table.see(market.learners[learner], market.policy).broken
    single = np.sum([*broken.values()], axis=0) == 1
    removed = {str(name): int(flags.sum()) for name, flags in broken.items()}
    alone = {str(name): int((flags & single).sum()) for name, flags in broken.items()}
    return _bound(removed, alone, market.offers[learner].too_dear, wished)


class Reasons:
    """Of all learners of a round; `chosen` is whom each was given."""

    def __init__(self, market: Market, chosen: Sequence[int | None]) -> None:
        self.market, self.chosen = market, chosen

    def choice(self, learner: int, mentor: int, seat: int, price: int | None = None) -> Choice:
        """As `choice`; of the mentor who was given."""
        market, sheet = self.market, self.market.sheet
        if sheet is None or learner >= len(sheet.kind):
            return choice(market, learner, mentor, seat, price)
        at = self._told.row[learner]
        told = tuple(zip(NAMES, self._told.terms[at].tolist(), strict=True))
        other = int(self._told.runner_up[at])
        next_best = None if other < 0 else market.mentors[other].id
        return _choice(told, _load(market, mentor, seat), next_best, int(self._told.least[at]), price)

    def bound(self, learner: int, wished: bool) -> Bound:
        """As `bound`."""
        sheet = self.market.sheet
        if sheet is None:
            return bound(self.market, learner, wished)
        row = int(sheet.kind[learner])
        sets = sheet.broken[row].tolist()
        removed = {
            str(name): sum(sets[each] for each in range(len(sets)) if each >> at & 1)
            for at, name in enumerate(RULES)
        }
        alone = {str(name): sets[1 << at] for at, name in enumerate(RULES)}
        return _bound(removed, alone, int(sheet.dear[row]), wished)

    @cached_property
    def _told(self) -> "_Told":
        market, sheet = self.market, self.market.sheet
        assert sheet is not None
        chosen = numbers(-1 if mentor is None else mentor for mentor in self.chosen[: len(sheet.kind)])
        learners = np.flatnonzero(chosen >= 0)
        row = np.full(len(chosen), -1)
        row[learners] = np.arange(len(learners))
        mentors = chosen[learners]
        return _Told(
            row, sheet.terms(learners, mentors), *sheet.runners_up(learners, mentors, market.seats.first)
        )


class _Told(NamedTuple):
    """A row each learner who was given a mentor."""

    row: Numbers
    terms: Numbers
    runner_up: Numbers
    least: Numbers


def _load(market: Market, mentor: int, seat: int) -> int:
    prices = market.seats[mentor]
    return prices[min(seat, len(prices) - 1)]


def _choice(
    told: tuple[tuple[str, int], ...], load: int, runner_up: str | None, least: int, price: int | None
) -> Choice:
    gap = None if runner_up is None else least - load - sum(cost for _, cost in told)
    return Choice((*told, ("load", load)), runner_up, gap, price)


def _bound(removed: Mapping[str, int], alone: Mapping[str, int], dear: int, wished: bool) -> Bound:
    """Both count mentors by rule, `dear` those beyond the floor."""
    removed, alone = (
        {name: count for name, count in ({**each, "below_floor": dear}).items() if count}
        for each in (removed, alone)
    )
    told = tuple(sorted(removed.items()))
    if wished:
        return Bound("no_capacity", told)
    counted = {name: count for name, count in (alone or removed).items() if name != "no_capacity"}
    if not counted:
        return Bound("no_eligible_mentor", told)
    return Bound(min(counted, key=lambda name: (-counted[name], name)), told)
