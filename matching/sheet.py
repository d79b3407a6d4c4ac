"""All learners of a large round before all mentors, side by side: what the round and its reasons are made of.

Looked at once in compiled code, where `matching.seen` takes one learner after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.affinity import NAMES, tops
from matching.allpairs import NO_SEAT, NOBODY, Pairs, Room, best_two, look, most_paid, tell_terms
from matching.candidates import Search
from matching.columns import Flags, Numbers
from matching.features import Small
from matching.field import Field
from matching.rules import RULES
from matching.table import Table
from matching.views import Learner
from schemas.pool_policy import PoolPolicy


@dataclass
class Sheet:
    """A row a kind of learner, a column a mentor in the table's order."""

    search: Search
    kind: Numbers  # (learners) the row of each
    group: Numbers  # (rows) whose languages, minutes and need are alike
    gain: Small  # (groups, places)
    worst: Numbers  # (rows, terms)
    need: Flags  # (rows)
    rank: Numbers  # (mentors) of the ids in their order
    pairs: Pairs

    def terms(self, learners: Numbers, mentors: Numbers) -> Numbers:
        """Of pairs that are open: a column a term, in the order of `affinity.NAMES`."""
        told = np.empty((len(learners), len(NAMES)), dtype=np.int64)
        found, place = self.search, self.search.field.place[mentors]
        tell_terms(
            found.limits, found.mentors, found.asking, self.kind[learners], place, self.need, self.gain,
            self.group, self.worst, told,
        )  # fmt: skip
        return told

    def runners_up(self, learners: Numbers, mentors: Numbers, first: Numbers) -> tuple[Numbers, Numbers]:
        """The open mentor with the least cost and first seat beside the one given, of such the first by id, or -1;
        and that cost."""
        rows, at = np.unique(self.kind[learners], return_inverse=True)
        found = np.empty((len(rows), 2), dtype=np.int64)
        seat = np.minimum(first, NO_SEAT).astype(np.int32)
        best_two(rows, self.pairs.cost, self.pairs.open, seat, self.rank, found)
        one, other = found[at, 0], found[at, 1]
        key = np.where(one & 0xFFFFFFFF == self.rank[mentors], other, one)
        by_rank = np.argsort(self.rank)
        return np.where(key < NOBODY, by_rank[np.where(key < NOBODY, key & 0xFFFFFFFF, 0)], -1), key >> 32

    def worth(self, pays: Numbers) -> Numbers:
        """For each mentor the most that a learner who may have them pays beyond the pair's cost."""
        worth = np.zeros(self.pairs.cost.shape[1], dtype=np.int64)
        most_paid(self.kind, pays, self.pairs.cost, self.pairs.wished, worth)
        return worth

    def reopened(self, again: Flags) -> "Sheet":
        """With seats with these mentors, too."""
        return replace(self, pairs=self.pairs._replace(open=self.pairs.open | self.pairs.wished & again))


def sheet_of(
    learners: Sequence[Learner], kind: Numbers, table: Table, policy: PoolPolicy, first: Numbers
) -> Sheet:
    """`learners` has one of each kind; `first` is the load of each mentor's first free seat."""
    field = Field(table, policy, first)
    search = Search(field, learners, [None] * len(learners))
    size, places, count = table.size, field.places, len(learners)
    groups = list(field.alike(learners))
    gain = np.empty((len(groups), places), dtype=np.int16)
    group = np.empty(count, dtype=np.int64)
    made = Sheet(
        search=search, kind=kind, group=group, gain=gain,
        worst=np.asarray([tops(each, policy) for each in learners], dtype=np.int64),
        need=np.asarray([each.in_need for each in learners], dtype=np.bool_),
        rank=table.rank,
        pairs=Pairs.empty(count, size),
    )  # fmt: skip
    room = Room.of(places)
    for at, rows in enumerate(groups):
        one = learners[rows[0]]
        gain[at], group[rows] = field.gain(one), at
        rules = np.zeros(size, dtype=np.uint8)
        for name, flags in field.broken(one).items():
            rules |= flags.astype(np.uint8) << np.uint8(list(RULES).index(name))
        look(
            search.limits, search.mentors, search.asking, rows, one.in_need, gain[at], field.laid(rules), made.pairs, room
        )  # fmt: skip
    return made
