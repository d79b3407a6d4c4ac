"""The kernel finds what min-cost flow finds, proves it, and keeps it so through every kind of event."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import numpy as np
import pytest

from matching import solver
from matching.kernel.assignment import Assignment
from matching.kernel.certificate import Fault, faults
from matching.kernel.events import ADD_EDGE, ARRIVE, CHANGE_COST, CHANGE_WAIT, LEAVE, REMOVE_SEAT
from matching.kernel.instance import DEAREST, Instance
from matching.kernel.kept import KeptAssignment
from matching.prices import least_prices
from tests.matching import fuzz
from tests.matching.checker import wrong_with


def pool(offers, waits, seats):
    return Instance.checked(
        np.cumsum([0, *map(len, offers)]),
        [mentor for row in offers for mentor in row],
        [cost for row in offers for cost in row.values()],
        waits,
        np.cumsum([0, *map(len, seats)]),
        [cost for row in seats for cost in row],
    )


def drawn(learners, mentors, k, seats, dear, seed=1):
    """Many learners and mentors, evenly mixed."""
    chance = Random(seed)
    offers = [{m: chance.randint(0, dear) for m in chance.sample(range(mentors), k)} for _ in range(learners)]
    rows = [sorted(chance.randint(0, dear // 4) for _ in range(seats)) for _ in range(mentors)]
    return pool(offers, [chance.randint(dear, 9 * dear) for _ in range(learners)], rows)


def agreed(instance):
    """The kernel's assignment, after the reference and the independent checker have looked at it."""
    kept = KeptAssignment(instance)
    assert kept.solve() == []
    chosen, least, optimal = solver.flow(instance)
    assert optimal
    assert kept.objective == least
    assert wrong_with(instance, kept.chosen, least) == []
    assert kept.least_prices().tolist() == least_prices(instance, chosen).tolist()
    return kept


@pytest.mark.parametrize("first", [0, 1000, 2000, 3000])
def test_both_engines_agree_on_random_pools_and_through_random_events(first):
    assert sum(fuzz.pool(seed) for seed in range(first, first + 40)) > 200


HARD = {
    "nobody": ([], [], []),
    "no mentors": ([{}, {}], [3, 4], []),
    "no arcs": ([{}, {}], [3, 4], [[0], [1]]),
    "no seats": ([{0: 1}, {0: 1}], [3, 4], [[]]),
    "one mentor wanted by all": ([{0: 5}] * 50, list(range(50)), [[0, 1, 1, 2]]),
    "all alike": ([dict.fromkeys(range(6), 7)] * 40, [100] * 40, [[0, 0, 0]] * 6),
    "all free": ([dict.fromkeys(range(6), 0)] * 40, [0] * 40, [[0, 0, 0]] * 6),
    "paid to come": ([{0: -9, 1: -3}, {0: -8}], [-4, 2], [[-5, 0], [-1]]),
    "cheaper to wait": ([{0: 9}, {0: 8}], [1, 1], [[0, 0]]),
    "as dear as can be": ([{0: 2**31 - 1, 1: -(2**31)}] * 3, [DEAREST, -DEAREST, 0], [[-DEAREST], [DEAREST]]),
    "a chain": ([{0: 0, 1: 0}, {1: 0, 2: 0}, {2: 0, 3: 0}, {0: 0}], [9] * 4, [[0], [0], [0], [5]]),
}


@pytest.mark.parametrize("case", HARD.values(), ids=HARD)
def test_hard_cases_have_the_least_cost(case):
    agreed(pool(*case))


@pytest.mark.parametrize("seats", [1, 3, 12])
def test_every_price_rises_through_the_heap_when_seats_are_short(seats):
    agreed(drawn(3000, 250, 12, seats, 1000))


def test_a_price_war_over_few_seats_comes_to_an_end():
    chance = Random(3)
    offers = [{m: chance.randint(0, 3) for m in range(5)} for _ in range(400)]
    agreed(pool(offers, [10**6 + chance.randint(0, 10**6) for _ in offers], [[0] * 20] * 5))


def test_blocks_solved_at_once_give_the_same_answer():
    parts = [drawn(300, 30, 8, 8, 100, seed) for seed in range(5)]
    offers, seats, waits = [], [], []
    for number, part in enumerate(parts):
        for at in range(300):
            row = range(part.starts[at], part.starts[at + 1])
            offers.append({int(part.mentors[e]) + 30 * number: int(part.costs[e]) for e in row})
        waits += part.waits.tolist()
        seats += np.split(part.seat_costs, part.seat_starts[1:-1])
    one, two = Assignment(pool(offers, waits, seats)), Assignment(pool(offers, waits, seats))
    with ThreadPoolExecutor(2) as threads:
        assert one.solve() == two.solve(2, threads.map) == []
    assert one.chosen.tolist() == two.chosen.tolist()
    assert one.prices.tolist() == two.prices.tolist()


