"""The solver finds the least cost: against every possibility on small pools, against published optima on large ones."""

import csv
import os
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.solver import solve

DATA = os.environ.get("MENTORWAY_DATA", "")


@st.composite
def pools(draw):
    learners, mentors = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    cost = st.integers(0, 50)
    offers = [{b: draw(cost) for b in range(mentors) if draw(st.booleans())} for _ in range(learners)]
    waits = [draw(st.integers(0, 80)) for _ in range(learners)]
    seats = [sorted(draw(st.lists(cost, max_size=3))) for _ in range(mentors)]
    return offers, waits, seats


def price(choice, offers, waits, seats):
    """What a choice costs, or None if it is not allowed."""
    total = 0
    for learner, mentor in enumerate(choice):
        if mentor is None:
            total += waits[learner]
        elif mentor in offers[learner]:
            total += offers[learner][mentor]
        else:
            return None
    for mentor, prices in enumerate(seats):
        taken = choice.count(mentor)
        if taken > len(prices):
            return None
        total += sum(prices[:taken])
    return total


@given(pools())
@settings(max_examples=50)
def test_no_other_choice_is_cheaper(pool):
    offers, waits, seats = pool
    every = product([None, *range(len(seats))], repeat=len(waits))
    best = min(cost for choice in every if (cost := price(choice, offers, waits, seats)) is not None)
    outcome = solve(offers, waits, seats)
    assert outcome.optimal
    assert outcome.objective == best == price(tuple(outcome.chosen), offers, waits, seats)


def test_seats_fill_evenly_over_equal_mentors():
    outcome = solve([{0: 10, 1: 10}] * 4, [1000] * 4, [[1, 4, 9, 16], [1, 4, 9, 16]])
    assert sorted(outcome.chosen) == [0, 0, 1, 1]


def test_who_waited_longer_gets_the_only_seat():
    assert solve([{0: 5}, {0: 5}], [1000, 1020], [[0]]).chosen == [None, 0]


def test_nobody_waiting_needs_no_solving():
    assert solve([], [], [[0]]).chosen == []


def optima():
    if not DATA:
        return []
    with (Path(DATA) / "assignment/orlib/optima.csv").open() as file:
        return [tuple(row) for row in csv.reader(file)]


@pytest.mark.skipif(not DATA, reason="MENTORWAY_DATA names no folder with assignment/orlib")
@pytest.mark.parametrize("name", ["assign100", "assign500"])
def test_published_optima_are_met(name):
    known = next(int(row[2]) for row in optima() if row[0].startswith(name))
    numbers = [int(word) for word in (Path(DATA) / f"assignment/orlib/{name}.txt").read_text().split()]
    size, costs = numbers[0], numbers[1:]
    offers = [dict(enumerate(costs[row * size : (row + 1) * size])) for row in range(size)]
    assert solve(offers, [1_000_000] * size, [[0]] * size).objective == known
