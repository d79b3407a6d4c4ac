"""A pool from the first enrolment to the end of a pair."""

from matching.announce import pair_id
from matching.rows import LearnerRow
from schemas.matches import (
    LearnerWaitlisted,
    MatchAccepted,
    MatchAnnounced,
    MatchConfirmed,
    MatchDeclined,
    MatchEnded,
    MatchProposed,
    PairAnnounced,
    PairBlocked,
    PairEnded,
    PairLapsed,
    PairUnblocked,
)
from schemas.mentoring import MentorLoaded
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
    pool_policy,
    profiled,
    resumed,
    withdrew,
)
from tests.memory import only


def names(said: list) -> list[str]:
    return [type(fact).__name__ for fact in said]


def test_a_learner_and_a_mentor_with_time_become_a_pair_and_all_who_must_know_are_told():
    pool = Pool()
    said = pool.after(joined("m"), enrolled("l"))
    assert names(said) == [
        "MatchProposed", "MatchConfirmed", "MatchAnnounced", "PairAnnounced", "PairAnnounced", "RoundReported",
        "MentorLoaded",
    ]  # fmt: skip
    assert pool.pairs() == {"l": "m"}
    assert said[0].pair == pair_id(POOL, "l", "m", 0)
    assert {fact.person for fact in only(said, PairAnnounced)} == {"l", "m"}
    (told,) = only(said, RoundReported)
    assert (told.waiting, told.placed, told.left_waiting) == (1, 1, 0)


def test_a_plain_fact_says_nothing_and_asks_for_one_round():
    pool = Pool()
    assert pool.tell(joined("m"), *(enrolled(f"l{n}") for n in range(3))) == []
    assert len(only(pool.settle(), RoundReported)) == 1


def test_a_pool_at_rest_plays_no_rounds():
    pool = Pool()
    pool.after(joined("m", max_mentees=1), enrolled("a"), enrolled("b"))
    assert only(pool.pass_time(days=6), RoundReported) == []


def test_withdrawal_from_the_last_course_ends_the_pair_and_the_hours_go_to_who_waits():
    pool = Pool(pool_policy())
    pool.after(joined("m", max_mentees=1), enrolled("a"), enrolled("a", course="B"), enrolled("b", 0.5))
    assert pool.after(withdrew("a", 1)) == []
    said = pool.after(withdrew("a", 2, course="B"))
    assert [fact.reason for fact in only(said, MatchEnded)] == ["withdrew"]
    assert pool.pairs() == {"b": "m"}


def test_completing_the_last_course_ends_the_pair_as_completed():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    said = pool.after(completed("a"))
    assert [fact.reason for fact in only(said, MatchEnded)] == ["completed"]
    assert [fact.state for fact in only(said, MatchAnnounced)] == ["ended"]
    assert len(only(said, PairAnnounced)) == 2


def test_a_term_told_again_changes_nothing_and_says_nothing():
    pool = Pool()
    term = [
        joined("m", capacity_minutes=60),
        enrolled("a"),
        enrolled("b"),
        profiled("b", goals=("career",)),
        withdrew("a", 1),
    ]
    pool.after(*term)
    before = dict(pool.rows.stored)
    assert pool.after(*term) == []
    assert pool.rows.stored == before


def test_a_withdrawal_that_arrives_before_its_older_enrolment_still_holds():
    pool = Pool()
    pool.after(joined("m"), withdrew("a", 1))
    assert pool.after(enrolled("a", 0)) == []
    assert pool.pairs() == {}


def test_the_reason_for_waiting_is_told_once_and_again_when_it_changes():
    pool = Pool()
    assert [fact.binding for fact in only(pool.after(enrolled("a")), LearnerWaitlisted)] == [
        "no_eligible_mentor"
    ]
    assert only(pool.after(enrolled("b", 1)), LearnerWaitlisted)[0].learner == "b"
    said = pool.after(joined("m", 2, languages=("de",)))
    assert [(fact.learner, fact.binding) for fact in only(said, LearnerWaitlisted)] == [
        ("a", "no_shared_language"),
        ("b", "no_shared_language"),
    ]


def test_who_waits_for_a_full_mentor_is_told_who_competes():
    pool = Pool()
    said = only(
        pool.after(joined("m", max_mentees=1), *(enrolled(name) for name in "abc")), LearnerWaitlisted
    )
    assert [(fact.binding, fact.competing_learners, fact.competing_mentors) for fact in said] == [
        ("no_capacity", 3, 1)
    ] * 2


