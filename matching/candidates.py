"""Which k mentors are the best for each learner, of all pairs?  Exact by whole points, ties by number.

Block by block: one product of matrices says of every pair what it costs at the least, and only pairs
that could still be among the best k are priced, in whole numbers.  The product is of single floats,
whose error is bounded: a sum of f products, in any order, is off by at most f u / (1 - f u) of the sum
of their sizes, u = 2**-24 (Higham, Accuracy and Stability of Numerical Algorithms, 3.1).  The bound
gives way by more than that, so nothing that counts is passed over.

With prices of mentors and what each learner pays now, the same search finds whom a solver should have
been offered: pairs cheaper than what is paid.  Where there is none, what is optimal over the
candidates is optimal over every pair (Lee and Orlin 1993).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from matching.compiled import Numbers
from matching.features import Block, Features, Term
from matching.sift import ROUNDING, RUN, Doubles, Floats, floors, sift

ROWS = 512  # learners a product: its result stays in the caches
FAR = 1 << 30  # points; no pair costs as much


class Candidates(NamedTuple):
    mentor: Numbers  # (learners, k) cheapest first; -1 where fewer may be had
    cost: Numbers  # (learners, k) points, without the price


def best(
    pool: Features,
    k: int,
    prices: Numbers | None = None,
    below: Numbers | None = None,
    blocks: Sequence[Block] | None = None,
) -> Candidates:
    """The k mentors with the least cost + `prices`, of those that come to less than `below`; of `blocks`
    only, if given, so that threads can share the work."""
    learners, mentors = len(pool.terms[0].learners), len(pool.terms[0].mentors)
    paid = np.zeros(mentors, dtype=np.int64) if prices is None else prices
    limit = np.full(learners, FAR, dtype=np.int64) if below is None else np.minimum(below, FAR)
    keys = np.repeat(limit << 32, k).reshape(learners, k)
    for block in pool.blocks if blocks is None else blocks:
        _search(pool, block, paid, keys)
    keys.sort(axis=1)
    none = keys >= limit[:, None] << 32
    mentor = np.where(none, -1, keys & 0xFFFFFFFF)
    return Candidates(mentor, np.where(none, 0, (keys >> 32) - paid[mentor]))


def price_out(pool: Features, prices: Numbers, paid: Numbers, k: int) -> Candidates:
    """For each learner up to k pairs that come to less than what the learner now pays: the cheapest."""
    return best(pool, k, prices, paid)


class Priced(NamedTuple):
    """What a solver found over some pairs, and the prices that prove it."""

    chosen: list[int | None]
    objective: int
    prices: Numbers  # (mentors) what one more seat is worth, or the price of the dearest one taken
    paid: Numbers  # (learners) the least cost + price over the offers, or the cost of waiting


def best_over_all(
    pool: Features, k: int, solve: Callable[[list[dict[int, int]]], Priced]
) -> tuple[Priced, int]:
    """The optimum over every pair, and in how many solves: violators are added until there are none.

    ValueError where the solver's prices do not prove its own answer: the pair was offered already.
    """
    offers: list[dict[int, int]] = [{} for _ in range(len(pool.terms[0].learners))]
    found, solves = best(pool, k), 0
    while True:
        for learner, mentor in zip(*np.nonzero(found.mentor >= 0), strict=True):
            offer = int(found.mentor[learner, mentor])
            if offer in offers[learner]:
                raise ValueError(f"the prices do not prove the answer: learner {learner}, mentor {offer}")
            offers[learner][offer] = int(found.cost[learner, mentor])
        priced, solves = solve(offers), solves + 1
        found = price_out(pool, priced.prices, priced.paid, k)
        if (found.mentor < 0).all():
            return priced, solves


def shares(blocks: Sequence[Block], count: int) -> list[list[Block]]:
    """The blocks cut so that `count` threads have the same number of learners of each."""
    return [
        [Block(part, block.mentors) for block in blocks if len(part := block.learners[at::count])]
        for at in range(count)
    ]


def _search(pool: Features, block: Block, paid: Numbers, keys: Numbers) -> None:
    """Puts what the block's pairs come to into `keys`: cost + price, then the mentor, as one number."""
    whole = np.hstack([term.mentors[block.mentors] for term in pool.terms])
    ends = np.cumsum([term.mentors.shape[1] for term in pool.terms])
    right = np.vstack([whole.T, -paid[None, block.mentors]]).astype(np.float32)
    size = np.abs(right).max(axis=1, initial=0).astype(np.float64)
    wide = -(-len(block.mentors) // RUN) * RUN  # beyond the mentors stays what is never near
    height = min(ROWS, len(block.learners))
    product = np.full((height, wide), -np.inf, dtype=np.float32)
    shared = np.zeros((height if pool.hours else 1, wide), dtype=np.float32)
    own = slice(len(block.mentors))
    hours = pool.hours or _no_hours(pool)
    quarters = np.ascontiguousarray(hours.mentors[block.mentors].T, dtype=np.float32)
    begin, forbidden = pool.forbidden
    for start in range(0, len(block.learners), ROWS):
        rows = block.learners[start : start + ROWS]
        count = len(rows)
        left, most, slack = _least(pool.terms, rows, size)
        np.matmul(left, right, out=product[:count, own])
        if pool.hours is not None:
            np.matmul(hours.learners[rows].astype(np.float32), quarters, out=shared[:count, own])
        sure = keys.shape[1] + int((begin[rows + 1] - begin[rows]).max())  # no fewer hold k not forbidden
        floor = floors(product[:count], sure) - 2 * slack - len(pool.terms)
        if pool.hours is not None:  # then no number of pairs is sure to hold k that share enough
            floor[:] = -np.inf
        found = keys[rows]
        sift(
            product, shared, block.mentors, most, slack, floor.astype(np.float32),
            np.hstack([term.learners[rows] for term in pool.terms]), whole, ends,
            np.stack([term.times[rows] for term in pool.terms]), np.stack([term.full[rows] for term in pool.terms]),
            np.stack([term.over[rows] for term in pool.terms]), hours.times[rows], hours.full[rows],
            hours.over[rows], hours.need[rows], paid, begin[rows], begin[rows + 1], forbidden, found,
        )  # fmt: skip
        keys[rows] = found


def _no_hours(pool: Features) -> Term:
    count = len(pool.terms[0].learners)
    zeros = np.zeros(count, dtype=np.int64)
    none = np.zeros((count, 0), dtype=np.int16), np.zeros((len(pool.terms[0].mentors), 0), dtype=np.int16)
    return Term(*none, zeros, zeros, zeros + 1, zeros)


def _least(terms: Sequence[Term], rows: Numbers, size: Doubles) -> tuple[Floats, Doubles, Doubles]:
    """Columns whose product with the mentors' falls short of `most` by no more than the cost, less one
    point a term for what whole division cuts off; and how far the product can be off."""
    parts = [term.learners[rows] * (term.times[rows] / term.over[rows])[:, None] for term in terms]
    left = np.hstack([*parts, np.ones((len(rows), 1))])
    most = np.sum([term.times[rows] * term.full[rows] / term.over[rows] for term in terms], axis=0)
    slack = (left.shape[1] + 8) * ROUNDING * (np.abs(left) @ size + most + 1)
    return left.astype(np.float32), most - len(terms), slack
