"""A pair from its proposal to its end: answers, pins, memory, and cover for a mentor who is away."""

import pytest

from matching.pool_rows import PoolRow
from schemas.matches import (
    LearnerWaitlisted,
    MatchAccepted,
    MatchConfirmed,
    MatchDeclined,
    MatchEnded,
    MatchExpired,
    MatchMoved,
    MatchProposed,
    PairAnnounced,
    PairBlocked,
    PairEnded,
    PairLapsed,
    PairUnblocked,
)
from schemas.pairs import CoverEnded, CoverOffered, PinRefused
from schemas.policy import ProgrammePolicy
from schemas.rounds import RoundReported
from tests.matching.people import (
    POOL,
    Pool,
    changed,
    completed,
    enrolled,
    instant,
    joined,
    left,
    made,
    paused,
    pinned,
    pool_policy,
    profiled,
    resumed,
    unpinned,
    withdrew,
)
from tests.memory import only

ASKS = pool_policy(auto_confirm=False)


def the_pair(pool: Pool, learner: str = "a") -> dict:
    row = pool.learner(learner)
    return {"pair": row.pair, "learner": learner, "mentor": row.mentor}


# --- answers -------------------------------------------------------------------------------


def test_a_programme_may_ask_both_sides_where_the_pool_confirms_at_once():
    policy = pool_policy().model_copy(update={"programmes": {POOL: ProgrammePolicy(auto_confirm=False)}})
    pool = Pool(policy)
    assert only(pool.after(joined("m"), enrolled("a")), MatchConfirmed) == []
    assert pool.learner("a").state == "proposed"
    said = pool.after(*(made(MatchAccepted, 1, by=side, **the_pair(pool)) for side in ("learner", "mentor")))
    assert [fact.how for fact in only(said, MatchConfirmed)] == ["accepted"]


def test_a_decline_is_solved_again_at_once_without_that_pair():
    pool = Pool(pool_policy(auto_confirm=False, settle_ms=60_000))
    pool.tell(joined("m"), joined("n"), enrolled("a"))
    pool.pass_time(minutes=2)
    first = pool.pairs()["a"]
    pool.tell(made(MatchDeclined, 1, by="mentor", **the_pair(pool)))
    said = pool.pass_time(seconds=0)
    assert [fact.mentor for fact in only(said, MatchProposed)] == [{"m": "n", "n": "m"}[first]]


def test_no_answer_in_72_hours_expires_the_proposal_and_asks_the_next_at_once():
    pool = Pool(ASKS)
    pool.after(joined("m"), joined("n"), enrolled("a"))
    first = pool.pairs()["a"]
    said = pool.pass_time(hours=73)
    assert [(fact.mentor, fact.waited_minutes) for fact in only(said, MatchExpired)] == [(first, 72 * 60)]
    assert [fact.reason for fact in only(said, MatchEnded)] == ["silent"]
    assert [fact.mentor for fact in only(said, MatchProposed)] != [first]
    assert only(said, MatchProposed)[0].at == only(said, MatchExpired)[0].at


# --- what is remembered --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "comes_back"),
    [
        ("by_learner", False),
        ("by_mentor", False),
        ("declined", False),
        ("silent", False),
        ("completed", True),
        ("mentor_left", True),
    ],
)
def test_a_pair_somebody_did_not_want_never_comes_back_by_itself(how, comes_back):
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    pool.after(made(PairEnded, 1, by="operator", reason=how, **the_pair(pool)))
    assert pool.pairs() == ({"a": "m"} if comes_back else {})


def test_lifting_the_block_lets_the_pair_come_back():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    pool.after(made(PairEnded, 1, by="learner", reason="by_learner", **the_pair(pool)))
    pool.after(made(PairUnblocked, 2, learner="a", mentor="m"))
    assert pool.pairs() == {"a": "m"}


def returning(past_pairs: str, **wish: object) -> str:
    """Whom a learner gets who was with m before, where n guides nothing less."""
    pool = Pool(pool_policy(past_pairs=past_pairs, told_hours=0, told_skills=0))
    pool.after(joined("m"), enrolled("a"))
    pool.after(completed("a", 1), joined("n", 1))
    pool.after(profiled("a", 2, **wish), enrolled("a", 3, course="B"))
    return pool.pairs()["a"]


@pytest.mark.parametrize(
    ("past_pairs", "wish", "gets"),
    [
        ("welcome", {}, "m"),
        ("avoid", {}, "n"),
        ("welcome", {"same_mentor": False}, "n"),
        ("avoid", {"same_mentor": True}, "m"),
        ("ignore", {"same_mentor": True}, "m"),
    ],
)
def test_a_learner_who_returns_gets_the_earlier_mentor_as_policy_or_their_wish_says(past_pairs, wish, gets):
    assert returning(past_pairs, **wish) == gets


def test_a_named_mentor_is_preferred():
    pool = Pool(pool_policy(told_hours=0, told_skills=0))
    pool.after(joined("m"), joined("n"), profiled("a", prefers=("n",)), enrolled("a"))
    assert pool.pairs() == {"a": "n"}