def test_without_consent_nobody_is_matched_and_the_reason_is_told():
    pool = Pool(pool_policy(consent=False))
    said = pool.after(joined("m"), enrolled("a"), enrolled("b", matching_consent=True))
    assert [(fact.learner, fact.binding) for fact in only(said, LearnerWaitlisted)] == [("a", "no_consent")]
    assert pool.pairs() == {"b": "m"}


def test_consent_taken_back_ends_the_pair():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    said = pool.after(enrolled("a", 1, matching_consent=False))
    assert [fact.reason for fact in only(said, MatchEnded)] == ["by_learner"]
    assert pool.pairs() == {}


def test_minutes_are_checked_exactly_when_placements_are_made():
    pool = Pool()
    pool.after(
        joined("m", capacity_minutes=120),
        *(profiled(name, wanted_minutes=90) for name in "ab"),
        enrolled("a"),
        enrolled("b"),
    )
    assert pool.pairs() == {"a": "m"}
    assert pool.learner("b").binding == "no_capacity"


def test_beyond_the_limit_of_a_round_the_next_follows_at_once_with_ids_of_its_own():
    pool = Pool(pool_policy(round_limit=2))
    said = pool.after(joined("m", capacity_minutes=600), *(enrolled(f"l{n}") for n in range(5)))
    rounds = only(said, RoundReported)
    assert [fact.placed for fact in rounds] == [2, 2, 1]
    assert len({fact.id for fact in said}) == len(said)
    assert only(said, LearnerWaitlisted) == []


def test_two_rounds_without_settling_time_have_ids_of_their_own():
    pool = Pool(pool_policy(settle_ms=0))
    said = pool.after(joined("m")) + pool.after(enrolled("a")) + pool.after(enrolled("b"))
    rounds = only(said, RoundReported)
    assert len({fact.id for fact in rounds}) == len(rounds) == 2


def test_a_mentor_who_leaves_ends_the_pairs_and_learners_get_another():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"), enrolled("b"))
    said = pool.after(left("m", 1), joined("n", 1))
    assert [fact.reason for fact in only(said, MatchEnded)] == ["mentor_left"] * 2
    assert pool.pairs() == {"a": "n", "b": "n"}


def test_a_pause_keeps_pairs_takes_nobody_new_and_ends_by_itself():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    pool.after(paused("m", 1, paused_until=instant(48)), enrolled("b", 1))
    assert pool.pairs() == {"a": "m"}
    pool.pass_time(hours=50)
    assert pool.pairs() == {"a": "m", "b": "m"}


def test_a_pause_may_end_the_pairs():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    said = pool.after(paused("m", 1, keep_pairs=False))
    assert [fact.reason for fact in only(said, MatchEnded)] == ["mentor_paused"]
    pool.after(resumed("m", 2))
    assert pool.pairs() == {"a": "m"}


def test_who_left_on_a_pause_and_is_here_again_takes_learners():
    pool = Pool()
    pool.after(joined("m"), paused("m", 1), left("m", 2), enrolled("a", 3), joined("m", 4))
    assert pool.pairs() == {"a": "m"}


def test_a_profile_sent_again_ends_no_pause():
    pool = Pool()
    pool.after(joined("m"), paused("m", 1), joined("m", 2), enrolled("a", 3))
    assert pool.pairs() == {}


def test_a_resume_older_than_the_pause_changes_nothing():
    pool = Pool()
    pool.after(joined("m"), paused("m", 2), resumed("m", 1), enrolled("a", 3))
    assert pool.pairs() == {}


def test_fewer_hours_end_no_pair_and_bring_nobody_new():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"), enrolled("b"))
    pool.after(changed("m", 1, capacity_minutes=60), enrolled("c", 1))
    assert pool.pairs() == {"a": "m", "b": "m"}


def test_a_silent_pair_ends_is_blocked_and_a_new_mentor_is_found():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    lapse = made(
        PairLapsed,
        1,
        pair=pool.learner("a").pair,
        learner="a",
        mentor="m",
        reason="no_contact",
        silent_days=14,
    )
    said = pool.after(lapse)
    assert [fact.reason for fact in only(said, MatchEnded)] == ["silent"]
    assert pool.pairs() == {}
    assert pool.after(lapse) == []
    pool.after(joined("n", 2))
    assert pool.pairs() == {"a": "n"}


def test_a_word_on_a_pair_that_is_over_changes_nothing():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    over = made(
        PairEnded,
        1,
        pair=pair_id(POOL, "a", "m", 7),
        learner="a",
        mentor="m",
        by="learner",
        reason="by_learner",
    )
    assert pool.after(over) == []
    assert pool.pairs() == {"a": "m"}


