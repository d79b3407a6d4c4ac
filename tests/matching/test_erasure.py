"""A pool forgets a person: pairs end, those left wait again, and no row names the person, whatever comes late."""

from itertools import permutations
from random import Random

import pytest

from matching.rows import LearnerRow, MentorRow
from schemas.erased import STEP, mark_of
from schemas.erasure import PoolsErased
from schemas.fact import Fact
from schemas.matches import MatchEnded, PairAnnounced
from schemas.mentoring import MentorLoaded
from tests.matching.people import (
    POOL,
    Pool,
    changed,
    completed,
    enrolled,
    joined,
    made,
    pinned,
    profiled,
    withdrew,
)
from tests.memory import only

ANA, BEN, ADA, BOB = "ou:ana", "ou:ben", "m:ada", "m:bob"


def erased(person: str, hours: float = 2) -> Fact:
    fact: Fact = made(PoolsErased, hours, person=person)
    return fact


def left_of(pool: Pool, person: str) -> list[str]:
    """Kinds of the rows that still name the person."""
    return [key.kind for key in pool.rows.naming(person)]


def test_an_erased_learner_s_pair_ends_and_the_mentor_s_hour_is_given_to_who_waits() -> None:
    pool = Pool()
    pool.after(joined(ADA, capacity_minutes=60), enrolled(ANA))
    pool.after(enrolled(BEN, 1))
    said = pool.after(erased(ANA))
    assert [(f.learner, f.mentor, f.reason) for f in only(said, MatchEnded)] == [(ANA, ADA, "erased")]
    told = [(f.person, f.state, f.reason) for f in only(said, PairAnnounced)]
    assert (ADA, "ended", "erased") in told
    assert pool.pairs() == {BEN: ADA}
    assert left_of(pool, ANA) == []
    assert [learner for f in only(said, MentorLoaded) for _, learner in f.pairs] == [BEN]


def test_learners_of_an_erased_mentor_wait_again_and_get_another() -> None:
    pool = Pool()
    pool.after(joined(ADA, capacity_minutes=600), enrolled(ANA), enrolled(BEN))
    pool.after(joined(BOB, 1))
    said = pool.after(erased(ADA))
    assert sorted((f.learner, f.reason) for f in only(said, MatchEnded)) == [(ANA, "erased"), (BEN, "erased")]
    assert pool.pairs() == {ANA: BOB, BEN: BOB}
    assert left_of(pool, ADA) == []


def test_wishes_blocks_pins_and_past_pairs_forget_an_erased_mentor() -> None:
    pool = Pool()
    pool.after(joined(ADA), enrolled(ANA), profiled(BEN, prefers=(ADA, BOB), avoids=(ADA,)), enrolled(BEN))
    pool.after(pinned(BEN, ADA, 1), withdrew(ANA, 1), changed(BOB, 1, avoids=(ANA, BEN)))
    assert ADA in pool.learner(ANA).past
    pool.after(erased(ADA), erased(ANA))
    assert left_of(pool, ADA) == []
    assert left_of(pool, ANA) == []
    row = pool.learner(BEN)
    assert (row.prefers, row.avoids, row.pinned) == ((BOB,), (), None)
    assert pool.mentor(BOB).avoids == (BEN,)


def test_nothing_that_comes_late_brings_a_person_back() -> None:
    pool = Pool()
    pool.after(joined(ADA), enrolled(ANA))
    pool.after(erased(ANA), erased(ADA))
    late = [
        enrolled(ANA, 3), profiled(ANA, 3, languages=("en",)), completed(ANA, 3), joined(ADA, 3), changed(ADA, 3),
        pinned(BEN, ADA, 3), pinned(ANA, BOB, 3), profiled(BEN, 3, prefers=(ADA,), avoids=(ADA,)),
        changed(BOB, 3, avoids=(ANA,)), erased(ANA, 3), enrolled(ANA, 0), joined(ADA, 0),
    ]  # fmt: skip
    for each in [*late, *late]:
        pool.after(each)
    assert left_of(pool, ANA) == []
    assert left_of(pool, ADA) == []
    assert pool.rows.find(LearnerRow, POOL, BEN) is not None


@pytest.mark.parametrize("person", [ANA, ADA])
def test_the_order_of_arrival_leaves_nothing_of_the_person(person: str) -> None:
    facts = [joined(ADA), enrolled(ANA), erased(person), profiled(ANA, 1, prefers=(ADA,))]
    for order in permutations(facts):
        pool = Pool()
        for each in (*order, *order):
            pool.after(each.model_copy(update={"seen_at": pool.now}))
        assert left_of(pool, person) == [], [type(each).__name__ for each in order]
        assert not pool.pairs()


def test_who_is_unknown_is_remembered_as_erased_without_the_id() -> None:
    pool = Pool()
    pool.after(erased(ANA))
    assert [key.id for key in pool.rows.stored if key.kind == "erased"] == [mark_of(ANA)]
    assert left_of(pool, ANA) == []


def test_a_mentor_named_in_very_many_rows_is_cleared_step_by_step_and_gets_nobody_meanwhile() -> None:
    pool = Pool()
    many = [f"ou:{n:04}" for n in range(2 * STEP + 50)]
    pool.after(joined(ADA, capacity_minutes=120), *(profiled(each, prefers=(ADA,)) for each in many))
    pool.after(enrolled(many[-1]), enrolled(many[-2]))
    assert set(pool.pairs()) == {many[-1], many[-2]}
    pool.tell(erased(ADA))
    assert len(left_of(pool, ADA)) > STEP
    assert not pool.mentor(ADA).here
    pool.settle()
    assert left_of(pool, ADA) == []
    assert not pool.pairs()
    assert pool.rows.find(MentorRow, POOL, ADA) is None


def test_any_history_and_then_erasure_leaves_no_row_that_names_the_person() -> None:
    for seed in range(40):
        chance = Random(seed)
        pool, people, mentors = Pool(), [f"ou:{n}" for n in range(6)], [f"m:{n}" for n in range(4)]
        for hour in range(12):
            who, mentor = chance.choice(people), chance.choice(mentors)
            fact = chance.choice((
                enrolled(who, hour), withdrew(who, hour), joined(mentor, hour), profiled(who, hour, prefers=(mentor,)),
                changed(mentor, hour, avoids=(who,)), pinned(who, mentor, hour), erased(chance.choice(people + mentors), hour),
            ))  # fmt: skip
            pool.after(fact)
        gone = [*chance.sample(people, 2), *chance.sample(mentors, 2)]
        pool.after(*(erased(each, 13) for each in gone))
        assert [left_of(pool, each) for each in gone] == [[]] * 4
        assert not set(pool.pairs().values()) & set(gone)
        for mentor, row in pool.rows.scan(MentorRow, POOL):
            assert sorted(row.mentees) == sorted(id for id, own in pool.pairs().items() if own == mentor)
