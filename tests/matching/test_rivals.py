"""Is the set of those who compete the smallest, and the one networkx's minimum cut finds?"""

import networkx as nx
import numpy as np
import pytest

from matching.rivals import Rivals, rivals, wanted
from matching.solver import solve

Flags = list[np.ndarray]  # type: ignore[type-arg]


def placed(wishes: Flags, seats: list[int], seed: int) -> np.ndarray:  # type: ignore[type-arg]
    """As many as can be have a seat: waiting is dearer than any change of seats."""
    chance = np.random.default_rng(seed)
    offers = [{at: int(chance.integers(0, 100)) for at in np.flatnonzero(each).tolist()} for each in wishes]
    outcome = solve(offers, [10**6] * len(wishes), [[0] * count for count in seats])
    return np.asarray([-1 if each is None else each for each in outcome.chosen])


def by_cut(wishes: Flags, seats: list[int], chosen: np.ndarray, learner: int) -> tuple[set[int], set[int]]:  # type: ignore[type-arg]
    """Those with a seat and this one; the source's side of the minimum cut with the fewest people."""
    graph = nx.DiGraph()
    here = [at for at, mentor in enumerate(chosen) if mentor >= 0 or at == learner]
    for at in here:
        graph.add_edge("source", ("l", at), capacity=1)
        graph.add_edges_from((("l", at), ("m", mentor)) for mentor in np.flatnonzero(wishes[at]).tolist())
    for mentor, count in enumerate(seats):
        graph.add_edge(("m", mentor), "sink", capacity=count)
    left = nx.algorithms.flow.preflow_push(graph, "source", "sink")
    residual = nx.DiGraph((a, b) for a, b, arc in left.edges(data=True) if arc["capacity"] - arc["flow"] > 0)
    residual.add_node("source")
    side = nx.descendants(residual, "source")
    return {at for kind, at in side - {"sink"} if kind == "l"}, {
        at for kind, at in side - {"sink"} if kind == "m"
    }


def drawn(seed: int) -> tuple[Flags, list[int]]:
    chance = np.random.default_rng(seed)
    learners, mentors = int(chance.integers(4, 40)), int(chance.integers(1, 15))
    kinds = [chance.random(mentors) < 0.25 for _ in range(6)]
    return [kinds[int(chance.integers(0, 6))] for _ in range(learners)], chance.integers(
        0, 4, mentors
    ).tolist()


@pytest.mark.parametrize("seed", range(30))
def test_it_is_the_minimum_cut_of_those_who_sit_and_the_one_who_does_not(seed: int) -> None:
    wishes, seats = drawn(seed)
    chosen = placed(wishes, seats, seed)
    want = wanted(range(len(wishes)), np.asarray(wishes))
    for learner in np.flatnonzero(chosen < 0).tolist():
        found = rivals(want, chosen, np.asarray(seats), [learner])
        assert found.seat == -1
        assert (set(found.learners.tolist()), set(found.mentors.tolist())) == by_cut(
            wishes, seats, chosen, learner
        )


@pytest.mark.parametrize("seed", range(30))
def test_it_is_closed_and_one_learner_more_than_it_has_seats(seed: int) -> None:
    wishes, seats = drawn(seed)
    chosen = placed(wishes, seats, seed)
    for learner in np.flatnonzero(chosen < 0).tolist():
        found = rivals(wanted(range(len(wishes)), np.asarray(wishes)), chosen, np.asarray(seats), [learner])
        inside = set(found.mentors.tolist())
        assert inside == {mentor for at in found.learners for mentor in np.flatnonzero(wishes[at]).tolist()}
        assert len(found.learners) == sum(seats[mentor] for mentor in inside) + 1


def test_where_a_seat_is_free_it_is_named() -> None:
    wishes = [np.array([True, False]), np.array([True, True])]
    found = rivals(wanted(range(2), np.asarray(wishes)), np.array([-1, 0]), np.array([1, 1]), [0])
    assert found.seat == 1
    assert isinstance(found, Rivals)
