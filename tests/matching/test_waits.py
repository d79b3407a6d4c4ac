"""Nobody starves, and a round says how long it takes to get a mentor.

The bound: where somebody has waited `starve_days` or more, no hour that they could have had goes to anybody
who has waited a whole day less.  A match below the floor is nobody's.  Pins come before it, as they come before everything.
"""

from datetime import timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.affinity import known, seats
from matching.pool_rows import RECENT
from matching.report import expected_wait, with_placed
from matching.rows import LearnerRow, MentorRow
from matching.rules import broken
from matching.views import capacity_of, learner_view, mentor_view
from schemas.matches import MatchProposed
from schemas.pool_policy import Weights
from schemas.rounds import RoundReported
from tests.matching.people import POOL, Pool, enrolled, instant, joined, pool_policy, profiled
from tests.memory import START, only

STARVE = 14
TONGUES = st.sampled_from([("de",), ("en",), ("fr",), ("de", "en"), ("fr", "de")])
GOALS = st.sampled_from([(), ("career",), ("grade", "career"), ("tools",)])


@st.composite
def crowds(draw):
    """Learners who came on different days and found nobody; then mentors."""
    crowd = []
    for n in range(draw(st.integers(2, 9))):
        hours = draw(st.integers(0, 20 * 24))
        minutes = draw(st.sampled_from([None, 30, 60, 60, 120]))
        crowd.append(
            profiled(f"l{n}", hours, languages=draw(TONGUES), goals=draw(GOALS), wanted_minutes=minutes)
        )
        crowd.append(enrolled(f"l{n}", hours))
    mentors = [
        joined(f"m{n}", 21 * 24, languages=draw(TONGUES), guides=draw(GOALS), max_mentees=draw(st.integers(1, 3)),
               capacity_minutes=draw(st.sampled_from([30, 60, 90, 120, 180])))
        for n in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    return sorted(crowd, key=lambda fact: fact.at), mentors


WEIGHTS = st.builds(
    Weights, wait_per_day=st.sampled_from([0, 20, 1000]), load=st.sampled_from([0, 200, 1000]),
    goals=st.sampled_from([0, 200, 1000]),
)  # fmt: skip


@given(crowds(), WEIGHTS, st.sampled_from([1, 2, 300]), st.sampled_from([2000, 100_000]))
@settings(max_examples=70)
def test_no_hour_that_a_starving_learner_could_have_goes_to_a_younger_wait(crowd, weights, limit, floor):
    learners, mentors = crowd
    policy = pool_policy(weights=weights, round_limit=limit, floor=floor, starve_days=STARVE, max_moves=0)
    pool = Pool(policy)
    pool.after(*learners)
    since = {id: row.waiting_since for id, row in pool.rows.scan(LearnerRow, POOL)}
    said = pool.after(*mentors)
    now = only(said, RoundReported)[0].at
    given_to = {fact.learner: fact.mentor for fact in only(said, MatchProposed)}
    rows = dict(pool.rows.scan(MentorRow, POOL))
    for old, young in product(since, given_to):
        days, younger = ((now - since[one]) // timedelta(days=1) for one in (old, young))
        if old in given_to or days < STARVE or younger >= days:
            continue
        had = rows[given_to[young]]
        left = {id: minutes for id, minutes in had.mentees.items() if id != young}
        view = mentor_view(given_to[young], had.model_copy(update={"mentees": left}), policy, now)
        wish = learner_view(old, pool.learner(old), policy, now)
        too_dear = known(wish, view, policy.pool) + seats(view, policy.pool, 1)[0] > floor
        assert too_dear or broken(wish, view, policy.pool), f"{old} could have had the hour of {young}"


@given(crowds())
@settings(max_examples=40)
def test_no_hour_is_left_that_somebody_who_waits_could_have(crowd):
    learners, mentors = crowd
    pool = Pool(pool_policy(starve_days=STARVE))
    pool.after(*learners)
    pool.after(*mentors)
    now = pool.now
    for name, row in pool.rows.scan(MentorRow, POOL):
        view = mentor_view(name, row, pool.policy, now)
        assert row.promised <= capacity_of(row, pool.policy)
        for id, waits in pool.rows.scan(LearnerRow, POOL):
            if waits.waiting_since is not None:
                assert broken(learner_view(id, waits, pool.policy, now), view, pool.policy.pool)


def test_a_learner_who_starves_goes_before_one_who_fits_far_better():
    def first_placed(days: int) -> set[str]:
        pool = Pool(
            pool_policy(told_hours=0, told_skills=0, starve_days=STARVE, weights=Weights(wait_per_day=5))
        )
        pool.after(profiled("old", goals=("tools",), skills_wanted=(("sql", 5),)), enrolled("old"))
        pool.after(profiled("new", 24 * days - 1, goals=("career",)), enrolled("new", 24 * days - 1))
        pool.after(joined("m", 24 * days, guides=("career",), max_mentees=1))
        return set(pool.pairs())

    assert first_placed(STARVE - 1) == {"new"}
    assert first_placed(STARVE + 1) == {"old"}


def test_the_report_tells_how_long_it_took_to_get_a_mentor():
    pool = Pool()
    pool.after(*(enrolled(f"l{n}", n) for n in range(5)))
    said = pool.after(joined("m", 10, capacity_minutes=600))
    told = only(said, RoundReported)[0]
    assert (told.to_mentor_p50_minutes, told.to_mentor_p95_minutes) == (8 * 60, 10 * 60)
    later = only(pool.after(enrolled("y", 20), enrolled("z", 20)), RoundReported)[0]
    assert (later.to_mentor_p50_minutes, later.to_mentor_p95_minutes) == (7 * 60, 10 * 60)


def test_before_anybody_was_placed_no_wait_is_told():
    told = only(Pool().after(enrolled("a")), RoundReported)[0]
    assert (told.to_mentor_p50_minutes, told.expected_wait_minutes) == (None, None)


def test_the_expected_wait_is_the_queue_over_the_rate_of_the_latest_placements():
    """Four placed in eight hours: two hours each, so six who wait take twelve."""
    at = int(START.timestamp()) // 60
    recent = tuple((at + 120 * n, 5) for n in range(4))
    assert expected_wait(recent, instant(8), 6) == 12 * 60
    assert expected_wait(recent[:1], instant(8), 6) is None
    assert expected_wait((), instant(8), 6) is None
    assert expected_wait(recent, instant(8), 0) == 0


def test_only_so_many_placements_are_remembered():
    assert len(with_placed((), START, [1] * 1000)) == RECENT
    lately = int(START.timestamp()) // 60 - 5
    assert with_placed(((lately, 1),), START, [])[0] == (lately, 1)
    assert with_placed(((5, 1),), START, []) == ()  # of years ago


def test_who_waits_for_a_language_is_not_counted_among_those_who_wait_for_hours():
    pool = Pool()
    pool.after(joined("m", capacity_minutes=120), enrolled("a"))
    pool.after(enrolled("b", 4))
    said = pool.after(profiled("c", 8, languages=("de",)), enrolled("c", 8), enrolled("d", 8))
    assert only(said, RoundReported)[0].expected_wait_minutes == 8 * 60 // 2


def test_a_starving_learner_who_does_not_fit_after_all_is_placed_before_the_round_goes_on():
    """Two of 120 minutes are given m, who has room for one; n's hours must then not go to the newcomer."""
    pool = Pool(pool_policy(told_hours=0, told_skills=0, starve_days=STARVE, weights=Weights(load=0)))
    for hours, name in enumerate(("z", "x")):
        pool.after(profiled(name, hours, goals=("career",), wanted_minutes=120), enrolled(name, hours))
    pool.after(enrolled("y", 24 * 15))
    pool.after(
        joined("m", 24 * 15, guides=("career",), capacity_minutes=120), joined("n", 24 * 15, capacity_minutes=120)
    )  # fmt: skip
    assert pool.pairs() == {"z": "m", "x": "n"}
