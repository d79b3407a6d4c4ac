"""The best k of all pairs, exactly: against every pair priced one by one, ties and hard rules included."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.affinity import terms
from matching.candidates import FAR, Priced, best, best_over_all, price_out, shares
from matching.features import Block, Features, Term, features
from matching.rules import RULES
from matching.solver import solve
from matching.views import Learner, Mentor
from schemas.policy import PoolPolicy, Weights
from tests.memory import START

SKILLS, GOALS, TONGUES, COURSES = (
    ("algebra", "prose", "code"),
    ("finish", "grade", "career"),
    ("en", "fr", "hi"),
    "AB",
)
levels = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5))
some = st.frozensets
hours = st.one_of(
    st.just(0), st.integers(0, (1 << 12) - 1).map(lambda bits: _hours(bits)), st.integers(1, 1 << 60)
)


def _hours(bits):
    return sum(0b1111 << 4 * hour for hour in range(12) if bits >> hour & 1)


@st.composite
def learners(draw, number):
    wants = draw(levels)
    return Learner(
        id=f"learner-{number}", languages=draw(some(st.sampled_from(TONGUES), min_size=1)), wants=tuple(wants.items()),
        skills=frozenset(wants), goals=tuple(draw(st.lists(st.sampled_from(GOALS), unique=True))), free=draw(hours),
        effort=60, avoids=draw(some(st.sampled_from(["mentor-0", "mentor-1", "nobody"]))),
        courses=draw(some(st.sampled_from(COURSES))), since=START - timedelta(days=1),
    )  # fmt: skip


@st.composite
def mentors(draw, number):
    offered = draw(levels)
    return Mentor(
        id=f"mentor-{number}", languages=draw(some(st.sampled_from(TONGUES), min_size=1)), levels=offered,
        skills=frozenset(offered), guides=draw(some(st.sampled_from(GOALS))), free=draw(hours), used=0, capacity=600,
        places=9, avoids=draw(some(st.sampled_from(["learner-0", "learner-1"]))), courses=draw(some(st.sampled_from(COURSES))),
    )  # fmt: skip


weights = st.one_of(st.integers(0, 3), st.integers(0, 1000))  # few points, many ties
policies = st.builds(
    PoolPolicy, must_share_skill=st.booleans(), must_share_course=st.booleans(),
    least_shared_hours=st.integers(0, 3), good_shared_hours=st.integers(1, 4),
    weights=st.builds(Weights, skills=weights, goals=weights, availability=weights),
)  # fmt: skip


@st.composite
def people(draw):
    return (
        [draw(learners(number)) for number in range(draw(st.integers(1, 5)))],
        [draw(mentors(number)) for number in range(draw(st.integers(1, 8)))],
        draw(policies),
    )


def priced_one_by_one(ours, theirs, policy, prices, limit):
    """For each learner (cost + price, mentor) of all who pass the rules, cheapest first."""
    return [
        sorted(
            (come, at)
            for at, mentor in enumerate(theirs)
            if not any(rule(learner, mentor, policy) for rule in RULES.values())
            and (come := sum(cost for _, cost in terms(learner, mentor, policy)) + prices[at]) < limit
        )
        for learner in ours
    ]


def told(found, prices):
    """The same of what was found."""
    return [
        [(int(cost) + prices[mentor], int(mentor)) for mentor, cost in zip(*row, strict=True) if mentor >= 0]
        for row in zip(found.mentor, found.cost, strict=True)
    ]


@given(people(), st.integers(1, 6))
@settings(max_examples=200, deadline=None)
def test_of_people_the_best_are_found_as_affinity_and_rules_have_it(pool, k):
    every = priced_one_by_one(*pool, [0] * len(pool[1]), FAR)
    assert told(best(features(*pool), k), [0] * len(pool[1])) == [each[:k] for each in every]


@given(people(), st.integers(1, 6), st.data())
@settings(max_examples=100, deadline=None)
def test_with_prices_those_who_come_to_less_than_is_paid_are_found(pool, k, data):
    prices = data.draw(st.lists(st.integers(0, 300), min_size=len(pool[1]), max_size=len(pool[1])))
    limit = data.draw(st.integers(0, 900))
    paid = np.full(len(pool[0]), limit)
    found = price_out(features(*pool), np.asarray(prices), paid, k)
    assert told(found, prices) == [each[:k] for each in priced_one_by_one(*pool, prices, limit)]


NOBODY = (np.zeros(8, dtype=np.int64), np.arange(0))


def crowd(learners, mentors, seed, spread=4096, fields=12, alike=False, points=10_000):
    """Two blocks and a last mentor of none.  With `alike`, people are of few kinds; with few `points`, many
    pairs that are not alike cost the same."""
    chance = np.random.default_rng(seed)
    ours = chance.integers(-spread, spread + 1, (learners, fields)).astype(np.int16)
    theirs = chance.integers(-spread, spread + 1, (mentors, fields)).astype(np.int16)
    if alike:
        ours, theirs = ours[chance.integers(0, 3, learners)], theirs[chance.integers(0, 3, mentors)]
    ones = np.ones(learners, dtype=np.int64)
    most = int(fields * spread * spread)
    term = Term(ours, theirs, ones * points, ones * most, ones * most, ones * 0)
    blocks = tuple(Block(np.arange(at, learners, 2), np.arange(at, mentors - 1, 2)) for at in (0, 1))
    banned = [sorted({int(each) for each in chance.integers(0, mentors, 3)}) for _ in range(learners)]
    begin = np.cumsum([0, *(len(each) for each in banned)])
    return Features((term,), None, blocks, (begin, np.asarray([each for row in banned for each in row])))


def brute(pool, prices, k):
    """Whole numbers, pair by pair, no product of floats anywhere."""
    term, (begin, banned) = pool.terms[0], pool.forbidden
    rows = [[] for _ in term.learners]
    for block in pool.blocks:
        for learner in block.learners:
            no = set(banned[begin[learner] : begin[learner + 1]].tolist())
            for mentor in block.mentors:
                alike = sum(
                    int(a) * int(b) for a, b in zip(term.learners[learner], term.mentors[mentor], strict=True)
                )
                cost = (
                    int(term.times[learner])
                    * max(0, int(term.full[learner]) - alike)
                    // int(term.over[learner])
                )
                if mentor not in no:
                    rows[learner].append((cost + prices[mentor], int(mentor)))
    return [sorted(row)[:k] for row in rows]


@pytest.mark.parametrize("points", [10_000, 12], ids=["many points", "few points"])
@pytest.mark.parametrize("alike", [False, True], ids=["all different", "many identical"])
@pytest.mark.parametrize("k", [1, 3, 20, 400], ids=["one", "few", "many", "more than there are"])
def test_the_order_is_that_of_whole_numbers_also_where_floats_tie(k, alike, points):
    for seed, mentors in ((1, 1500), (2, 65), (3, 2)):
        pool = crowd(7, mentors, seed, alike=alike, points=points)
        if seed == 1:
            pool = pool._replace(forbidden=NOBODY)
        prices = np.random.default_rng(seed).integers(0, 50, mentors) * (seed % 2)
        assert told(best(pool, k, prices), prices) == brute(pool, prices, k)


def test_numbers_beyond_what_single_floats_tell_apart_are_still_in_order():
    near = np.array(
        [[30_000, 30_000, at] for at in range(100)], dtype=np.int16
    )  # products differ by 1 in 9e8
    ones = np.ones(1, dtype=np.int64)
    term = Term(
        np.array([[30_000, 30_000, 1]], dtype=np.int16), near, ones, ones * 1_800_000_100, ones, ones * 0
    )
    pool = Features(
        (term,), None, (Block(np.arange(1), np.arange(100)),), (np.zeros(2, dtype=np.int64), np.arange(0))
    )
    assert best(pool, 5).mentor.tolist() == [[99, 98, 97, 96, 95]]


def test_what_whole_division_cuts_off_in_every_term_is_allowed_for():
    ones = np.ones(1, dtype=np.int64)
    halves = [
        Term(
            np.ones((1, 1), dtype=np.int16),
            np.array(shared, dtype=np.int16)[:, None],
            ones,
            ones * 10,
            ones * 2,
            ones * 0,
        )
        for shared in ((4, 3), (4, 3), (4, 5))  # costs 9 with no halves, and 9.5 that count as 8
    ]
    pool = Features(
        tuple(halves), None, (Block(np.arange(1), np.arange(2)),), (np.zeros(2, dtype=np.int64), np.arange(0))
    )
    assert told(best(pool, 1), [0, 0]) == [[(8, 1)]]


def test_those_forbidden_leave_their_places_to_the_next_best():
    pool = crowd(5, 900, 6)
    nearest = best(pool._replace(forbidden=NOBODY), 4).mentor
    ban = pool._replace(forbidden=(np.arange(6) * 4, np.sort(nearest, axis=1).ravel()))
    assert told(best(ban, 3), [0] * 900) == brute(ban, [0] * 900, 3)


def test_threads_that_share_the_blocks_find_the_same():
    pool = crowd(50, 300, 4)
    halves = [best(pool, 4, blocks=share) for share in shares(pool.blocks, 2)]
    whole = best(pool, 4)
    assert (np.maximum(halves[0].mentor, halves[1].mentor) == whole.mentor).all()
    assert (whole.mentor >= 0).all()


def priced_solve(waits, seats):
    """OR-Tools' answer with prices from it: what each mentor's seat must cost, by Bellman and Ford."""

    def solved(offers):
        outcome = solve(offers, waits, seats)
        load = [outcome.chosen.count(at) for at in range(len(seats))]
        own = [
            wait if at is None else offer[at]
            for at, offer, wait in zip(outcome.chosen, offers, waits, strict=True)
        ]
        prices = [each[:taken][-1] if taken else 0 for each, taken in zip(seats, load, strict=True)]
        changed = True
        while changed:
            changed = False
            for learner, offer in enumerate(offers):
                at = outcome.chosen[learner]
                pays = own[learner] + (0 if at is None else prices[at])
                for other, cost in offer.items():
                    if cost + prices[other] < pays:
                        prices[other], changed = pays - cost, True
        for at, each in enumerate(seats):
            assert load[at] == len(each) or prices[at] <= each[load[at]]
        paid = [
            min([wait, *(cost + prices[at] for at, cost in offer.items())])
            for offer, wait in zip(offers, waits, strict=True)
        ]
        return Priced(outcome.chosen, outcome.objective, np.asarray(prices), np.asarray(paid))

    return solved


@pytest.mark.parametrize("seed", range(6))
def test_the_optimum_over_a_few_candidates_grows_into_the_optimum_over_all_pairs(seed):
    pool = crowd(60, 40, seed, alike=seed % 2 == 0)
    chance = np.random.default_rng(seed)
    seats = [sorted(chance.integers(0, 900, chance.integers(0, 4)).tolist()) for _ in range(40)]
    waits = chance.integers(9_000, 15_000, 60).tolist()
    every = [{mentor: cost for cost, mentor in row} for row in brute(pool, [0] * 40, 40)]
    found, solves = best_over_all(pool, 2, priced_solve(waits, seats))
    assert found.objective == solve(every, waits, seats).objective
    first = best(pool, 2)
    few = [
        dict(zip(*row, strict=True)) for row in zip(first.mentor.tolist(), first.cost.tolist(), strict=True)
    ]
    assert solves > 1 or solve(few, waits, seats).objective == found.objective


def test_prices_that_prove_nothing_are_refused():
    pool = crowd(4, 9, 5)

    def wrong(offers):
        return Priced([None] * 4, 0, np.zeros(9, dtype=np.int64), np.full(4, FAR))

    with pytest.raises(ValueError, match="do not prove"):
        best_over_all(pool, 2, wrong)
