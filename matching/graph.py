"""Who competes with whom, and whom can nobody mentor?  The one user of networkx."""

from collections.abc import Iterable, Sequence

import networkx as nx

Node = tuple[str, int]


def could_pair(learners: int, mentors: Sequence[int], arcs: Iterable[tuple[int, int]]) -> "nx.Graph[Node]":
    """The two-sided graph of who could mentor whom."""
    graph: nx.Graph[Node] = nx.Graph()
    graph.add_nodes_from(("learner", index) for index in range(learners))
    graph.add_nodes_from(("mentor", index) for index in mentors)
    graph.add_edges_from((("learner", learner), ("mentor", mentor)) for learner, mentor in arcs)
    return graph


def components(graph: "nx.Graph[Node]") -> int:
    """Separate markets: parts with at least one learner and one mentor."""
    return sum(len(part) > 1 for part in nx.connected_components(graph))


def cut_off(graph: "nx.Graph[Node]") -> list[int]:
    """Learners no mentor passes the hard rules for."""
    return sorted(index for kind, index in nx.isolates(graph) if kind == "learner")


def competing(graph: "nx.Graph[Node]", learner: int) -> tuple[int, int]:
    """How many learners, this one included, want the mentors this one could have, and how many mentors."""
    mentors = set(graph[("learner", learner)])
    rivals = {rival for mentor in mentors for rival in graph[mentor]}
    return len(rivals), len(mentors)
