"""The solver finds the least cost: against every possibility on small pools, against published optima on large ones."""

import csv
import os
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.solver import Arc, solve

DATA = os.environ.get("MENTORWAY_DATA", "")


@st.composite
def pools(draw):
    learners, mentors = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    cost = st.integers(0, 50)
    arcs = [Arc(a, b, draw(cost)) for a in range(learners) for b in range(mentors) if draw(st.booleans())]
    waits = [draw(st.integers(0, 80)) for _ in range(learners)]
    seats = [sorted(draw(st.lists(cost, max_size=3))) for _ in range(mentors)]
    return arcs, waits, seats


def price(choice, arcs, waits, seats):
    """What a choice costs, or None if it is not allowed."""
    costs = {(arc.learner, arc.mentor): arc.cost for arc in arcs}
    total = 0
    for learner, mentor in enumerate(choice):
        if mentor is None:
            total += waits[learner]
        elif (learner, mentor) in costs:
            total += costs[learner, mentor]
        else:
            return None
    for mentor, prices in enumerate(seats):
        taken = choice.count(mentor)
        if taken > len(prices):
            return None
        total += sum(prices[:taken])
    return total


@given(pools())
@settings(max_examples=150, deadline=None)
def test_no_other_choice_is_cheaper(pool):
    arcs, waits, seats = pool
    every = product([None, *range(len(seats))], repeat=len(waits))
    best = min(cost for choice in every if (cost := price(choice, arcs, waits, seats)) is not None)
    outcome = solve(arcs, waits, seats)
    assert outcome.optimal
    assert outcome.objective == best == price(tuple(outcome.chosen), arcs, waits, seats)


def test_seats_fill_evenly_over_equal_mentors():
    arcs = [Arc(learner, mentor, 10) for learner in range(4) for mentor in range(2)]
    outcome = solve(arcs, [1000] * 4, [[1, 4, 9, 16], [1, 4, 9, 16]])
    assert sorted(outcome.chosen) == [0, 0, 1, 1]


def test_who_waited_longer_gets_the_only_seat():
    assert solve([Arc(0, 0, 5), Arc(1, 0, 5)], [1000, 1020], [[0]]).chosen == [None, 0]


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
    arcs = [Arc(at // size, at % size, cost) for at, cost in enumerate(costs)]
    assert solve(arcs, [1_000_000] * size, [[0]] * size).objective == known