def test_who_had_many_mentors_is_remembered_within_bounds_and_what_was_not_wanted_the_longest():
    pool = Pool()
    pool.after(enrolled("a"))
    for number in range(60):
        pool.after(joined(f"m{number}", number, max_mentees=1))
        reason = "by_learner" if number < 10 else "mentor_paused"
        pool.after(made(PairEnded, number + 0.5, by="operator", reason=reason, **the_pair(pool)))
        pool.after(left(f"m{number}", number + 0.6))
    past = pool.learner("a").past
    assert len(past) == 32
    assert {f"m{number}" for number in range(10)} <= set(past)
    assert len(pool.learner("a").model_dump_json()) < 20_000


# --- pins ----------------------------------------------------------------------------------


def test_a_pinned_pair_is_made_before_anything_is_solved_and_asks_nobody():
    pool = Pool(ASKS)
    said = pool.after(
        joined("m", max_mentees=1), joined("n"), enrolled("b"), enrolled("a", 0.00002), pinned("a", "m")
    )
    assert [(fact.learner, fact.how) for fact in only(said, MatchConfirmed)] == [("a", "pinned")]
    assert pool.pairs() == {"a": "m", "b": "n"}


def test_a_pin_moves_a_learner_who_has_another_mentor_and_says_so():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    said = pool.after(joined("n", 1), pinned("a", "n", 1))
    assert [fact.reason for fact in only(said, MatchEnded)] == ["moved"]
    assert [(fact.from_mentor, fact.to_mentor) for fact in only(said, MatchMoved)] == [("m", "n")]
    assert pool.pairs() == {"a": "n"}


@pytest.mark.parametrize(
    ("mentor", "before", "why"),
    [
        ({"capacity_minutes": 30}, (), "no_capacity"),
        ({"max_mentees": 0}, (), "no_capacity"),
        ({"avoids": ("a",)}, (), "blocked"),
        ({}, (made(PairBlocked, learner="a", mentor="m"),), "blocked"),
        ({}, (paused("m", 0),), "no_eligible_mentor"),
        ({}, (enrolled("a", 0.001, matching_consent=False),), "no_consent"),
    ],
)
def test_a_pin_is_refused_with_its_reason_and_hours_are_never_exceeded(mentor, before, why):
    pool = Pool()
    said = pool.after(joined("m", **mentor), *before, pinned("a", "m"), enrolled("a"), joined("n"))
    assert [(fact.mentor, fact.reason) for fact in only(said, PinRefused)] == [("m", why)]
    assert [fact.binding for fact in only(said, LearnerWaitlisted)] == [why]
    assert pool.pairs() == {}


def test_a_refused_pin_is_told_once_and_honoured_when_its_reason_ends():
    pool = Pool()
    pool.after(joined("m", capacity_minutes=30), pinned("a", "m"), enrolled("a"))
    assert only(pool.after(joined("n", 1), enrolled("b", 1)), PinRefused) == []
    said = pool.after(changed("m", 2, capacity_minutes=60))
    assert [fact.how for fact in only(said, MatchConfirmed)] == ["pinned"]
    assert pool.pairs()["a"] == "m"


def test_a_pin_lifted_or_run_out_frees_the_learner_for_others():
    for ending in ("lifted", "run out"):
        pool = Pool()
        until = instant(5) if ending == "run out" else None
        pool.after(joined("m", max_mentees=0), joined("n"), pinned("a", "m", until=until), enrolled("a"))
        assert pool.pairs() == {}
        if ending == "lifted":
            pool.after(unpinned("a", "m"))
        pool.pass_time(hours=6)
        assert pool.pairs() == {"a": "n"}


def test_a_pulses_word_ends_no_pinned_pair_but_its_own_people_do():
    pool = Pool()
    pool.after(joined("m"), pinned("a", "m"), enrolled("a"))
    assert pool.after(made(PairLapsed, 1, reason="silent", silent_days=20, **the_pair(pool))) == []
    pool.after(made(PairEnded, 2, by="learner", reason="by_learner", **the_pair(pool)))
    assert pool.pairs() == {}
    assert pool.learner("a").pinned is None


def test_a_pin_older_than_its_lifting_changes_nothing():
    pool = Pool()
    pool.after(joined("n"), unpinned("a", "m", 2), pinned("a", "m", 1), enrolled("a"))
    assert pool.pairs() == {"a": "n"}


def test_many_pins_are_honoured_over_several_transactions():
    pool = Pool(pool_policy(round_limit=2))
    said = pool.after(
        joined("m", capacity_minutes=600), *(pinned(f"l{n}", "m") for n in range(5)), *(enrolled(f"l{n}") for n in range(5))
    )  # fmt: skip
    assert [fact.pinned for fact in only(said, RoundReported)] == [2, 2, 1]
    assert set(pool.pairs().values()) == {"m"}
    assert only(said, LearnerWaitlisted) == []


# --- cover ---------------------------------------------------------------------------------


def away(pool: Pool, **pause: object) -> list:
    """a is with m, who goes away; n has time."""
    pool.after(joined("m"), enrolled("a"))
    pool.after(joined("n", 1))
    return pool.after(paused("m", 2, **pause))