def test_a_former_solution_is_taken_up_after_many_costs_changed():
    first = drawn(2000, 200, 10, 9, 1000)
    former = agreed(first)
    costs = first.costs.copy()
    costs[::7] = (costs[::7] * 3) % 1000
    changed = first._replace(costs=costs)
    again = Assignment(changed)
    assert again.resume(former.chosen, former.prices) == []
    assert again.objective == agreed(changed).objective


def test_a_thousand_changes_in_one_call_leave_the_least_cost():
    kept = agreed(drawn(3000, 300, 10, 9, 1000))
    chance = Random(8)
    given = kept.instance()
    rows = []
    for learner in chance.sample(range(3000), 1000):
        mentor = int(given.mentors[given.starts[learner] + chance.randrange(10)])
        rows.append((CHANGE_COST, learner, mentor, chance.randint(0, 1000)))
    repair = kept.change_many(rows)
    assert repair.faults == []
    assert kept.faults() == []
    assert kept.objective == solver.flow(kept.instance())[1]


def test_who_leaves_gives_their_number_to_the_next_who_comes():
    kept = agreed(pool([{0: 1}, {0: 2}], [50, 60], [[0]]))
    assert kept.chosen.tolist() == [-1, 0]
    assert kept.leave(1).moved.tolist() == [0, 1]
    assert kept.chosen.tolist() == [0, -1]
    learner, repair = kept.arrive([0], [0], 90)
    assert (learner, repair.moved.tolist()) == (1, [0, 1])
    assert kept.chosen.tolist() == [-1, 0]
    assert kept.arrive([], [], 7)[0] == 2
    assert kept.objective == 50 + 0 + 7


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ((LEAVE, 5, 0, 0), "no such kind, learner"),
        ((9, 0, 0, 0), "no such kind"),
        ((CHANGE_COST, 0, 1, 0), "there is no such"),
        ((CHANGE_COST, 0, 0, 2**31), "no such kind, learner, mentor or value"),
        ((CHANGE_WAIT, 0, 0, DEAREST + 1), "no such kind, learner, mentor or value"),
        ((ADD_EDGE, 0, 0, 3), "there is one already"),
        ((ARRIVE, 0, 0, 3), "there is one already"),
        ((REMOVE_SEAT, 0, 0, 99), "there is no such"),
    ],
)
def test_an_event_that_cannot_be_is_refused_and_changes_nothing(row, why):
    kept = agreed(pool([{0: 1}, {0: 2}], [50, 60], [[0], []]))
    with pytest.raises(ValueError, match=f"row 0: {why}"):
        kept.change_many([row])
    assert kept.faults() == []
    assert kept.objective == 52


def test_a_learner_who_names_a_mentor_twice_is_refused():
    with pytest.raises(ValueError, match="learner 1 names one of them twice"):
        Assignment(Instance.checked([0, 1, 3], [0, 1, 1], [1, 2, 3], [9, 9], [0, 1, 2], [0, 0]))


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("starts", [0, 2], "starts: not 3 numbers rising from 0 to 2"),
        ("starts", [0, 3, 2], "starts: not 3 numbers rising"),
        ("mentors", [0, 2], "mentors: not all of 0 to 1"),
        ("mentors", [0, -1], "mentors: not all of 0 to 1"),
        ("costs", [1], "costs: 1 for 2 arcs"),
        ("costs", [1, 2**31], "costs: beyond 32 bits"),
        ("costs", [1, 0.5], "costs: float64, not whole numbers"),
        ("waits", [[1, 2]], "waits: 2 dimensions"),
        ("waits", [1, DEAREST + 1], "waits: beyond"),
        ("seat_costs", [3, 2, 0], "seat_costs: seat 1 is cheaper"),
        ("seat_costs", [0, 1, -DEAREST - 1], "seat_costs: beyond"),
    ],
)
def test_an_instance_out_of_shape_or_range_is_refused_by_name(field, value, why):
    fields = {
        "starts": [0, 1, 2], "mentors": [0, 1], "costs": [4, 5], "waits": [9, 9], "seat_starts": [0, 2, 3],
        "seat_costs": [0, 1, 0],
    }  # fmt: skip
    Instance.checked(**fields)
    with pytest.raises(ValueError, match=why):
        Instance.checked(**fields | {field: value})


