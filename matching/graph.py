"""Who competes with whom, and whom can nobody mentor?  The one user of networkx.

Learners who could have the very same mentors are one node; most of a large pool are alike.  A group is joined
to the first group that could have one of its mentors, so there are few edges, however many pairs; the parts of
the graph are those of the graph of all who could be paired (`tests/matching/test_graph.py`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import networkx as nx
import numpy as np

from matching.columns import Flags, Numbers
from matching.weeks import Words


class Wishes(NamedTuple):
    """Groups of learners; the graph has those that could have any mentor."""

    graph: "nx.Graph[int]"
    of_learner: list[int]
    size: Numbers
    bits: Words  # a column a group, a bit a mentor
    rivals: dict[int, tuple[int, int]]  # found so far


def could_pair(wishes: Sequence[Flags], mentors: int) -> Wishes:
    """`wishes` has for each learner a flag a mentor: passes the lasting rules and the floor."""
    groups: dict[bytes, int] = {}
    of_learner = [groups.setdefault(each.tobytes(), len(groups)) for each in wishes]
    rows = np.frombuffer(b"".join(groups), dtype=np.bool_).reshape(len(groups), mentors)
    packed = np.zeros((len(groups), -(-mentors // 64) * 8), dtype=np.uint8)
    packed[:, : -(-mentors // 8)] = np.packbits(rows, axis=1)
    graph: nx.Graph[int] = nx.Graph()
    first = rows.argmax(axis=0) if groups else np.empty(0, dtype=np.int64)
    for group, row in enumerate(rows):
        graph.add_edges_from((group, other) for other in np.unique(first[row]).tolist())
    size = np.bincount(np.asarray(of_learner, dtype=np.int64), minlength=len(groups))
    return Wishes(graph, of_learner, size, np.ascontiguousarray(packed.view(np.uint64).T), {})


def components(wishes: Wishes) -> int:
    """Separate markets: parts with at least one learner and one mentor."""
    return int(nx.number_connected_components(wishes.graph))


def is_cut_off(wishes: Wishes, learner: int) -> bool:
    """Does no mentor pass the hard rules for this learner?"""
    return wishes.of_learner[learner] not in wishes.graph


def cut_off(wishes: Wishes) -> list[int]:
    return [learner for learner in range(len(wishes.of_learner)) if is_cut_off(wishes, learner)]


def competing(wishes: Wishes, learner: int) -> tuple[int, int]:
    """How many learners, this one included, want the mentors this one could have, and how many mentors."""
    group = wishes.of_learner[learner]
    if group not in wishes.rivals:
        own, met = wishes.bits[:, group], np.zeros(len(wishes.size), dtype=np.bool_)
        for word in np.flatnonzero(own).tolist():
            met |= (wishes.bits[word] & own[word]) != 0
            if met.all():
                break
        wishes.rivals[group] = int(wishes.size[met].sum()), int(np.bitwise_count(own).sum())
    return wishes.rivals[group]
