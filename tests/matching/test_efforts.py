"""Learners of unequal effort: nobody is over hours, the bound is proven, and small pools are solved exactly.

`price` knows nothing of the solver: it takes a pool as it was told and a choice, and counts.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.bound import by_learner, by_minutes, needless, worths
from matching.efforts import solve_mixed
from matching.exact import solve_exactly
from matching.instance import Instance
from matching.solver import solve
from matching.waiting import least_waiting
from tests.benchmarks.efforts import GAPS, gap_pool
from tests.benchmarks.people import mixed_pool
from tests.matching.instances import instance

DATA = os.environ.get("MENTORWAY_DATA", "")


EFFORTS = st.integers(0, 4)


@st.composite
def pools(draw, efforts=EFFORTS):
    learners, mentors = draw(st.integers(0, 5)), draw(st.integers(0, 3))
    cost = st.integers(-5, 60)
    offers = [
        {b: (draw(cost), draw(efforts)) for b in range(mentors) if draw(st.booleans())}
        for _ in range(learners)
    ]
    waits = [draw(st.integers(0, 150)) for _ in range(learners)]
    seats = [sorted(draw(st.lists(st.integers(0, 20), max_size=7))) for _ in range(mentors)]
    return offers, waits, seats, [draw(st.integers(0, 4)) for _ in range(mentors)]


def price(choice, offers, waits, seats, places):
    """What a choice costs, or None if it is not allowed."""
    total = 0
    for learner, mentor in enumerate(choice):
        if mentor is None:
            total += waits[learner]
        elif mentor in offers[learner]:
            total += offers[learner][mentor][0]
        else:
            return None
    for mentor, prices in enumerate(seats):
        taken = [learner for learner, other in enumerate(choice) if other == mentor]
        units = sum(offers[learner][mentor][1] for learner in taken)
        if units > len(prices) or len(taken) > places[mentor]:
            return None
        total += sum(prices[:units])
    return total


def every(pool):
    """All allowed choices with their costs."""
    offers, waits, seats, places = pool
    for choice in product([None, *range(len(seats))], repeat=len(waits)):
        if (cost := price(choice, offers, waits, seats, places)) is not None:
            yield choice, cost


@given(pools())
@settings(max_examples=50)
def test_the_answer_is_allowed_and_the_best_lies_between_it_and_the_bound(pool):
    best = min(cost for _, cost in every(pool))
    answer = solve_mixed(instance(*pool))
    assert price(answer.chosen, *pool) == answer.objective
    assert answer.bound <= best <= answer.objective


@given(pools())
@settings(max_examples=40)
def test_a_small_pool_is_solved_exactly(pool):
    answer = solve_exactly(instance(*pool))
    assert price(answer.chosen, *pool) == answer.objective == min(cost for _, cost in every(pool))
    assert answer.optimal


@given(pools(), st.integers(0, 40), st.integers(0, 20), st.integers(0, 60))
@settings(max_examples=50)
def test_any_prices_at_all_prove_a_bound(pool, unit, head, reward):
    made = instance(*pool)
    best = min(cost for _, cost in every(pool))
    fewest = min(choice.count(None) for choice, _ in every(pool))
    mentors = len(made.places)
    start = np.array([unit] * mentors + [head] * mentors + [reward], dtype=np.int64)
    from_units = by_minutes(made, fewest, start, 10**6, 1)
    from_worths, _ = by_learner(made, fewest, worths(made, start), 10**6, 1)
    assert from_units.value <= from_worths.value <= best


@given(pools())
@settings(max_examples=50)
def test_what_is_left_out_is_in_no_better_choice(pool):
    made = instance(*pool)
    arcs = list(zip(np.repeat(np.arange(len(made.waits)), np.diff(made.first)), made.mentor, strict=True))
    best = min(cost for _, cost in every(pool))
    found = by_minutes(made, 0, np.zeros(2 * len(made.places) + 1, dtype=np.int64), best, 100)
    for limit in (best, best + 1, best + 30):
        left_out = {arcs[arc] for arc in needless(made, found, limit)}
        for choice, cost in every(pool):
            if cost < limit:
                assert not left_out & {(at, mentor) for at, mentor in enumerate(choice) if mentor is not None}


@given(pools())
@settings(max_examples=50)
def test_no_fewer_can_wait_than_is_said(pool):
    offers, waits, seats, _ = pool
    unlimited = offers, waits, seats, [len(waits)] * len(seats)
    assert least_waiting(instance(*unlimited)) <= min(choice.count(None) for choice, _ in every(unlimited))


@given(pools(efforts=st.just(1)))
@settings(max_examples=40)
def test_of_equal_efforts_it_is_known_exactly_how_many_must_wait(pool):
    offers, waits, seats, _ = pool
    unlimited = offers, waits, seats, [len(waits)] * len(seats)
    assert least_waiting(instance(*unlimited)) == min(choice.count(None) for choice, _ in every(unlimited))


@given(pools(), st.integers(1, 4))
@settings(max_examples=40)
def test_equal_efforts_come_to_the_optimum_of_the_flow(pool, effort):
    offers, waits, seats, places = pool
    alike = [{mentor: (cost, effort) for mentor, (cost, _) in each.items()} for each in offers]
    whole = [
        [sum(each[at : at + effort]) for at in range(0, len(each) - effort + 1, effort)][:most]
        for each, most in zip(seats, places, strict=True)
    ]
    plain = [{mentor: cost for mentor, (cost, _) in each.items()} for each in offers]
    answer = solve_mixed(instance(alike, waits, seats, places))
    assert answer.objective == answer.bound == solve(plain, waits, whole).objective
    assert price(answer.chosen, alike, waits, seats, places) == answer.objective


def counted(pool, chosen):
    """The cost of a choice of a large pool, learner by learner; fails where a limit is broken."""
    total, minutes, heads = 0, [0] * len(pool.places), [0] * len(pool.places)
    for learner, mentor in enumerate(chosen):
        if mentor is None:
            total += int(pool.waits[learner])
            continue
        span = range(int(pool.first[learner]), int(pool.first[learner + 1]))
        (arc,) = [arc for arc in span if pool.mentor[arc] == mentor]
        total += int(pool.cost[arc])
        minutes[mentor] += int(pool.units[arc])
        heads[mentor] += 1
    for mentor, used in enumerate(minutes):
        prices = pool.prices[pool.begin[mentor] : pool.begin[mentor + 1]].tolist()
        assert used <= len(prices)
        assert heads[mentor] <= pool.places[mentor]
        total += sum(prices[:used])
    return total


@pytest.mark.parametrize("seed", range(3))
def test_a_large_pool_is_answered_near_the_bound_and_every_time_the_same(seed):
    pool = mixed_pool(1000, 100, seed)
    answer = solve_mixed(pool)
    assert counted(pool, answer.chosen) == answer.objective
    assert 0 <= answer.gap <= answer.bound // 200
    assert solve_mixed(pool) == answer


def test_parts_that_cannot_touch_are_solved_as_if_alone():
    one, other = mixed_pool(120, 12, 1), mixed_pool(90, 9, 2)
    both = Instance(
        np.append(one.first, one.first[-1] + other.first[1:]),
        np.append(one.mentor, 12 + other.mentor),
        np.append(one.cost, other.cost),
        np.append(one.units, other.units),
        np.append(one.waits, other.waits),
        np.append(one.begin, one.begin[-1] + other.begin[1:]),
        np.append(one.prices, other.prices),
        np.append(one.places, other.places),
    )
    apart = solve_mixed(one), solve_mixed(other)
    answer = solve_mixed(both)
    assert counted(both, answer.chosen) == answer.objective == sum(each.objective for each in apart)
    assert answer.bound == sum(each.bound for each in apart)


def test_who_no_mentor_can_take_waits_and_costs_that():
    answer = solve_mixed(instance([{}, {0: (5, 9)}, {0: (5, 2), 1: (1, 3)}], [100, 20, 30], [[0, 1, 2], []]))
    assert (answer.chosen, answer.objective, answer.bound) == ([None, None, 0], 126, 126)


@pytest.mark.parametrize(
    ("offers", "seats"),
    [([{0: (1, 1)}], [[2, 1]]), ([{0: (1, 1)}], [[-1, 1]]), ([{0: (1, -1)}], [[1]])],
    ids=["prices that fall", "a price below 0", "an effort below 0"],
)
def test_what_the_bound_does_not_hold_for_is_refused(offers, seats):
    with pytest.raises(ValueError):
        instance(offers, [9], seats)


def test_another_process_finds_the_same():
    pools = [mixed_pool(60, 6, seed) for seed in range(2)]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:
        there = list(aside.map(solve_exactly, pools))
    here = [solve_exactly(pool) for pool in pools]
    assert there == here
    for pool, answer in zip(pools, here, strict=True):
        assert answer.optimal
        assert counted(pool, answer.chosen) == answer.objective


def test_what_cannot_be_finished_keeps_its_bound():
    pool = mixed_pool(1000, 100, 3)
    answer = solve_exactly(pool, effort=0.01)
    assert answer.bound < answer.objective == counted(pool, answer.chosen)


@pytest.mark.skipif(not DATA, reason="MENTORWAY_DATA names no folder with assignment/gap")
@pytest.mark.parametrize("name", GAPS)
def test_published_optima_are_met_and_proven(name):
    pool, known = gap_pool(Path(DATA) / "assignment/gap", name)
    answer = solve_exactly(pool)
    assert counted(pool, answer.chosen) == answer.objective == answer.bound == known


@pytest.mark.skipif(not DATA, reason="MENTORWAY_DATA names no folder with assignment/orlib")
@pytest.mark.parametrize(("name", "known"), [("assign100", 305), ("assign500", 991)])
def test_published_optima_of_equal_efforts_are_met(name, known):
    numbers = [int(word) for word in (Path(DATA) / f"assignment/orlib/{name}.txt").read_text().split()]
    size, costs = numbers[0], numbers[1:]
    offers = [
        {at: (cost, 1) for at, cost in enumerate(costs[row : row + size])}
        for row in range(0, size * size, size)
    ]
    answer = solve_mixed(instance(offers, [1000] * size, [[0]] * size))
    assert answer.objective == answer.bound == known
