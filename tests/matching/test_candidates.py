"""The best k of all pairs, exactly: against every pair priced one by one, ties and hard rules included."""

import numpy as np
import pytest

from matching.candidates import FAR, Priced, best, best_over_all, shares
from matching.features import Block, Features, Term
from matching.solver import solve


def told(found, prices):
    """The same of what was found."""
    return [
        [(int(cost) + prices[mentor], int(mentor)) for mentor, cost in zip(*row, strict=True) if mentor >= 0]
        for row in zip(found.mentor, found.cost, strict=True)
    ]


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
