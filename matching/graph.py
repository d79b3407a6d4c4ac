"""Who competes with whom, and whom can nobody mentor?  The one user of networkx.

Learners who could have the very same mentors are one node, as most of a large pool are alike; so the
graph stays small where the pool is large.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import networkx as nx

Mentors = tuple[int, ...]


class Wishes(NamedTuple):
    """The two-sided graph: a node for each set of mentors that some learners could have, one for each mentor."""

    graph: "nx.Graph[int | Mentors]"
    of_learner: list[Mentors]
    learners: dict[Mentors, int]  # how many are alike
    rivals: dict[Mentors, tuple[int, int]]  # found so far


def could_pair(wishes: Sequence[Iterable[int]], mentors: int) -> Wishes:
    """Who could mentor whom; learners and mentors are numbered from 0."""
    graph: nx.Graph[int | Mentors] = nx.Graph()
    graph.add_nodes_from(range(mentors))
    of_learner = [tuple(wanted) for wanted in wishes]
    learners: dict[Mentors, int] = {}
    for wanted in of_learner:
        if wanted not in learners:
            graph.add_node(wanted)
            graph.add_edges_from((wanted, mentor) for mentor in wanted)
        learners[wanted] = learners.get(wanted, 0) + 1
    return Wishes(graph, of_learner, learners, {})


def components(wishes: Wishes) -> int:
    """Separate markets: parts with at least one learner and one mentor."""
    return sum(len(part) > 1 for part in nx.connected_components(wishes.graph))


def cut_off(wishes: Wishes) -> list[int]:
    """Learners no mentor passes the hard rules for."""
    alone = {node for node in nx.isolates(wishes.graph) if isinstance(node, tuple)}
    return [learner for learner, wanted in enumerate(wishes.of_learner) if wanted in alone]


def competing(wishes: Wishes, learner: int) -> tuple[int, int]:
    """How many learners, this one included, want the mentors this one could have, and how many mentors."""
    wanted = wishes.of_learner[learner]
    if wanted not in wishes.rivals:
        others = {
            node for mentor in wanted for node in wishes.graph.neighbors(mentor) if isinstance(node, tuple)
        }
        wishes.rivals[wanted] = sum(wishes.learners[node] for node in others), len(wanted)
    return wishes.rivals[wanted]
