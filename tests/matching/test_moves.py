"""When does a round move a pair, and when does it not?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.rows import LearnerRow, MentorRow
from matching.views import capacity_of
from schemas.matches import (
    MatchAnnounced,
    MatchConfirmed,
    MatchEnded,
    MatchMoved,
    MatchProposed,
    PairAnnounced,
)
from schemas.policy import ProgrammePolicy
from schemas.pool_policy import Weights
from schemas.rounds import RoundReported
from tests.matching.people import POOL, Pool, enrolled, joined, needs, paused, pinned, pool_policy, profiled
from tests.memory import only

LATER = 24 * 29  # hours: past the cooldown
PLAIN = {"told_hours": 0, "told_skills": 0}


def full_pool(policy=None, **of_pair: object) -> Pool:
    """a, who speaks both languages, has the only German mentor; then an English one comes."""
    pool = Pool(policy or pool_policy(**PLAIN))
    pool.after(
        joined("de", languages=("de",), max_mentees=1), profiled("a", languages=("en", "de")), enrolled("a")
    )
    assert pool.pairs() == {"a": "de"}
    pool.after(joined("en", 1, languages=("en",), max_mentees=1))
    return pool


def who_speaks_german_comes(pool: Pool, hours: float = LATER) -> list:
    return pool.after(profiled("b", hours, languages=("de",)), enrolled("b", hours))


def test_a_pair_moves_to_make_room_for_a_learner_who_would_have_nobody():
    pool = full_pool()
    before = pool.learner("a").cost
    said = who_speaks_german_comes(pool)
    assert pool.pairs() == {"a": "en", "b": "de"}
    moved = only(said, MatchMoved)[0]
    assert (moved.learner, moved.from_mentor, moved.to_mentor, moved.price) == ("a", "de", "en", 300)
    dearer = pool.learner("a").cost - before + dict(moved.terms)["load"]
    assert moved.gain == 100_000 - pool.learner("b").cost - dearer - 300
    assert only(said, RoundReported)[0].moved == 1


def test_all_who_must_know_of_a_move_are_told_in_order():
    said = who_speaks_german_comes(full_pool())
    of_a = [
        type(fact)
        for fact in said
        if getattr(fact, "learner", "a") == "a" and not isinstance(fact, RoundReported)
    ]
    told = [fact for fact in said if isinstance(fact, PairAnnounced) and "a" in (fact.person, fact.other)]
    assert [(fact.person, fact.state) for fact in told] == [
        ("a", "ended"), ("de", "ended"), ("a", "confirmed"), ("en", "confirmed"),
    ]  # fmt: skip
    order = [of_a.index(each) for each in (MatchEnded, MatchProposed, MatchConfirmed, MatchMoved)]
    assert order == sorted(order)
    assert [fact.rev for fact in only(said, MatchAnnounced) if fact.learner == "a"][-2:] == [2, 3]


@pytest.mark.parametrize(
    ("knobs", "why"),
    [
        ({"max_moves": 0}, "the policy moves nobody"),
        ({"move_cooldown_days": 60}, "the pair is young"),
        ({"weights": Weights(move=1000), "unmatched_cost": 1000}, "the price is higher than the gain"),
    ],
    ids=["no moves", "cooldown", "price"],
)
def test_a_pair_stays_where(knobs, why):
    pool = full_pool(pool_policy(**PLAIN, **knobs))
    who_speaks_german_comes(pool)
    assert pool.pairs() == {"a": "de"}, why


def test_a_pinned_pair_stays():
    pool = full_pool()
    pool.after(pinned("a", "de", 2))
    who_speaks_german_comes(pool)
    assert pool.pairs() == {"a": "de"}


def test_pairs_of_a_programme_that_asks_both_sides_stay():
    pool = full_pool()
    ask = {POOL: ProgrammePolicy(auto_confirm=False)}
    pool.policy = pool.policy.model_copy(update={"programmes": ask})
    who_speaks_german_comes(pool)
    assert pool.pairs() == {"a": "de"}


def test_the_pair_of_a_mentor_who_is_away_stays():
    pool = full_pool(pool_policy(**PLAIN, cover_days=0))
    pool.after(paused("de", 2))
    who_speaks_german_comes(pool)
    assert pool.pairs() == {"a": "de"}


def test_a_better_mentor_for_a_newcomer_moves_a_pair_only_beyond_the_price():
    """b wants what only m guides; a wants nothing and could as well be with n."""
    for price, pairs in ((100, {"a": "n", "b": "m"}), (300, {"a": "m", "b": "n"})):
        pool = Pool(pool_policy(**PLAIN, weights=Weights(move=price, load=0)))
        pool.after(joined("m", max_mentees=1, guides=("career",)), enrolled("a"))
        pool.after(joined("n", 1, max_mentees=1))
        pool.after(profiled("b", LATER, goals=("career",)), enrolled("b", LATER))
        assert pool.pairs() == pairs


def chain(policy) -> tuple[Pool, list]:
    """Two Germans-and-more must step aside, one for the other, before b finds a place."""
    pool = Pool(policy)
    pool.after(
        joined("de", languages=("de",), max_mentees=1), profiled("a", languages=("de", "fr")), enrolled("a")
    )
    pool.after(
        joined("fr", 1, languages=("fr",), max_mentees=1), profiled("c", 1, languages=("fr", "es")), enrolled("c", 1)
    )  # fmt: skip
    pool.after(joined("es", 2, languages=("es",), max_mentees=1))
    assert pool.pairs() == {"a": "de", "c": "fr"}
    return pool, who_speaks_german_comes(pool)


def test_only_pairs_of_mentors_that_somebody_waits_for_are_looked_at():
    """c's mentor is nobody's wish, so the chain over c is the whole-pool re-optimisation's to find."""
    pool, said = chain(pool_policy(**PLAIN))
    assert only(said, MatchMoved) == []
    assert pool.pairs() == {"a": "de", "c": "fr"}


