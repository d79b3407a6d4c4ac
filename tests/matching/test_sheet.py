"""Do all pairs of a round, looked at at once, say what is said pair by pair, and are the reasons the same?"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from matching import market as market_of
from matching.explain import bound, choice
from matching.market import Market, open_market
from matching.reasons import Reasons
from matching.table import Table
from matching.views import Learner, Mentor
from schemas.fact import Fact
from schemas.matches import LearnerWaitlisted, MatchProposed
from schemas.pool_policy import PoolPolicy
from schemas.rounds import RoundReported
from tests.matching.people import Pool, enrolled, joined, pool_policy, profiled
from tests.matching.test_candidates import crowd, crowds, groups, policies


def both(ours: list[Learner], theirs: list[Mentor], policy: PoolPolicy) -> tuple[Market, Market]:
    """One learner after the other, and all at once."""
    many, made = market_of.MANY, []
    try:
        for least in (1 << 60, 0):
            market_of.MANY = least
            made.append(open_market(ours, Table(theirs), policy))
    finally:
        market_of.MANY = many
    assert made[0].sheet is None
    assert made[1].sheet is not None
    return made[0], made[1]


def same(one: Market, all: Market) -> None:
    for mine, other in zip(one.offers, all.offers, strict=True):
        assert (mine.wished == other.wished).all()
        assert (mine.open == other.open).all()
        assert (mine.cost[mine.wished] == other.cost[other.wished]).all()
        assert mine.too_dear == other.too_dear
    waits = [3000 + at for at in range(len(one.learners))]
    outcome = one.solve(waits)
    assert all.solve(waits) == outcome
    assert (one.savings(waits, outcome) == all.savings(waits, outcome)).all()
    reasons = Reasons(all, outcome.chosen)
    for at, mentor in enumerate(outcome.chosen):
        if mentor is None:
            wished = bool(one.offers[at].wished.any())
            assert reasons.bound(at, wished) == bound(one, at, wished)
        else:
            assert reasons.choice(at, at, 7) == choice(one, at, mentor, at, 7)


@settings(max_examples=60)
@given(ours=groups, theirs=crowds, policy=policies)
def test_all_at_once_is_what_is_said_pair_by_pair(
    ours: list[Learner], theirs: list[Mentor], policy: PoolPolicy
) -> None:
    same(*both(ours, theirs, policy))


@pytest.mark.parametrize("kinds", [5, 300], ids=["many identical", "all different"])
def test_over_many_mentors_the_runner_up_is_the_first_by_id(kinds: int) -> None:
    ours, theirs = crowd(kinds, 300, kinds)
    ours = [replace(each, id=f"{each.id}/{part}") for part in range(5) for each in ours]
    same(*both(ours, theirs[::-1], PoolPolicy(floor=400)))


def test_seats_that_come_free_count_for_the_runner_up() -> None:
    ours, theirs = crowd(8, 40, 40)
    ours, theirs = [replace(each, effort=90) for each in ours], [replace(each, places=1) for each in theirs]
    one, all = both(ours, theirs, PoolPolicy())
    assert all.sheet is not None
    again = np.arange(40) % 3 == 0
    offers = [each._replace(open=each.open | each.wished & again) for each in one.offers]
    wide = replace(
        one, learners=[*ours, ours[0]], offers=[*offers, offers[0]]
    )  # the last one is not in the sheet
    chosen = [int(np.flatnonzero(each.open)[-1]) if each.open.any() else None for each in wide.offers]
    reasons = Reasons(replace(wide, sheet=all.sheet.reopened(again)), chosen)
    for at, mentor in enumerate(chosen):
        if mentor is not None:
            assert reasons.choice(at, 0) == choice(wide, at, mentor, 0)


def test_a_round_says_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> list[Fact]:
        return Pool(pool_policy(floor=900)).after(
            *(joined(f"m{at}", languages=("en", "de")[at % 2 :], skills=(("sql", at + 1),), capacity_minutes=60 * at) for at in range(4)),
            *(profiled(f"l{at}", languages=("de", "fr")[at % 3 == 2 :], skills_wanted=(("sql", 3),)) for at in range(9)),
            *(enrolled(f"l{at}") for at in range(9)),
        )  # fmt: skip

    one_by_one = said()
    monkeypatch.setattr(market_of, "MANY", 0)
    assert said() == one_by_one
    assert {type(each) for each in one_by_one} >= {MatchProposed, LearnerWaitlisted, RoundReported}