def test_a_block_ends_the_pair_and_lifting_it_allows_the_pair_again():
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    said = pool.after(made(PairBlocked, 1, learner="a", mentor="m"))
    assert [fact.reason for fact in only(said, MatchEnded)] == ["by_operator"]
    assert pool.learner("a").binding == "blocked"
    said = pool.after(made(PairUnblocked, 2, learner="a", mentor="m"))
    assert [fact.pair for fact in only(said, MatchProposed)] == [pair_id(POOL, "a", "m", 1)]


def test_a_proposal_needs_the_yes_of_both_sides():
    pool = Pool(pool_policy(auto_confirm=False))
    said = pool.after(joined("m"), enrolled("a"))
    assert only(said, MatchConfirmed) == []
    who = {"pair": pool.learner("a").pair, "learner": "a", "mentor": "m"}
    assert pool.after(made(MatchAccepted, 1, by="mentor", **who)) == []
    said = pool.after(made(MatchAccepted, 2, by="learner", **who))
    assert [fact.how for fact in only(said, MatchConfirmed)] == ["accepted"]
    assert pool.learner("a").state == "confirmed"


def test_a_proposal_without_an_answer_ends_and_is_not_made_again():
    pool = Pool(pool_policy(auto_confirm=False, answer_hours=72))
    pool.after(joined("m"), enrolled("a"))
    said = pool.pass_time(hours=73)
    assert [fact.reason for fact in only(said, MatchEnded)] == ["silent"]
    assert pool.pairs() == {}


def test_a_declined_proposal_goes_to_the_next_mentor():
    pool = Pool(pool_policy(auto_confirm=False))
    pool.after(joined("m"), enrolled("a"))
    who = {"pair": pool.learner("a").pair, "learner": "a", "mentor": "m"}
    said = pool.after(made(MatchDeclined, 1, by="mentor", **who), joined("n", 1))
    assert [fact.reason for fact in only(said, MatchEnded)] == ["declined"]
    assert pool.pairs() == {"a": "n"}


def test_a_living_pair_is_announced_anew_with_the_same_rev_and_only_its_wake_up_changes():
    pool = Pool(pool_policy(announce_days=7))
    first = only(pool.after(joined("m"), enrolled("a")), MatchAnnounced)[0]
    before = pool.learner("a")
    again = pool.pass_time(days=15)
    assert {type(fact) for fact in again} == {MatchAnnounced, MentorLoaded}
    assert {fact.rev for fact in only(again, MentorLoaded)} == {1}
    again = only(again, MatchAnnounced)
    assert {(fact.rev, fact.pair, fact.state, fact.since) for fact in again} == {
        (first.rev, first.pair, "confirmed", first.since)
    }
    assert 2 <= len(again) <= 3
    assert pool.learner("a") == before.model_copy(update={"wake_at": pool.learner("a").wake_at})


def test_the_rev_of_what_is_announced_only_grows():
    pool = Pool()
    said = (
        pool.after(joined("m"), enrolled("a")) + pool.after(withdrew("a", 1)) + pool.after(enrolled("a", 2))
    )
    revs = [fact.rev for fact in only(said, MatchAnnounced)]
    assert revs == [1, 2, 3]


def test_facts_about_people_nobody_knows_leave_a_stub_or_nothing():
    pool = Pool()
    said = pool.after(
        changed("m"), paused("m"), profiled("a"), withdrew("b"), made(PairBlocked, learner="c", mentor="z"),
        made(MatchAccepted, pair=pair_id(POOL, "x", "y", 0), learner="x", mentor="y", by="mentor"),
    )  # fmt: skip
    assert said == []
    assert pool.rows.find(LearnerRow, POOL, "x") is None


def test_the_dearer_mentor_is_the_runner_up_with_the_gap_between():
    pool = Pool(pool_policy(told_hours=0, told_skills=0))
    said = pool.after(
        joined("m", guides=("career",)), joined("n"), profiled("a", goals=("career",)), enrolled("a")
    )
    proposed = only(said, MatchProposed)[0]
    assert (proposed.mentor, proposed.runner_up, proposed.runner_up_gap) == ("m", "n", 200)
    assert dict(proposed.terms) == {
        "skills": 300, "goals": 0, "availability": 200, "language": 0, "experience": 0, "preferred": 0,
        "past": 0, "load": 22,
    }  # fmt: skip