def test_the_learner_of_a_mentor_who_is_away_is_offered_a_cover_and_keeps_the_mentor():
    pool = Pool()
    said = away(pool)
    offered = only(said, CoverOffered)[0]
    assert (offered.learner, offered.mentor, offered.cover, offered.minutes) == ("a", "m", "n", 60)
    assert pool.pairs() == {"a": "m"}
    assert pool.mentor("n").covers == {"a": 60}
    assert {(fact.person, fact.reason) for fact in only(said, PairAnnounced)} == {
        ("a", "cover"),
        ("n", "cover"),
    }
    assert only(said, RoundReported)[0].covered == 1


def test_a_short_absence_needs_no_cover():
    assert only(away(Pool(), paused_until=instant(48)), CoverOffered) == []


def test_where_the_policy_offers_no_cover_none_is_offered():
    assert only(away(Pool(pool_policy(cover_days=0))), CoverOffered) == []


@pytest.mark.parametrize("how", ["resumed", "the pause ran out"])
def test_cover_ends_when_the_mentor_is_back(how):
    pool = Pool()
    away(pool, paused_until=None if how == "resumed" else instant(2 + 24 * 8))
    said = pool.after(resumed("m", 30)) if how == "resumed" else pool.pass_time(days=9)
    assert [fact.reason for fact in only(said, CoverEnded)] == ["mentor_back"]
    assert pool.mentor("n").covers == {}
    assert pool.pairs() == {"a": "m"}


def test_a_declined_cover_is_offered_to_the_next_and_not_to_the_same_again():
    pool = Pool()
    away(pool)
    pool.after(joined("o", 3))
    pair = pool.learner("a").cover_pair
    said = pool.after(made(MatchDeclined, 4, by="mentor", pair=pair, learner="a", mentor="n"))
    assert [fact.reason for fact in only(said, CoverEnded)] == ["declined"]
    assert [fact.cover for fact in only(said, CoverOffered)] == ["o"]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (left("n", 5), "cover_left"),
        (paused("n", 5), "cover_paused"),
        (withdrew("a", 5), "pair_ended"),
        (made(PairBlocked, 5, learner="a", mentor="n"), "declined"),
        (changed("n", 5, avoids=("a",)), "declined"),
        (profiled("a", 5, avoids=("n",)), "declined"),
    ],
)
def test_cover_ends_with_whoever_gives_or_needs_it(end, reason):
    pool = Pool()
    away(pool)
    said = pool.after(end)
    assert [fact.reason for fact in only(said, CoverEnded)] == [reason]
    assert pool.mentor("n").covers == {}


def test_cover_counts_against_a_mentors_hours_and_number():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    pool.after(joined("n", 1, capacity_minutes=60, max_mentees=1))
    pool.after(paused("m", 2))
    said = pool.after(enrolled("b", 3))
    assert [fact.binding for fact in only(said, LearnerWaitlisted)] == ["no_capacity"]


def test_who_has_no_mentor_at_all_comes_before_who_needs_cover():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    pool.after(joined("n", 1, max_mentees=1))
    said = pool.after(paused("m", 2), enrolled("b", 2))
    assert pool.pairs() == {"a": "m", "b": "n"}
    assert (only(said, RoundReported)[0].covered, only(said, RoundReported)[0].uncovered) == (0, 1)


def test_more_than_a_round_may_offer_are_covered_round_by_round_and_nobody_without_a_cover_holds_up_the_others():
    """Three of seven speak what only the mentor who is away speaks; they were paired first."""
    pool = Pool(pool_policy(round_limit=2))
    pool.after(joined("m", languages=("en", "fi"), capacity_minutes=6000, max_mentees=20))
    for number in range(7):
        speaks = ("fi",) if number < 3 else ("en",)
        pool.after(profiled(f"l{number}", number, languages=speaks), enrolled(f"l{number}", number))
    pool.after(joined("n", 10, languages=("en",), capacity_minutes=6000, max_mentees=20))
    said = pool.after(paused("m", 12))
    assert sorted(fact.learner for fact in only(said, CoverOffered)) == ["l3", "l4", "l5", "l6"]
    assert [(fact.covered, fact.uncovered) for fact in only(said, RoundReported)] == [
        (1, 6),
        (1, 5),
        (1, 4),
        (1, 3),
    ]
    row = pool.rows.find(PoolRow, POOL)
    assert row is not None
    assert not row.covers_due


# --- a mentor's own limit ------------------------------------------------------------------


def test_a_mentors_own_number_binds_beside_the_hours():
    pool = Pool()
    pool.after(joined("m", capacity_minutes=600, max_mentees=2), *(enrolled(name) for name in "abc"))
    assert len(pool.pairs()) == 2


def test_a_pair_of_ids_in_conflict_never_meets_in_a_match():
    policy = pool_policy(conflicts=(("m", "A"),))
    pool = Pool(policy)
    said = pool.after(joined("m"), enrolled("a", course="A"), enrolled("b", course="B"))
    assert pool.pairs() == {"b": "m"}
    assert [fact.binding for fact in only(said, LearnerWaitlisted)] == ["blocked"]
