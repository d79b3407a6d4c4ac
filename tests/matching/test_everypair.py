"""Is what is solved over a few pairs, with all others priced out, the best over every eligible pair?"""

from dataclasses import replace

import numpy as np
import pytest

from matching import everypair
from matching.exact import solve_exactly
from matching.instance import Instance
from matching.market import offer_of
from matching.seats import Seats
from matching.solver import solve
from matching.table import Table
from matching.whole import NEVER, Snapshot, optimise, present_cost, unit_prices
from schemas.pool_policy import PoolPolicy, Weights
from tests.matching.instances import instance
from tests.matching.test_candidates import crowd

POLICY = PoolPolicy(weights=Weights(move=30))


def pool(seed: int, mixed: bool) -> Snapshot:
    """A third of the learners have a mentor; seats are few."""
    ours, theirs = crowd(seed, 30, 12)
    ours = [replace(each, id=f"{each.id}/{part}", urgent=part > 0) for part in range(3) for each in ours]
    chance = np.random.default_rng(seed)
    if mixed:
        ours = [replace(each, effort=int(chance.integers(1, 4)) * 30) for each in ours]
    own: list[int | None] = [at if at < 12 else None for at in range(len(ours))]
    theirs = [
        replace(each, used=0, places=each.places + 1) if at < 12 else each for at, each in enumerate(theirs)
    ]
    return Snapshot(ours, [NEVER if mentor is not None else 5000 for mentor in own], own, theirs)


def every(taken: Snapshot, unit: int) -> Instance:
    """All eligible pairs, each by the columns of a table."""
    opened = Seats(taken.mentors, POLICY)
    first = np.where(opened.count > 0, opened.first, 0)
    offers = []
    for learner, own in zip(taken.learners, taken.own, strict=True):
        offer, move = offer_of(learner, Table(taken.mentors), POLICY, first), 0 if own is None else 30
        made = {
            at: (int(offer.cost[at]) + move, learner.effort // unit)
            for at in np.flatnonzero(offer.open).tolist()
        }
        if own is not None:
            made[own] = (present_cost(learner, taken.mentors[own], POLICY), learner.effort // unit)
        offers.append(made)
    prices = [unit_prices(mentor, POLICY, unit) for mentor in taken.mentors]
    return instance(offers, taken.waits, prices, [mentor.places for mentor in taken.mentors])


@pytest.mark.parametrize("seed", range(8))
def test_equal_efforts_are_the_optimum_over_every_pair(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everypair, "AT_ONCE", 1)
    taken = pool(seed, mixed=False)
    whole = every(taken, 60)
    offers = [
        dict(zip(whole.mentor[a:b].tolist(), whole.cost[a:b].tolist(), strict=True))
        for a, b in zip(whole.first, whole.first[1:], strict=False)
    ]
    seats = [
        whole.prices[a:b][:places].tolist()
        for a, b, places in zip(whole.begin, whole.begin[1:], whole.places, strict=False)
    ]
    found = optimise(taken, POLICY)
    assert found.objective == found.bound == solve(offers, taken.waits, seats).objective


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_of_unequal_efforts_holds_over_every_pair(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everypair, "NEAREST", 2)
    monkeypatch.setattr(everypair, "MANY", 0)
    taken = pool(seed, mixed=True)
    exact = solve_exactly(every(taken, 30))
    found = optimise(taken, POLICY)
    assert found.bound <= exact.objective
    assert exact.bound <= found.objective
    assert found.bound <= found.objective


@pytest.mark.parametrize(
    ("seed", "permille", "waiting"),
    [(5, 2, 0), (3, 5, 0), (4, 300, 3)],
    ids=["all placed", "all placed, dearer", "some wait"],
)
def test_how_near_the_bound_is_where_efforts_differ(seed: int, permille: int, waiting: int) -> None:
    """Within half a percent where all can be placed.  Where some wait the bound may count on fewer, and in a pool as
    small as this each of them is much; how near it is in a large pool `tests.benchmarks.whole` tells."""
    found = optimise(pool(seed, mixed=True), POLICY)
    assert found.chosen.count(None) == waiting
    assert 0 <= 1000 * (found.objective - found.bound) <= permille * found.bound