def test_the_certificate_names_what_is_wrong():
    instance = pool([{0: 1, 1: 4}, {0: 2}, {1: 3}], [50, 60, 70], [[0, 5], [1]])
    chosen, prices = np.array([0, 0, 1], np.int32), np.array([5, 2])
    assert faults(instance, chosen, prices) == []
    assert faults(instance, np.array([0, -1, 1], np.int32), np.array([0, 1])) == [
        Fault("could pay less", 1, 0, 58)
    ]
    assert faults(instance, np.array([1, 0, 1], np.int32), np.array([3, 3])) == [
        Fault("could pay less", 0, 0, 3),
        Fault("too few seats", -1, 1, 1),
    ]
    assert faults(instance, np.array([0, 1, 1], np.int32), prices)[0] == Fault("has no such mentor", 1, 1, 0)
    assert faults(instance, chosen, np.array([4, 2])) == [Fault("a seat taken is dearer", -1, 0, 1)]
    assert faults(instance, np.array([0, -1, 1], np.int32), np.array([6, 2]))[-1] == Fault(
        "a free seat is cheaper", -1, 0, 1
    )


def test_no_wrong_answer_has_a_proof():
    """Whoever is moved from the only best place, no prices near those of the proof let it through."""
    chance = Random(4)
    for seed in range(20):
        instance = drawn(30, 6, 4, 4, 50, seed)
        kept = agreed(instance)
        chosen = kept.chosen
        learner = chance.randrange(30)
        row = instance.mentors[instance.starts[learner] : instance.starts[learner + 1]]
        chosen[learner] = chance.choice(
            [mentor for mentor in [-1, *row.tolist()] if mentor != chosen[learner]]
        )
        costs = _cost(instance, chosen)
        if costs is None or costs > kept.objective:
            for _ in range(20):
                shaken = kept.prices + np.array([chance.randint(-3, 3) for _ in kept.prices])
                assert faults(instance, chosen, shaken)


def _cost(instance, chosen):
    found = wrong_with(instance, chosen, None)
    return int(found[0].split()[1].rstrip(",")) if found[0].startswith("costs") else None


def test_a_large_pool_is_answered_by_the_kernel_and_a_small_one_by_the_flow():
    large = drawn(5000, 500, 20, 11, 1000)
    outcome = solver.solve_instance(large)
    assert (outcome.engine, outcome.fell_back, outcome.optimal) == ("kernel", False, True)
    chosen, least, _ = solver.flow(large)
    assert outcome.objective == least
    assert wrong_with(large, outcome.chosen, least) == []
    assert outcome.prices == least_prices(large, chosen).tolist()
    assert solver.solve_instance(drawn(50, 10, 5, 5, 100)).engine == "flow"


def test_an_answer_without_proof_is_not_given_and_is_counted(monkeypatch):
    unproven = [Fault("could pay less", 0, 0, 1)]
    monkeypatch.setattr(Assignment, "solve", lambda self: unproven)
    large = drawn(5000, 500, 20, 11, 1000)
    outcome = solver.solve_instance(large)
    assert (outcome.engine, outcome.fell_back, outcome.optimal) == ("flow", True, True)
    assert wrong_with(large, outcome.chosen, outcome.objective) == []


def test_a_state_gone_wrong_is_noticed_by_the_next_event_there_and_solved_anew():
    kept = agreed(drawn(300, 30, 6, 6, 100))
    least = kept.objective
    given = kept.instance()
    mentor = int(kept.chosen[kept.chosen >= 0][0])
    kept.state.prices[kept.mentor_place[mentor]] = -10_000
    cost = int(given.seat_costs[given.seat_starts[mentor]])
    repair = kept.add_seat(mentor, DEAREST)
    assert [fault.why for fault in repair.faults] == ["a seat taken is dearer"]
    assert repair.unproven == []
    assert repair.moved.tolist() == [*range(300)]
    assert (kept.resolved, kept.objective, kept.faults()) == (1, least, [])
    assert kept.add_seat(mentor, cost).faults == []


def test_the_references_answer_can_be_taken_up_where_there_was_no_proof():
    kept = agreed(drawn(300, 30, 6, 6, 100))
    least = kept.objective
    kept.state.prices[:] = 3
    assert kept.faults()
    assert solver.fall_back(kept) == []
    assert kept.objective == least


def test_one_more_seat_saves_what_its_price_says():
    instance = drawn(60, 8, 5, 5, 100)
    kept = agreed(instance)
    for mentor, price in enumerate(kept.least_prices().tolist()):
        for cost in (0, price - 3, price + 3):
            more = KeptAssignment(instance)
            more.solve()
            assert more.add_seat(mentor, cost).faults == []
            assert kept.objective - more.objective == max(0, price - cost)