@pytest.mark.parametrize(
    ("most", "pairs"),
    [(2, {"a": "fr", "c": "es", "b": "de"}), (1, {"a": "de", "c": "fr"})],
    ids=["room for the chain", "no room"],
)
def test_a_chain_of_moves_is_made_whole_or_not_at_all(most, pairs):
    pool, _ = chain(pool_policy(**PLAIN, max_moves=most))
    late = LATER + 24 * 15  # b has waited too long to be passed over for d
    said = pool.after(profiled("d", late, languages=("fr",)), enrolled("d", late))
    assert len(only(said, MatchMoved)) == (most if most == 2 else 0)
    assert pool.pairs() == pairs


def test_a_round_moves_no_more_pairs_than_the_policy_says():
    pool = Pool(pool_policy(**PLAIN, max_moves=2))
    pool.after(
        joined("de", languages=("de",), capacity_minutes=300),
        *(profiled(f"a{n}", languages=("en", "de")) for n in range(5)),
        *(enrolled(f"a{n}") for n in range(5)),
    )
    pool.after(joined("en", 1, languages=("en",), capacity_minutes=300))
    said = pool.after(
        *(profiled(f"b{n}", LATER, languages=("de",)) for n in range(4)),
        *(enrolled(f"b{n}", LATER) for n in range(4)),
    )
    assert [fact.moved for fact in only(said, RoundReported)] == [2]
    assert sum(learner.startswith("b") for learner in pool.pairs()) == 2


def test_a_move_that_would_break_the_exact_minutes_is_not_made():
    pool = full_pool()
    pool.after(needs("a", "urgent", 2))  # 120 minutes now, and the English mentor has 100
    pool.after(joined("en", 3, capacity_minutes=100))
    who_speaks_german_comes(pool)
    assert pool.pairs() == {"a": "de"}


# --- whatever comes ------------------------------------------------------------------------

TONGUES = st.sampled_from([("de",), ("en",), ("fr",), ("de", "en"), ("fr", "de"), ("en", "fr")])


@st.composite
def pools(draw):
    mentors = [
        joined(f"m{n}", draw(st.integers(0, 2)), languages=draw(TONGUES), max_mentees=draw(st.integers(1, 3)),
               capacity_minutes=draw(st.sampled_from([60, 90, 120, 180])))
        for n in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    learners = []
    for n in range(draw(st.integers(1, 8))):
        hours = draw(st.sampled_from([0, 1, LATER, 2 * LATER]))
        minutes = draw(st.sampled_from([30, 60, 60, 90]))
        learners.append(profiled(f"l{n}", hours, languages=draw(TONGUES), wanted_minutes=minutes))
        learners.append(enrolled(f"l{n}", hours))
    return sorted([*mentors, *learners], key=lambda fact: fact.at)


def check(pool: Pool) -> None:
    learners = dict(pool.rows.scan(LearnerRow, POOL))
    mentors = dict(pool.rows.scan(MentorRow, POOL))
    from_mentors = {(learner, name) for name, row in mentors.items() for learner in row.mentees}
    assert from_mentors == {(id, row.mentor) for id, row in learners.items() if row.pair}
    for row in mentors.values():
        assert row.promised <= capacity_of(row, pool.policy)
        assert row.max_mentees is None or len(row.mentees) <= row.max_mentees


@given(pools(), st.sampled_from([0, 1, 5]), st.sampled_from([0, 28]), st.sampled_from([0, 300]))
@settings(max_examples=70)
def test_moves_keep_hours_bounds_and_cooldowns_and_nobody_loses_a_mentor(facts, most, cooldown, price):
    policy = pool_policy(**PLAIN, max_moves=most, move_cooldown_days=cooldown, weights=Weights(move=price))
    pool = Pool(policy)
    for fact in facts:
        before, since = pool.pairs(), {id: row.paired_at for id, row in pool.rows.scan(LearnerRow, POOL)}
        said = pool.after(fact)
        check(pool)
        assert set(before) <= set(pool.pairs())
        moved = only(said, MatchMoved)
        assert len(moved) <= most * len(only(said, RoundReported))
        for move in moved:
            assert move.gain > 0
            assert move.from_mentor == before[move.learner]
            assert (move.at - since[move.learner]).days >= cooldown
