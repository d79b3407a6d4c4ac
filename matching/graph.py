"""Who competes with whom, and whom can nobody mentor?  The one user of networkx."""

from collections.abc import Sequence
from typing import TypeAlias

import networkx as nx

Wishes: TypeAlias = "nx.Graph[int]"

# A learner is a node 0, 1, 2, ...; a mentor -1, -2, -3, ...


def could_pair(wishes: Sequence[Sequence[int]], mentors: int) -> Wishes:
    """The two-sided graph of who could mentor whom."""
    graph: Wishes = nx.Graph()
    graph.add_nodes_from(range(-mentors, len(wishes)))
    for learner, wanted in enumerate(wishes):
        graph.add_edges_from((learner, -1 - mentor) for mentor in wanted)
    return graph


def components(graph: Wishes) -> int:
    """Separate markets: parts with at least one learner and one mentor."""
    return sum(len(part) > 1 for part in nx.connected_components(graph))


def cut_off(graph: Wishes) -> list[int]:
    """Learners no mentor passes the hard rules for."""
    return sorted(node for node in nx.isolates(graph) if node >= 0)


def competing(graph: Wishes, learner: int) -> tuple[int, int]:
    """How many learners, this one included, want the mentors this one could have, and how many mentors."""
    mentors = list(graph.neighbors(learner))
    return len(set[int]().union(*map(graph.neighbors, mentors))), len(mentors)
