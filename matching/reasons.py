"""Why of everybody in a round, at once, where it is large: the same that `matching.explain` says one by one."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matching.affinity import NAMES
from matching.columns import numbers
from matching.explain import Bound, Choice, as_bound, as_choice, bound, choice, load_of
from matching.market import Market
from matching.rules import RULES


class Columns(NamedTuple):
    """Lists by learner; what is told of those without a mentor means nothing."""

    terms: list[list[int]]
    own: list[int]
    runner_up: list[int]
    least: list[int]


class Reasons:
    """`chosen` is whom each learner of the market was given."""

    def __init__(self, market: Market, chosen: Sequence[int | None]) -> None:
        self.market, self.chosen, self.sheet = market, chosen, market.sheet
        self.together = 0 if self.sheet is None else len(self.sheet.kind)  # looked at at once, the first ones
        self._columns: Columns | None = None

    def choice(self, learner: int, seat: int, price: int | None = None) -> Choice:
        """As `explain.choice` of the mentor given."""
        market, mentor = self.market, self.chosen[learner]
        assert mentor is not None
        if learner >= self.together:
            return choice(market, learner, mentor, seat, price)
        every = self.columns()
        other = every.runner_up[learner]
        return as_choice(
            tuple(zip(NAMES, every.terms[learner], strict=True)), every.own[learner], load_of(market, mentor, seat),
            market.mentors[other].id if other >= 0 else None, every.least[learner], price,
        )  # fmt: skip

    def bound(self, learner: int, wished: bool) -> Bound:
        """As `explain.bound`."""
        if self.sheet is None or learner >= self.together:
            return bound(self.market, learner, wished)
        row = self.sheet.kind[learner]
        removed, alone = (
            dict(zip(map(str, RULES), counts[row].tolist(), strict=True))
            for counts in (self.sheet.pairs.removed, self.sheet.pairs.alone)
        )
        return as_bound(removed, alone, int(self.sheet.pairs.dear[row]), wished)

    def columns(self) -> Columns:
        """Of all who were looked at at once; worked out when first asked for."""
        if self._columns is None:
            self._columns = self._worked_out()
        return self._columns

    def _worked_out(self) -> Columns:
        if self.sheet is None:
            return Columns([], [], [], [])
        chosen = numbers(0 if mentor is None else mentor for mentor in self.chosen[: self.together])
        learners = np.arange(self.together)
        terms = self.sheet.terms(learners, chosen)
        runner_up, least = self.sheet.runners_up(learners, chosen, self.market.seats.first)
        return Columns(terms.tolist(), terms.sum(axis=1).tolist(), runner_up.tolist(), least.tolist())
