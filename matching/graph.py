"""Who competes with whom, and whom can nobody mentor?  The one user of networkx.

Learners who could have the very same mentors are one node, and so are mentors whom the very same
learners could have; most of a large pool are alike, so the graph stays small.
"""

from collections.abc import Sequence
from typing import NamedTuple

import networkx as nx
import numpy as np

from matching.columns import Flags

Node = tuple[str, int]  # a side, and the number of a group of it


class Wishes(NamedTuple):
    """The two-sided graph of groups, with how many people each group holds."""

    graph: "nx.Graph[Node]"
    of_learner: list[Node]
    size: dict[Node, int]
    rivals: dict[Node, tuple[int, int]]  # found so far


def could_pair(wishes: Sequence[Flags], mentors: int) -> Wishes:
    """`wishes` has for each learner a flag a mentor: passes the lasting rules and the floor."""
    groups: dict[bytes, int] = {}
    of_learner: list[Node] = [("learners", groups.setdefault(each.tobytes(), len(groups))) for each in wishes]
    rows = np.zeros((max(1, len(groups)), mentors), dtype=np.bool_)  # a row a group, a column a mentor
    for each, at in groups.items():
        rows[at] = np.frombuffer(each, dtype=np.bool_)
    _, first, counts = np.unique(np.packbits(rows, axis=0), axis=1, return_index=True, return_counts=True)
    graph: nx.Graph[Node] = nx.Graph()
    graph.add_nodes_from(of_learner)
    size = dict.fromkeys(of_learner, 0)
    for node in of_learner:
        size[node] += 1
    for number, (column, count) in enumerate(zip(first.tolist(), counts.tolist(), strict=True)):
        able = np.flatnonzero(rows[:, column]).tolist()
        size["mentors", number] = count
        graph.add_edges_from((("learners", at), ("mentors", number)) for at in able)
    return Wishes(graph, of_learner, size, {})


def components(wishes: Wishes) -> int:
    """Separate markets: parts with at least one learner and one mentor."""
    return sum(len(part) > 1 for part in nx.connected_components(wishes.graph))


def cut_off(wishes: Wishes) -> list[int]:
    """Learners no mentor passes the hard rules for."""
    alone = set(nx.isolates(wishes.graph))
    return [learner for learner, node in enumerate(wishes.of_learner) if node in alone]


def competing(wishes: Wishes, learner: int) -> tuple[int, int]:
    """How many learners, this one included, want the mentors this one could have, and how many mentors."""
    node = wishes.of_learner[learner]
    if node not in wishes.rivals:
        wanted = list(wishes.graph.neighbors(node))
        others = {rival for mentors in wanted for rival in wishes.graph.neighbors(mentors)}
        wishes.rivals[node] = sum(wishes.size[one] for one in others), sum(wishes.size[one] for one in wanted)
    return wishes.rivals[node]
