"""Nobody is matched against their word, whenever it comes; taking it back says nothing against a mentor."""

from itertools import permutations

from schemas.fact import Fact
from schemas.learners import MatchingConsentTold
from schemas.matches import LearnerWaitlisted, MatchEnded
from tests.matching.people import Pool, enrolled, joined, made, pinned, pool_policy
from tests.memory import only


def consents(learner: str, yes: bool, hours: float) -> Fact:
    fact: Fact = made(MatchingConsentTold, hours, person=learner, given=yes)
    return fact


def test_a_word_said_before_the_enrolment_is_heeded_in_every_pool_to_come() -> None:
    pool = Pool()
    said = pool.after(consents("a", False, 0), joined("m"), enrolled("a", 1))
    assert [f.binding for f in only(said, LearnerWaitlisted)] == ["no_consent"]
    pool.after(consents("a", True, 2))
    assert pool.pairs() == {"a": "m"}


def test_consent_taken_back_ends_the_pair_and_given_again_brings_the_same_mentor() -> None:
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    said = pool.after(consents("a", False, 1))
    assert [(f.learner, f.reason) for f in only(said, MatchEnded)] == [("a", "by_learner")]
    assert pool.pairs() == {}
    assert only(pool.pass_time(days=9), MatchEnded) == []
    pool.after(consents("a", True, 300))
    assert pool.pairs() == {"a": "m"}


def test_a_pin_does_not_go_before_a_no() -> None:
    pool = Pool()
    pool.after(joined("m"), enrolled("a"), consents("a", False, 0), pinned("a", "m", 1))
    assert pool.pairs() == {}


def test_where_nobody_was_asked_only_who_said_yes_is_matched() -> None:
    pool = Pool(pool_policy(consent=False))
    pool.after(joined("m"), enrolled("a"), enrolled("b"), consents("b", True, 0))
    assert pool.pairs() == {"b": "m"}


def test_the_last_word_wins_in_any_order_and_however_often_it_comes() -> None:
    words = [
        enrolled("a", 0, matching_consent=True),
        consents("a", False, 1),
        consents("a", True, 2),
        consents("a", False, 2),
    ]
    for order in permutations(words):
        pool = Pool()
        pool.after(joined("m"))
        for word in (*order, *order):
            pool.after(word.model_copy(update={"seen_at": pool.now}))
        assert pool.pairs() == {}
        assert (pool.learner("a").consent, pool.learner("a").consent_at) == (False, words[3].at)
