"""Which pairs is a solver offered, and what of them does each learner pay?"""

from typing import NamedTuple

import numpy as np

from matching.columns import Numbers


class Arcs(NamedTuple):
    """Pairs offered so far, by learner and then by mentor."""

    learner: Numbers
    mentor: Numbers
    cost: Numbers

    def starts(self, learners: int) -> Numbers:
        return np.searchsorted(self.learner, np.arange(learners + 1))


def merged(one: Arcs, other: Arcs) -> Arcs:
    """ValueError where both have the same pair."""
    learner, mentor, cost = (np.concatenate(each) for each in zip(one, other, strict=True))
    order = np.lexsort((mentor, learner))
    made = Arcs(learner[order], mentor[order], cost[order])
    twice = np.flatnonzero((np.diff(made.learner) == 0) & (np.diff(made.mentor) == 0))
    if len(twice):
        pair = int(made.learner[twice[0]]), int(made.mentor[twice[0]])
        raise ValueError(f"the prices do not prove the answer: learner {pair[0]}, mentor {pair[1]}")
    return made


def unknown(found: Arcs, known: Arcs, mentors: int) -> Arcs:
    fresh = ~np.isin(found.learner * mentors + found.mentor, known.learner * mentors + known.mentor)
    return Arcs(*(each[fresh] for each in found))


def pays(arcs: Arcs, asked: Numbers, waits: Numbers) -> Numbers:
    """The least that each learner could pay, of the pairs offered and of waiting."""
    least = waits.copy()
    np.minimum.at(least, arcs.learner, asked)
    return least


def cost_of(arcs: Arcs, chosen: Numbers, waits: Numbers) -> Numbers:
    taken = chosen[arcs.learner] == arcs.mentor
    cost = waits.copy()
    cost[arcs.learner[taken]] = arcs.cost[taken]
    return cost
