"""Is what is said of groups of learners what the graph of all who could be paired says?"""

import networkx as nx
import numpy as np
import pytest

from matching.graph import competing, components, could_pair, cut_off


@pytest.mark.parametrize("seed", range(40))
def test_groups_say_what_the_graph_of_all_pairs_says(seed: int) -> None:
    chance = np.random.default_rng(seed)
    learners, mentors = int(chance.integers(0, 30)), int(chance.choice([0, 1, 7, 64, 70]))
    kinds = [chance.random(mentors) < chance.choice([0.02, 0.1, 0.9]) for _ in range(8)]
    wishes = [kinds[int(chance.integers(0, 8))] for _ in range(learners)]
    every = nx.Graph()
    every.add_nodes_from(("l", at) for at in range(learners))
    every.add_edges_from(
        (("l", at), ("m", mentor)) for at in range(learners) for mentor in np.flatnonzero(wishes[at]).tolist()
    )
    found = could_pair(wishes, mentors)
    assert components(found) == sum(len(part) > 1 for part in nx.connected_components(every))
    assert cut_off(found) == [at for at in range(learners) if not every.degree(("l", at))]
    for at in range(learners):
        wanted = set(every[("l", at)])
        assert competing(found, at) == (len({one for each in wanted for one in every[each]}), len(wanted))
