"""The best k of all pairs, exactly: against every pair priced one by one, ties, rules and prices included."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.affinity import known, terms
from matching.candidates import Search, shares
from matching.columns import Numbers
from matching.features import RUN
from matching.field import Field
from matching.market import EPOCH
from matching.rules import broken
from matching.seats import Seats
from matching.table import Table
from matching.views import SLOTS, Learner, Mentor
from matching.weeks import step, thinned, words
from schemas.pool_policy import PoolPolicy, Weights
from tests.matching.test_table import learners, mentors

Pairs = list[list[tuple[int, int]]]
policies = st.builds(
    PoolPolicy,
    weights=st.builds(Weights, **{name: st.integers(0, 1000) for name in ("skills", "goals", "availability", "past")}),
    must_share_skill=st.booleans(), must_share_course=st.booleans(), floor=st.sampled_from([150, 400, 2000]),
    least_shared_hours=st.integers(0, 8), good_shared_hours=st.integers(1, 8),
)  # fmt: skip


def first_of(people: Sequence[Mentor], policy: PoolPolicy) -> Numbers:
    opened = Seats(people, policy)
    return np.where(opened.count > 0, opened.first, 0)


def brute(
    ours: Sequence[Learner], theirs: Sequence[Mentor], policy: PoolPolicy, asked: Numbers, k: int,
    own: Sequence[int | None], below: int = 1 << 30,
) -> Pairs:  # fmt: skip
    """By the terms and the rules as they are said of one pair."""
    first, rows = first_of(theirs, policy), []
    for learner, mine in zip(ours, own, strict=True):
        row = []
        for at, mentor in enumerate(theirs):
            cost = sum(points for _, points in terms(learner, mentor, policy))
            dear = min(cost, known(learner, mentor, policy)) + first[at] > policy.floor
            if at != mine and not dear and not broken(learner, mentor, policy) and cost + asked[at] < below:
                row.append((cost + int(asked[at]), at))
        rows.append([(at, points - int(asked[at])) for points, at in sorted(row)[:k]])
    return rows


def told(search: Search, k: int, asked: Numbers, below: Numbers | None = None) -> Pairs:
    found = search.best(k, lambda effort: asked, below)
    return [
        [(int(mentor), int(cost)) for mentor, cost in zip(*row, strict=True) if mentor >= 0]
        for row in zip(found.mentor, found.cost, strict=True)
    ]


def search_of(
    ours: Sequence[Learner], theirs: Sequence[Mentor], policy: PoolPolicy, own: Sequence[int | None]
) -> Search:
    return Search(Field(Table(theirs), policy, first_of(theirs, policy)), ours, own)


crowds = st.lists(st.integers(0, 2).flatmap(lambda n: mentors(f"m{n}")), min_size=1, max_size=7).map(
    lambda some: [replace(each, id=f"m{at}", names=each.names | {f"m{at}"}) for at, each in enumerate(some)]
)
groups = st.lists(learners(), min_size=1, max_size=4).map(
    lambda some: [replace(each, id=f"l{at}") for at, each in enumerate(some)]
)


@settings(max_examples=150)
@given(ours=groups, theirs=crowds, policy=policies, k=st.integers(1, 8), data=st.data())
def test_the_best_are_those_that_the_terms_and_rules_name_pair_by_pair(
    ours: list[Learner], theirs: list[Mentor], policy: PoolPolicy, k: int, data: st.DataObject
) -> None:
    asked = np.asarray(data.draw(st.lists(st.integers(0, 900), min_size=len(theirs), max_size=len(theirs))))
    own = data.draw(st.lists(st.sampled_from([None, 0]), min_size=len(ours), max_size=len(ours)))
    below = data.draw(st.sampled_from([1 << 30, 400, 900]))
    search = search_of(ours, theirs, policy, own)
    found = told(search, k, asked, np.full(len(ours), below))
    assert found == brute(ours, theirs, policy, asked, k, own, below)


def crowd(seed: int, count: int, kinds: int) -> tuple[list[Learner], list[Mentor]]:
    """Few kinds of people: many pairs cost the same."""
    chance = np.random.default_rng(seed)

    def week() -> int:
        hours = chance.choice(168, int(chance.integers(0, 60)), replace=False).tolist()
        return sum(0b1111 << 4 * hour for hour in hours)

    def mentor(at: int) -> Mentor:
        levels = {f"s{each}": int(chance.integers(1, 6)) for each in chance.integers(0, 6, 3)}
        free, guides = week(), frozenset(f"g{each}" for each in chance.integers(0, 4, 2))
        return Mentor(
            f"m{at}", ("en", "de")[: int(chance.integers(1, 3))], levels, frozenset(levels), guides, free, free,
            int(chance.integers(0, 120)), 180, int(chance.integers(0, 3)), frozenset(), frozenset(),
            say=int(chance.choice([100, 550, 1000])), helped=int(chance.integers(0, 7)),
        )  # fmt: skip

    def learner(at: int) -> Learner:
        wants = tuple((f"s{each}", int(chance.integers(1, 6))) for each in range(int(chance.integers(0, 4))))
        free = week()
        return Learner(
            f"l{at}", ("de", "en")[: int(chance.integers(1, 3))], wants, frozenset(name for name, _ in wants),
            ("g0", "g3"), free, free, 60, frozenset(), frozenset(), EPOCH, say=int(chance.choice([100, 1000])),
            in_need=bool(chance.integers(0, 2)), prefers=("m3", f"m{count - 1}"), past=frozenset({"m5"}), again=bool(at % 2),
        )  # fmt: skip

    some = [mentor(at) for at in range(kinds)]
    theirs = [replace(some[int(chance.integers(0, kinds))], id=f"m{at}") for at in range(count)]
    return [learner(at) for at in range(12)], theirs


@pytest.mark.parametrize("k", [1, 3, 20, 400], ids=["one", "few", "many", "more than there are"])
@pytest.mark.parametrize("kinds", [5, 300], ids=["many identical", "all different"])
def test_over_many_runs_ties_go_by_number(kinds: int, k: int) -> None:
    ours, theirs = crowd(kinds, 2 * RUN + 30, kinds)
    asked, policy = np.random.default_rng(k).integers(0, 50, len(theirs)), PoolPolicy()
    own = [None, *range(len(ours) - 1)]
    assert told(search_of(ours, theirs, policy, own), k, asked) == brute(ours, theirs, policy, asked, k, own)


def test_threads_that_share_the_kinds_find_the_same() -> None:
    ours, theirs = crowd(3, 200, 40)
    search = search_of(ours, theirs, PoolPolicy(), [None] * len(ours))
    none = np.zeros(len(theirs), dtype=np.int64)
    halves = [search.best(4, lambda effort: none, kinds=share) for share in shares(search.kinds, 2)]
    whole = search.best(4, lambda effort: none)
    assert (np.maximum(halves[0].mentor, halves[1].mentor) == whole.mentor).all()


@pytest.mark.parametrize(("quarters", "bits"), [(4, 0b1111), (2, 0b11), (1, 0b1)])
def test_weeks_of_full_hours_are_told_by_fewer_bits(quarters: int, bits: int) -> None:
    chance = np.random.default_rng(quarters)
    starts = [chance.choice(SLOTS // quarters, 30, replace=False) for _ in range(4)]
    weeks = [sum(bits << int(at) * quarters for at in each) for each in starts]
    laid = words(weeks).reshape(2, -1)
    assert step(laid) == quarters
    thin = thinned(laid, quarters)
    assert (np.bitwise_count(thin).sum(axis=1) == 60).all()
    shared = int(np.bitwise_count(thin[0] & thin[1]).sum()) * quarters
    assert shared == sum((a & b).bit_count() for a, b in zip(weeks[:2], weeks[2:], strict=True))
