"""What holds in every pool, whatever comes, late, twice or out of order."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.rows import LearnerRow, MentorRow
from matching.views import capacity_of
from schemas.matches import (
    MatchAccepted,
    MatchAnnounced,
    MatchDeclined,
    MatchEnded,
    MatchProposed,
    PairBlocked,
    PairEnded,
    PairLapsed,
    PairUnblocked,
)
from schemas.mentoring import MentorLoaded
from schemas.pairs import CoverOffered
from schemas.policy import FairnessPolicy
from schemas.pool_policy import Weights
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
    needs,
    paused,
    pinned,
    pool_policy,
    profiled,
    resumed,
    unpinned,
    withdrew,
)
from tests.memory import START, only

HOURS = st.integers(0, 12)
LEARNERS, MENTORS = st.sampled_from("abcd"), st.sampled_from("mn")
COURSES = st.sampled_from("AB")


@st.composite
def joinings(draw):
    minutes, most = draw(st.sampled_from([None, 60, 100, 180])), draw(st.sampled_from([None, 1, 2]))
    return joined(draw(MENTORS), draw(HOURS), capacity_minutes=minutes, max_mentees=most)


FACTS = st.one_of(
    joinings(),
    st.builds(enrolled, LEARNERS, HOURS, COURSES),
    st.builds(enrolled, LEARNERS, HOURS, COURSES, matching_consent=st.booleans()),
    st.builds(withdrew, LEARNERS, HOURS, COURSES),
    st.builds(completed, LEARNERS, HOURS, COURSES),
    st.builds(profiled, LEARNERS, HOURS, wanted_minutes=st.sampled_from([30, 60, 90])),
    st.builds(profiled, LEARNERS, HOURS, avoids=st.just(("m",))),
    st.builds(changed, MENTORS, HOURS, languages=st.sampled_from([("en",), ("de",)])),
    st.builds(paused, MENTORS, HOURS, keep_pairs=st.booleans()),
    st.builds(resumed, MENTORS, HOURS),
    st.builds(left, MENTORS, HOURS),
    st.builds(lambda a, m, h: made(PairBlocked, h, learner=a, mentor=m), LEARNERS, MENTORS, HOURS),
    st.builds(lambda a, m, h: made(PairUnblocked, h, learner=a, mentor=m), LEARNERS, MENTORS, HOURS),
    st.builds(pinned, LEARNERS, MENTORS, HOURS),
    st.builds(lambda a, m, h: pinned(a, m, h, until=instant(h + 2)), LEARNERS, MENTORS, HOURS),
    st.builds(unpinned, LEARNERS, MENTORS, HOURS),
    st.builds(needs, LEARNERS, st.sampled_from(["low", "high", "urgent"]), HOURS),
    st.builds(needs, LEARNERS, st.just("high"), HOURS, stage=st.just("start"), effort_minutes=st.just(45)),
    st.builds(profiled, LEARNERS, HOURS, prefers=st.just(("n",)), same_mentor=st.booleans()),
    st.builds(profiled, LEARNERS, HOURS, audit_group=st.sampled_from(["first", "other"])),
)
WORDS = st.sampled_from(
    ["accepted by learner", "accepted by mentor", "declined", "ended", "lapsed", "cover declined"]
)
STEPS = st.lists(st.one_of(FACTS, st.tuples(WORDS, LEARNERS)), max_size=25)
FAIR = FairnessPolicy(groups=("first", "other"), least=5)
POLICIES = st.builds(
    pool_policy, auto_confirm=st.booleans(), round_limit=st.sampled_from([1, 300]), max_moves=st.sampled_from([0, 2]),
    move_cooldown_days=st.just(0), starve_days=st.sampled_from([1, 14]), weights=st.builds(Weights, move=st.sampled_from([0, 300])),
).map(lambda policy: policy.model_copy(update={"fairness": FAIR}))  # fmt: skip


def about_the_pair(pool: Pool, what: str, learner: str):
    """A word on the pair the learner has now, if there is one."""
    row = pool.rows.find(LearnerRow, POOL, learner)
    if row is None or row.pair is None:
        return None
    if what == "cover declined":
        cover = {"pair": row.cover_pair, "learner": learner, "mentor": row.cover}
        return made(MatchDeclined, by="learner", **cover) if row.cover else None
    who = {"pair": row.pair, "learner": learner, "mentor": row.mentor}
    if what.startswith("accepted"):
        return made(MatchAccepted, by=what.split()[-1], **who)
    if what == "declined":
        return made(MatchDeclined, by="mentor", **who)
    if what == "ended":
        return made(PairEnded, by="operator", reason="by_operator", **who)
    return made(PairLapsed, reason="silent", silent_days=9, **who)


def live(steps, policy, twice: bool = False):
    pool, said = Pool(policy), []
    for step in steps:
        fact = about_the_pair(pool, *step) if isinstance(step, tuple) else step
        if fact is not None:
            said += pool.tell(fact)
            if twice:
                said += pool.tell(fact)
        said += pool.pass_time(minutes=10)
        check(pool)
    return pool, said


def check(pool: Pool) -> None:
    """Both sides of every pair agree, so nobody has two mentors."""
    learners = dict(pool.rows.scan(LearnerRow, POOL))
    mentors = dict(pool.rows.scan(MentorRow, POOL))
    from_mentors = [(learner, mentor) for mentor, row in mentors.items() for learner in row.mentees]
    assert sorted(from_mentors) == sorted((id, row.mentor) for id, row in learners.items() if row.pair)
    covers = [(learner, mentor) for mentor, row in mentors.items() for learner in row.covers]
    assert sorted(covers) == sorted((id, row.cover) for id, row in learners.items() if row.cover)
    for row in learners.values():
        assert row.cover is None or (row.pair is not None and row.cover != row.mentor)
        assert row.pair is None or row.mentor not in row.never
        assert row.pair is None or row.studies
        assert (row.waiting_since is not None) == (row.studies and row.pair is None)


@given(STEPS, POLICIES)
@settings(max_examples=40)
def test_both_sides_of_every_pair_agree_and_facts_have_ids_of_their_own(steps, policy):
    _, said = live(steps, policy)
    assert len({fact.id for fact in said}) == len(said)


@given(STEPS, POLICIES)
@settings(max_examples=40)
def test_folding_twice_is_folding_once(steps, policy):
    once, said_once = live(steps, policy)
    twice, said_twice = live(steps, policy, twice=True)
    assert once.rows.stored == twice.rows.stored
    assert said_once == said_twice


@given(st.lists(FACTS, max_size=25), POLICIES)
@settings(max_examples=40)
def test_a_whole_term_told_again_in_any_order_changes_nothing(facts, policy):
    pool, _ = live(facts, policy)
    before = dict(pool.rows.stored)
    assert pool.tell(*facts, *reversed(facts)) == []
    assert pool.rows.stored == before


@given(STEPS, POLICIES)
@settings(max_examples=40)
def test_no_pair_is_made_beyond_a_mentors_minutes_or_number(steps, policy):
    pool = Pool(policy)
    for step in steps:
        fact = about_the_pair(pool, *step) if isinstance(step, tuple) else step
        said = pool.after(fact) if fact is not None else []
        new = {fact.mentor for fact in only(said, MatchProposed)}
        for mentor in new | {fact.cover for fact in only(said, CoverOffered)}:
            row = pool.mentor(mentor)
            assert row.promised <= capacity_of(row, policy)
            assert row.max_mentees is None or len(row.mentees) + len(row.covers) <= row.max_mentees


@given(STEPS, POLICIES)
@settings(max_examples=25)
def test_every_pair_made_lives_or_was_ended_once_and_revs_only_grow(steps, policy):
    pool, said = live(steps, policy)
    begun = [fact.pair for fact in only(said, MatchProposed)]
    over = [fact.pair for fact in only(said, MatchEnded)]
    alive = [row.pair for _, row in pool.rows.scan(LearnerRow, POOL) if row.pair]
    assert sorted(begun) == sorted(over + alive)
    for learner in "abcd":
        revs = [fact.rev for fact in only(said, MatchAnnounced) if fact.learner == learner]
        assert revs == sorted(revs)


@given(STEPS, POLICIES)
@settings(max_examples=25)
def test_a_pool_left_alone_falls_silent_but_for_announcing_its_pairs(steps, policy):
    pool, _ = live(steps, policy)
    pool.pass_time(days=30)
    assert {type(fact) for fact in pool.pass_time(days=20)} <= {MatchAnnounced, MentorLoaded}


@given(STEPS, POLICIES)
@settings(max_examples=25)
def test_a_pin_holds_for_as_long_as_it_lasts(steps, policy):
    """Who has the mentor pinned for them leaves that mentor only by a word of somebody, never by a round."""
    pool = Pool(policy)
    for step in steps:
        fact = about_the_pair(pool, *step) if isinstance(step, tuple) else step
        if fact is not None:
            pool.tell(fact)
        held = {
            id: row.mentor
            for id, row in pool.rows.scan(LearnerRow, POOL)
            if row.mentor and row.pin_at(pool.now) == row.mentor
        }
        pool.settle()
        assert held.items() <= pool.pairs().items()


def test_rows_stay_small_however_many_courses_and_blocks_come():
    pool = Pool()
    pool.tell(*(enrolled("a", n / 100, course=f"C{n}") for n in range(200)))
    pool.tell(*(made(PairBlocked, 3, learner="a", mentor=f"m{n}") for n in range(200)))
    row = pool.learner("a")
    assert len(row.courses) == len(row.blocked) == 64
    assert len(row.model_dump_json()) < 10_000
    assert pool.now - START < timedelta(hours=4)
