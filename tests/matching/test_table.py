"""Do the columns say of every pair what the rules and the terms say of it one by one?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.affinity import known, terms
from matching.market import EPOCH
from matching.rows import MentorRow
from matching.rules import RULES
from matching.seen import see
from matching.table import Table, table_of
from matching.views import SLOTS, Learner, Mentor
from schemas.policy import Policy
from schemas.pool_policy import PoolPolicy, Weights

TONGUES, SKILLS, GOALS, COURSES = ("en", "de", "es"), ("java", "algebra"), ("career", "finish"), ("c1", "c2")
weeks = st.one_of(st.just(0), st.integers(1, (1 << SLOTS) - 1), st.integers(1, 255))
some = st.permutations(TONGUES).flatmap(lambda all: st.integers(1, 3).map(lambda n: tuple(all[:n])))
skills = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5))
ids = st.frozensets(st.sampled_from(["m0", "m1", "m2"]), max_size=2)


@st.composite
def learners(draw: st.DrawFn) -> Learner:
    wants = tuple(draw(skills).items())
    return Learner(
        id="l0", languages=draw(some), wants=wants, skills=frozenset(name for name, _ in wants),
        goals=tuple(draw(st.lists(st.sampled_from(GOALS), unique=True))), free=draw(weeks), free_later=draw(weeks),
        effort=draw(st.integers(5, 120)), avoids=draw(ids), courses=draw(st.frozensets(st.sampled_from(COURSES))),
        since=EPOCH, say=draw(st.integers(0, 1000)), prefers=tuple(sorted(draw(ids))), past=draw(ids),
        again=draw(st.booleans()), in_need=draw(st.booleans()), conflicts=draw(st.sampled_from([frozenset(), frozenset({"c1"})])),
    )  # fmt: skip


@st.composite
def mentors(draw: st.DrawFn, id: str) -> Mentor:
    levels, capacity = draw(skills), draw(st.integers(0, 300))
    courses = draw(st.frozensets(st.sampled_from(COURSES)))
    return Mentor(
        id=id, languages=draw(some), levels=levels, skills=frozenset(levels), guides=draw(st.frozensets(st.sampled_from(GOALS))),
        free=draw(weeks), free_later=draw(weeks), used=draw(st.integers(0, 300)), capacity=capacity,
        places=draw(st.integers(0, 2)), avoids=draw(st.sampled_from([frozenset(), frozenset({"l0"})])), courses=courses,
        say=draw(st.integers(0, 1000)), helped=draw(st.integers(0, 7)), names=frozenset({id, *courses}),
    )  # fmt: skip


pools = st.tuples(*(mentors(f"m{number}") for number in range(3)))
policies = st.builds(
    PoolPolicy,
    weights=st.builds(Weights, **{name: st.integers(0, 1000) for name in ("skills", "goals", "availability", "language")}),
    must_share_skill=st.booleans(), must_share_course=st.booleans(),
    least_shared_hours=st.integers(0, 8), good_shared_hours=st.integers(1, 8),
)  # fmt: skip


def hold(table: Table, learner: Learner, policy: PoolPolicy) -> None:
    seen = see(table, learner, policy)
    for at, mentor in enumerate(table.mentors):
        assert seen.cost[at] == sum(cost for _, cost in terms(learner, mentor, policy))
        assert seen.known[at] == known(learner, mentor, policy)
        assert {name for name, flags in seen.broken.items() if flags[at]} == {
            name for name, rule in RULES.items() if rule(learner, mentor, policy)
        }


@given(learner=learners(), pool=pools, policy=policies)
def test_the_columns_say_what_the_terms_and_rules_say(
    learner: Learner, pool: tuple[Mentor, ...], policy: PoolPolicy
) -> None:
    hold(Table(pool), learner, policy)


@given(learner=learners(), pool=pools, other=pools, policy=policies)
def test_a_mentor_put_anew_leaves_nothing_of_the_old(
    learner: Learner, pool: tuple[Mentor, ...], other: tuple[Mentor, ...], policy: PoolPolicy
) -> None:
    table = Table(pool)
    table.put(1, other[1])
    hold(table, learner, policy)


def test_a_table_is_taken_up_again_and_knows_the_row_that_changed() -> None:
    policy, now = Policy(), EPOCH
    rows = {f"m{number}": MentorRow(here=True, mentees={}) for number in range(3)}
    first = table_of("pool", rows, policy, now)
    rows["m1"] = MentorRow(here=True, mentees={"ann": 60})
    again = table_of("pool", rows, policy, now + timedelta(minutes=1))
    assert again is first
    assert [mentor.used for mentor in again.mentors] == [0, 60, 0]
    fewer = {id: row for id, row in rows.items() if id != "m0"}
    assert [mentor.id for mentor in table_of("pool", fewer, policy, now).mentors] == ["m1", "m2"]


def test_hours_are_looked_at_anew_when_an_hour_has_passed() -> None:
    rows = {"m0": MentorRow(here=True, available_hours=tuple(range(10)), time_zone="Europe/Berlin")}
    policy, before = Policy(), EPOCH.replace(year=2026, month=3, day=29, minute=30)
    now = table_of("berlin", rows, policy, before).free.copy()
    assert not np.array_equal(now, table_of("berlin", rows, policy, before + timedelta(hours=1)).free)


def test_learners_alike_are_one_look() -> None:
    one = Learner(
        "a", ("en",), (), frozenset(), (), 0, 0, 60, frozenset(), frozenset(), EPOCH,
    )  # fmt: skip
    assert replace(one, id="", since=EPOCH) == replace(replace(one, id="b"), id="", since=EPOCH)


def test_hours_are_looked_at_anew_where_clocks_change_at_half_past() -> None:
    rows = {"m0": MentorRow(here=True, available_hours=tuple(range(10)), time_zone="America/St_Johns")}
    policy, change = Policy(), datetime(2026, 3, 8, 5, 30, tzinfo=UTC)
    before = table_of("st-johns", rows, policy, change - timedelta(minutes=20)).free.copy()
    assert not np.array_equal(before, table_of("st-johns", rows, policy, change + timedelta(minutes=10)).free)
