"""Learners of unequal effort: nobody is over hours, the bound is proven, and small pools are solved exactly.

`price` knows nothing of the solver: it takes a pool as it was told and a choice, and counts.
"""

import csv
import os
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.bound import by_learner, by_minutes, fineness, finer, needless, worths
from matching.efforts import bounded, solve_mixed
from matching.exact import solve_exactly
from matching.instance import instance
from matching.solver import solve
from matching.waiting import least_waiting
from tests.benchmarks.instances import mixed_pool

DATA = os.environ.get("MENTORWAY_DATA", "")
GAPS = [f"gap{group}-{number}" for group in range(1, 7) for number in range(5)]


@st.composite
def pools(draw, efforts=st.integers(0, 4)):
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
@settings(max_examples=150, deadline=None)
def test_the_answer_is_allowed_and_the_best_lies_between_it_and_the_bound(pool):
    best = min(cost for _, cost in every(pool))
    answer = solve_mixed(instance(*pool))
    assert price(answer.chosen, *pool) == answer.objective
    assert answer.bound <= best <= answer.objective


@given(pools())
@settings(max_examples=100, deadline=None)
def test_a_small_pool_is_solved_exactly(pool):
    answer = solve_exactly(instance(*pool))
    assert price(answer.chosen, *pool) == answer.objective == min(cost for _, cost in every(pool))
    assert answer.optimal


@given(pools(), st.integers(0, 40), st.integers(0, 20), st.integers(0, 60))
@settings(max_examples=150, deadline=None)
def test_any_prices_at_all_prove_a_bound(pool, unit, head, reward):
    made = instance(*pool)
    best = min(cost for _, cost in every(pool))
    fewest = min(choice.count(None) for choice, _ in every(pool))
    start = [unit] * len(made.places) + [head] * len(made.places) + [reward]
    from_units = by_minutes(made, fewest, _whole(start), 10**6, 1)
    from_worths, _ = by_learner(made, fewest, worths(made, _whole(start)), 10**6, 1)
    assert from_units.value <= best
    assert from_worths.value <= best
    assert from_worths.value >= from_units.value


def _whole(values):
    import numpy as np

    return np.asarray(values, dtype=np.int64)
