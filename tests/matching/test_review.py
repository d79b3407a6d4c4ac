"""Does a review of the whole pool make it better, and never against what is true when its answer comes?"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.affinity import terms
from matching.chains import chains, proposal
from matching.market import offer_of
from matching.pool_rows import ReviewRow
from matching.preview import preview
from matching.rows import LearnerRow, MentorRow
from matching.rules import RULES
from matching.seats import Seats
from matching.table import Table
from matching.views import learner_view, mentor_view
from matching.whole import Optimum, optimise, snapshot
from schemas.fact import Fact, Moment
from schemas.matches import MatchEnded, MatchMoved, MatchProposed
from schemas.policy import Policy
from schemas.pool_policy import Weights
from schemas.reviews import PoolReviewed, ReviewReported
from schemas.rows import RowKey, wake_of
from tests.matching.people import (
    POOL,
    Pool,
    changed,
    enrolled,
    joined,
    left,
    made,
    pinned,
    pool_policy,
    profiled,
)
from tests.matching.test_laws import check

EAGER = {"review_hours": 1, "move_cooldown_days": 0, "max_moves": 0}


def check_pool(pool: Pool) -> None:
    """Shares no code with the solver."""
    check(pool)
    for _, row in pool.rows.scan(MentorRow, POOL):
        capacity = pool.policy.pool.capacity_minutes if row.capacity_minutes is None else row.capacity_minutes
        most = pool.policy.pool.max_mentees if row.max_mentees is None else row.max_mentees
        assert sum(row.mentees.values()) <= capacity
        assert len(row.mentees) <= most


def policy(**knobs: object) -> Policy:
    return pool_policy(**{**EAGER, **knobs})


@dataclass
class Review:
    """The pool, and what its review would be answered with."""

    pool: Pool
    found: Optimum
    fact: PoolReviewed


def review(pool: Pool) -> Review:
    """Lets the review fall due, and solves it as the shell would."""
    pool.pass_time(hours=1)
    row = pool.rows.find(ReviewRow, POOL)
    assert row is not None
    assert row.asked is not None
    wake = made(PoolReviewed, review=row.asked)  # any cause: only the clock and the policy count
    found = optimise(
        snapshot(pool.rows, Moment(wake, pool.now, pool.policy, "pools"), POOL), pool.policy.pool
    )
    steps, gains = proposal(found, pool.policy.pool.review_moves)
    fact = made(
        PoolReviewed, pool.hours(), review=row.asked, chains=steps, gains=gains, learners=len(found.taken.learners),
        stays=found.stays, objective=found.objective, bound=found.bound,
    )  # fmt: skip
    return Review(pool, found, fact)


def crossed() -> Pool:
    pool = Pool(policy(told_hours=0, told_skills=0, weights=Weights(move=100)))
    pool.after(joined("java-mentor", skills=(("java", 5),), capacity_minutes=60))
    pool.after(enrolled("wants-art"), profiled("wants-art", skills_wanted=(("art", 5),)))
    pool.after(joined("art-mentor", skills=(("art", 5),), capacity_minutes=60))
    pool.after(enrolled("wants-java"), profiled("wants-java", skills_wanted=(("java", 5),)))
    assert pool.pairs() == {"wants-art": "java-mentor", "wants-java": "art-mentor"}
    return pool


def moves(said: list[Fact]) -> dict[str, str]:
    return {fact.learner: fact.to_mentor for fact in said if isinstance(fact, MatchMoved)}


def report(said: list[Fact]) -> ReviewReported:
    (found,) = [fact for fact in said if isinstance(fact, ReviewReported)]
    return found


def test_two_pairs_that_are_better_crossed_change_mentors_in_one_chain() -> None:
    asked = review(crossed())
    said = asked.pool.after(asked.fact)
    assert moves(said) == {"wants-art": "art-mentor", "wants-java": "java-mentor"}
    assert (report(said).moved, report(said).stale) == (2, 0)
    assert asked.found.objective == asked.found.bound < asked.found.stays
    check_pool(asked.pool)


def test_a_preview_counts_the_pairs_that_may_not_move_apart() -> None:
    pool = crossed()

    def seen(pool: Pool) -> tuple[int, int]:
        moment = Moment(wake_of(RowKey("preview", POOL), pool.now), pool.now, pool.policy, "test")
        found = preview(pool.rows, moment, POOL)
        return found.before.matched, found.stay

    assert seen(pool) == (2, 0)
    pool.after(pinned("wants-art", "java-mentor", 1))
    assert seen(pool) == (1, 1)


def test_a_move_that_gains_less_than_its_price_is_not_made() -> None:
    pool = crossed()
    weights = pool.policy.pool.weights.model_copy(update={"move": 1000})
    pool.policy = pool.policy.model_copy(
        update={"pool": pool.policy.pool.model_copy(update={"weights": weights})}
    )
    assert review(pool).fact.chains == ()


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda: [left("java-mentor", 1)],
        lambda: [pinned("wants-art", "java-mentor", 1)],
        lambda: [changed("java-mentor", 1, languages=("fi",))],
        lambda: [profiled("wants-java", 1, avoids=("java-mentor",))],
    ],
    ids=["a mentor left", "a pair was pinned", "a mentor speaks another language", "a learner avoids them"],
)
def test_what_is_no_longer_true_when_the_answer_comes_is_left(meanwhile: object) -> None:
    asked = review(crossed())
    asked.pool.after(*meanwhile())  # type: ignore[operator]
    said = asked.pool.after(asked.fact)
    assert (moves(said), report(said).stale) == ({}, 1)
    check_pool(asked.pool)


def test_an_answer_that_nobody_asked_for_changes_nothing() -> None:
    asked = review(crossed())
    first = asked.pool.after(asked.fact)
    assert moves(first)
    assert asked.pool.after(asked.fact) == []
    assert asked.pool.after(made(PoolReviewed, 2, review=asked.fact.id, chains=asked.fact.chains)) == []


def test_an_answer_that_stays_away_is_asked_for_anew() -> None:
    pool = crossed()
    late = review(pool)
    pool.pass_time(hours=1)
    row = pool.rows.find(ReviewRow, POOL)
    assert row is not None
    assert row.asked not in (None, late.fact.review)
    assert pool.after(late.fact) == []


def test_a_pool_in_which_nothing_changes_is_not_reviewed_again() -> None:
    asked = review(crossed())
    asked.pool.after(asked.fact)
    again = review(asked.pool)
    assert again.fact.chains == ()
    asked.pool.after(again.fact)
    row = asked.pool.rows.find(ReviewRow, POOL)
    assert row is not None
    assert (row.wake_at, row.asked) == (None, None)


def test_who_waits_for_a_full_mentor_comes_in_where_a_pair_can_go_on() -> None:
    """Only ada speaks German; she has an English learner who could be with ben."""
    pool = Pool(policy())
    pool.after(joined("ada", languages=("en", "de"), capacity_minutes=60))
    pool.after(enrolled("english"))
    pool.after(joined("ben", capacity_minutes=60), profiled("german", languages=("de",)), enrolled("german"))
    asked = review(pool)
    said = pool.after(asked.fact)
    assert moves(said) == {"english": "ben"}
    assert pool.pairs() == {"english": "ben", "german": "ada"}
    assert (report(said).moved, report(said).placed) == (1, 1)


def test_who_waits_for_a_pinned_mentor_is_given_nobody_else() -> None:
    pool = Pool(policy(weights=Weights(move=0)))
    pool.after(joined("full", capacity_minutes=60), enrolled("first"))
    pool.after(enrolled("waits"), pinned("waits", "full"))
    pool.after(joined("free", capacity_minutes=60))
    asked = review(pool)
    assert [learner.id for learner in asked.found.taken.learners] == ["first"]
    chain = made(
        PoolReviewed, pool.hours(), review=asked.fact.review, chains=((("waits", None, "free"),),), gains=(1,)
    )
    assert report(pool.after(chain)).stale == 1
    assert pool.pairs() == {"first": "full"}


def test_who_took_back_consent_meanwhile_is_not_placed() -> None:
    pool = Pool(policy())
    pool.after(joined("ada", capacity_minutes=60), enrolled("first"), enrolled("waits"))
    asked = review(pool)
    pool.after(enrolled("waits", 1, matching_consent=False), joined("ben", 1, capacity_minutes=60))
    chain = made(
        PoolReviewed, pool.hours(), review=asked.fact.review, chains=((("waits", None, "ben"),),), gains=(1,)
    )
    assert report(pool.after(chain)).stale == 1


def test_a_mentor_beyond_hours_or_number_receives_nobody_not_even_in_exchange() -> None:
    for less in ({"capacity_minutes": 30}, {"max_mentees": 0}):
        asked = review(crossed())
        said = asked.pool.after(changed("art-mentor", 1, **less), asked.fact)
        assert (moves(said), report(said).stale) == ({}, 1)


@settings(max_examples=25)
@given(data=st.data())
def test_no_assignment_of_a_small_pool_is_better_and_no_limit_is_broken(data: st.DataObject) -> None:
    pool = Pool(policy(told_hours=0, told_skills=0, review_moves=50))
    skills = st.dictionaries(st.sampled_from(["java", "art"]), st.integers(1, 5), min_size=1)
    for number in range(data.draw(st.integers(1, 3))):
        pool.after(
            joined(
                f"m{number}", skills=tuple(sorted(data.draw(skills).items())),
                capacity_minutes=data.draw(st.sampled_from([60, 90, 120])), max_mentees=data.draw(st.integers(1, 2)),
            )
        )  # fmt: skip
    for number in range(data.draw(st.integers(1, 4))):
        wanted = {"wanted_minutes": data.draw(st.sampled_from([30, 60]))}
        pool.after(
            profiled(f"l{number}", skills_wanted=tuple(sorted(data.draw(skills).items())), **wanted),
            enrolled(f"l{number}"),
        )
    asked = review(pool)
    found = asked.found
    assert found.bound <= found.objective <= found.stays
    assert found.bound <= cheapest(pool, found) <= found.objective
    before = set(pool.pairs())
    said = pool.after(asked.fact)
    check_pool(pool)
    assert before <= set(pool.pairs())
    ended = [fact for fact in said if isinstance(fact, MatchEnded)]
    assert len([fact for fact in said if isinstance(fact, MatchProposed)]) >= len(ended)
    assert sum(chain.gain for chain in chains(found)) >= 0


def cheapest(pool: Pool, found: Optimum) -> int:
    """By trying every assignment: costs from the terms, loads from the optimum's own table of units."""
    taken, by = found.taken, pool.policy.pool
    best = found.stays
    opened = Seats(taken.mentors, by)
    first = np.where(opened.count > 0, opened.first, 0)
    worth = [offer_of(learner, Table(taken.mentors), by, first).wished for learner in taken.learners]
    choices = [[None, *range(len(taken.mentors))] for _ in taken.learners]
    for chosen in product(*choices):
        total, spent, count = 0, [0] * len(taken.mentors), [0] * len(taken.mentors)
        for at, mentor in enumerate(chosen):
            own = taken.own[at]
            if mentor is None:
                total += taken.waits[at]
                continue
            one, other = taken.learners[at], taken.mentors[mentor]
            if any(rule(one, other, by) for name, rule in RULES.items() if name != "no_capacity"):
                break
            total += sum(cost for _, cost in terms(one, other, by)) + (
                by.weights.move if own not in (None, mentor) else 0
            )
            spent[mentor] += found.units[at] if mentor == own or worth[at][mentor] else 10**6
            count[mentor] += 1
        else:
            fits = all(
                units < len(load) and heads <= mentor.places
                for units, load, heads, mentor in zip(spent, found.loads, count, taken.mentors, strict=True)
            )
            if fits:
                total += sum(load[units] for units, load in zip(spent, found.loads, strict=True))
                best = min(best, total)
    return best


def test_the_snapshot_gives_a_pair_back_the_minutes_that_were_promised() -> None:
    pool = Pool(policy())
    pool.after(joined("m", capacity_minutes=120), enrolled("a"))
    taken = review(pool).found.taken
    row = pool.rows.find(MentorRow, POOL, "m")
    assert row is not None
    assert row.mentees == {"a": 60}
    view = mentor_view("m", row, pool.policy, pool.now)
    assert (taken.mentors[0].used, taken.mentors[0].places) == (view.used - 60, view.places + 1)
    learner = pool.rows.find(LearnerRow, POOL, "a")
    assert learner is not None
    assert taken.own == [0]
    assert taken.learners[0].effort == learner_view("a", learner, pool.policy, pool.now).effort
