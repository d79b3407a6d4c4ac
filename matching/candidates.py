"""Which k mentors are the best for each learner, of all pairs?  Exact by whole points, ties by number.

Every pair is looked at, a run of mentors at once (`matching.sift`), and the few that may be among the best k
are priced.  With prices of mentors and what each learner pays now, the same search finds whom a solver should
have been offered: pairs cheaper than what is paid.  Where there is none, what is optimal over the candidates
is optimal over every pair (Lee and Orlin 1993).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from matching.columns import Numbers
from matching.features import Kind
from matching.field import Field
from matching.sift import sift
from matching.views import Learner
from matching.weeks import step, thinned

FAR = 1 << 30  # points; no pair costs as much


class Candidates(NamedTuple):
    mentor: Numbers  # (learners, k) cheapest first; -1 where fewer may be had
    cost: Numbers  # (learners, k) points, without the price


class Search:
    """Who looks for whom: learners before the mentors of a field."""

    def __init__(self, field: Field, learners: Sequence[Learner], own: Sequence[int | None]) -> None:
        """`own` is whom each has already and is not found anew."""
        self.field = field
        asking, mentors = field.learners(learners, own), field.mentors
        bit = step(asking.free, mentors.free)
        self.limits = field.limits._replace(step=bit)
        self.asking = asking._replace(free=thinned(asking.free, bit))
        self.mentors = mentors._replace(free=thinned(mentors.free, bit))
        self.kinds: list[Kind] = list(field.kinds(learners))

    def best(
        self, k: int, asked: Callable[[int], Numbers], below: Numbers | None = None, kinds: Iterable[Kind] | None = None,
    ) -> Candidates:  # fmt: skip
        """The k mentors with the least cost and price, of those that come to less than `below`; `asked` says for an
        effort each mentor's price.  For the learners of `kinds` only, if given, so that threads can share the work."""
        count = len(self.asking.say)
        limit = np.full(count, FAR, dtype=np.int64) if below is None else np.minimum(below, FAR)
        keys = np.repeat(limit << 32, k).reshape(count, k)
        field = self.field
        price = np.zeros_like(keys)
        for kind in self.kinds if kinds is None else kinds:
            paid = np.clip(asked(kind.effort), -FAR, FAR)
            sift(
                self.limits, self.mentors, self.asking, kind.rows, kind.need, kind.gain,
                field.laid(paid).astype(np.int32), limit, keys,
            )  # fmt: skip
            found = np.sort(keys[kind.rows], axis=1)
            keys[kind.rows] = found
            price[kind.rows] = paid[np.where(found < limit[kind.rows, None] << 32, found & 0xFFFFFFFF, 0)]
        none = keys >= limit[:, None] << 32
        return Candidates(np.where(none, -1, keys & 0xFFFFFFFF), np.where(none, 0, (keys >> 32) - price))


def shares(kinds: Sequence[Kind], count: int) -> list[list[Kind]]:
    """The kinds cut so that `count` threads have the same number of learners of each."""
    return [
        [kind._replace(rows=part) for kind in kinds if len(part := kind.rows[at::count])]
        for at in range(count)
    ]
