"""Which parts of a pool cannot touch each other?  Each is solved alone: smaller, and with a better bound."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matching.columns import Numbers
from matching.compiled import compiled
from matching.instance import Instance


class Part(NamedTuple):
    pool: Instance
    learners: Numbers  # their numbers in the whole pool
    mentors: Numbers
    arcs: Numbers


def parts(pool: Instance) -> Iterator[Part]:
    """In the order of their first learner.  Who has no arc is in none of them."""
    root = _roots(pool.first, pool.mentor, len(pool.places))
    heads = np.flatnonzero(np.diff(pool.first))
    home = root[pool.mentor[pool.first[heads]]]
    order = np.argsort(home, kind="stable")
    cuts = np.flatnonzero(np.diff(home[order])) + 1
    for group in sorted(np.split(heads[order], cuts), key=lambda each: each[0] if len(each) else 0):
        if len(group):
            yield _part(pool, group)


def _part(pool: Instance, learners: Numbers) -> Part:
    counts = np.diff(pool.first)[learners]
    arcs = _ranges(pool.first[learners], counts)
    mentors, mentor = np.unique(pool.mentor[arcs], return_inverse=True)
    sizes = np.diff(pool.begin)[mentors]
    part = Instance(
        np.concatenate([[0], np.cumsum(counts)]),
        mentor.astype(np.int64),
        pool.cost[arcs],
        pool.units[arcs],
        pool.waits[learners],
        np.concatenate([[0], np.cumsum(sizes)]),
        pool.prices[_ranges(pool.begin[mentors], sizes)],
        pool.places[mentors],
    )
    return Part(part, learners, mentors, arcs)


def _ranges(starts: Numbers, counts: Numbers) -> Numbers:
    """start, start + 1, ... of each, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)


@compiled
def _roots(first: Numbers, mentor: Numbers, mentors: int) -> Numbers:
    """For each mentor one mentor of its part: those of one learner are joined."""
    root = np.arange(mentors)
    for learner in range(len(first) - 1):
        for arc in range(first[learner] + 1, first[learner + 1]):
            a, b = mentor[arc - 1], mentor[arc]
            while root[a] != a:
                root[a] = root[root[a]]
                a = root[a]
            while root[b] != b:
                root[b] = root[root[b]]
                b = root[b]
            root[max(a, b)] = min(a, b)
    for b in range(mentors):
        a = b
        while root[a] != a:
            a = root[a]
        root[b] = a
    return root
