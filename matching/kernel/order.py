"""In what order do learners and mentors lie in memory?  Blocks first, then those who want the same mentor.

A block is a set of learners and mentors that no arc leaves: most pools fall into some by their hard rules.
Each is solved by itself, and its prices stay near; learners with the same cheapest mentor tend to be looked
at together, so they lie side by side.
"""

from typing import NamedTuple

import numpy as np

from matching.compiled import compiled
from matching.kernel.instance import Instance, Int32


class Order(NamedTuple):
    learners: Int32  # who is at each place
    mentors: Int32
    learner_ends: Int32  # [blocks + 1] where each block's learners begin; those without arcs are in none
    mentor_ends: Int32


def ordered(instance: Instance) -> Order:
    mentors = len(instance.seat_starts) - 1
    block, cheapest = _blocks(instance.starts, instance.mentors, instance.costs, mentors)
    by_block = _sorted(block, mentors)
    rank = ranked(by_block)
    wants = np.where(cheapest < 0, mentors, rank[cheapest]).astype(np.int32) if mentors else cheapest + 1
    learners = _sorted(wants, mentors + 1)
    edges = np.flatnonzero(np.diff(block[by_block])) + 1
    mentor_ends = np.concatenate([[0], edges, [mentors]]).astype(np.int32)
    learner_ends = np.searchsorted(wants[learners], mentor_ends).astype(np.int32)
    return Order(learners, by_block, learner_ends, mentor_ends)


def ranked(places: Int32) -> Int32:
    """Where each one is, from who is at each place."""
    rank = np.empty(len(places), np.int32)
    rank[places] = np.arange(len(places), dtype=np.int32)
    return rank


@compiled
def _blocks(starts: Int32, mentors: Int32, costs: Int32, count: int) -> tuple[Int32, Int32]:
    """The first mentor of each mentor's block, by union and find; and each learner's cheapest mentor or -1."""
    parent = np.arange(count).astype(np.int32)
    cheapest = np.full(len(starts) - 1, -1, np.int32)
    for learner in range(len(starts) - 1):
        first, end = starts[learner], starts[learner + 1]
        if first == end:
            continue
        best = first
        root = mentors[first]
        while parent[root] != root:
            parent[root] = parent[parent[root]]
            root = parent[root]
        for at in range(first + 1, end):
            if costs[at] < costs[best]:
                best = at
            other = mentors[at]
            while parent[other] != other:
                parent[other] = parent[parent[other]]
                other = parent[other]
            if other < root:
                parent[root] = other
                root = other
            else:
                parent[other] = root
        cheapest[learner] = mentors[best]
    for mentor in range(count):
        parent[mentor] = parent[parent[mentor]]  # a parent is never behind its child, so it is a root by now
    return parent, cheapest


@compiled
def _sorted(keys: Int32, count: int) -> Int32:
    """Places by key, equal ones as they were; a counting sort."""
    begin = np.zeros(count + 1, np.int32)
    for key in keys:
        begin[key + 1] += 1
    for key in range(count):
        begin[key + 1] += begin[key]
    places = np.empty(len(keys), np.int32)
    for at in range(len(keys)):
        places[begin[keys[at]]] = at
        begin[keys[at]] += 1
    return places
