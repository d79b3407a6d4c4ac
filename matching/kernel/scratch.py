"""What does a search note down, and what do events leave for the certificate to look at?"""

from typing import NamedTuple

import numpy as np

from matching.compiled import inlined
from matching.kernel.instance import Int32, Int64
from matching.kernel.state import State

SEARCHES, MENTORS, LEARNERS, CHANGE, SETTLED = range(5)  # of `counts`


class Scratch(NamedTuple):
    """What one search at a time needs; the heap has one place a mentor, so it cannot run over.

    The last seven tell what changed since `CHANGE` was counted on: each mentor with its price before, each learner.
    """

    distance: Int64  # [mentors]
    via: Int64  # the move that reaches the mentor: its cost above its learner
    toward: Int32  # in a seat's search, the mentor that learner would go to
    seen: Int64  # the number of the search that last reached the mentor
    place: Int32  # in the heap, or -1 once settled
    heap: Int32
    settled: Int32  # mentors in the order they were settled
    counts: Int64
    mentors: Int32
    before: Int64
    mentor_seen: Int64
    learners: Int32
    learner_seen: Int64


NODE = np.dtype([("distance", "i8"), ("via", "i8"), ("seen", "i8"), ("toward", "i4"), ("place", "i4")])


def scratch(state: State) -> Scratch:
    learners, mentors = len(state.waits), len(state.prices)
    node = np.zeros(mentors, NODE)
    return Scratch(
        node["distance"], node["via"], node["toward"], node["seen"], node["place"], np.zeros(mentors, np.int32),
        np.zeros(mentors, np.int32), np.zeros(5, np.int64), np.zeros(mentors, np.int32), np.zeros(mentors, np.int64),
        np.full(mentors, -1), np.zeros(learners, np.int32), np.full(learners, -1),
    )  # fmt: skip


@inlined
def changes(w: Scratch, mentor: int, price: int) -> None:
    """Notes a mentor before its price, load or seats change."""
    if w.mentor_seen[mentor] != w.counts[CHANGE]:
        w.mentor_seen[mentor] = w.counts[CHANGE]
        w.before[w.counts[MENTORS]] = price
        w.mentors[w.counts[MENTORS]] = mentor
        w.counts[MENTORS] += 1


@inlined
def moves(w: Scratch, learner: int) -> None:
    """Notes a learner whose place or choice changes."""
    if w.learner_seen[learner] != w.counts[CHANGE]:
        w.learner_seen[learner] = w.counts[CHANGE]
        w.learners[w.counts[LEARNERS]] = learner
        w.counts[LEARNERS] += 1
