"""Some learners wait a while for their first mentor, to learn what a mentor is worth."""

from datetime import timedelta
from typing import Any

import pytest

from matching.preview import preview
from schemas.experiments import Experiment, held_out
from schemas.fact import Fact, Moment
from schemas.learners import LearnerAllowed
from schemas.matches import LearnerWaitlisted, MatchProposed
from schemas.policy import Defaults, Policy
from schemas.rounds import RoundReported
from schemas.rows import RowKey, wake_of
from tests.matching.people import POOL, Pool, enrolled, joined, made, pinned, profiled, withdrew
from tests.memory import START, only

HELD, TREATED = ("trial", "holdout"), ("trial", "treatment")
OUT, IN = (
    next(f"ou:{n}" for n in range(100) if held_out("trial", f"ou:{n}", 500) == out) for out in (True, False)
)


def trial(**fields: Any) -> Experiment:
    told = {
        "name": "trial", "about": "matching", "held_permille": 500, "starts_at": START, "wait_days": 14,
        "ends_at": START + timedelta(days=60),
    }  # fmt: skip
    return Experiment(**(told | fields))


def pool_of(*trials: Experiment, asked: bool = False) -> Pool:
    defaults = Defaults(experiment_consent=not asked)
    return Pool(Policy(experiments=trials or (trial(),), defaults=defaults))


def waitlisted(said: list[Fact]) -> list[tuple[str, str, Any]]:
    return [(f.learner, f.binding, f.arm) for f in said if isinstance(f, LearnerWaitlisted)]


def proposed(said: list[Fact]) -> list[tuple[str, Any]]:
    return [(f.learner, f.arm) for f in said if isinstance(f, MatchProposed)]


def test_a_held_out_learner_waits_is_told_why_and_is_matched_when_the_wait_is_over() -> None:
    pool = pool_of()
    said = pool.after(joined("m"), enrolled(OUT), enrolled(IN))
    assert proposed(said) == [(IN, TREATED)]
    assert waitlisted(said) == [(OUT, "holdout", HELD)]
    assert proposed(pool.pass_time(days=13.9)) == []
    assert proposed(pool.pass_time(days=0.2)) == [(OUT, HELD)]


def test_a_round_reports_who_waits_in_which_arm() -> None:
    said = pool_of().after(joined("m"), enrolled(OUT), enrolled(IN))
    (report,) = only(said, RoundReported)
    assert isinstance(report, RoundReported)
    assert report.arms == (("trial/holdout", 1), ("trial/treatment", 1))
    assert dict(report.unmatched) == {"holdout": 1}


def test_the_end_of_the_experiment_ends_the_wait() -> None:
    pool = pool_of(trial(ends_at=START + timedelta(days=3)))
    pool.after(joined("m"), enrolled(OUT))
    assert proposed(pool.pass_time(days=2.9)) == []
    assert proposed(pool.pass_time(days=0.2)) == [(OUT, HELD)]


def test_a_treated_learner_whom_nobody_can_have_yet_is_told_so_with_the_arm() -> None:
    pool = pool_of()
    assert waitlisted(pool.after(enrolled(OUT), enrolled(IN))) == [
        (OUT, "holdout", HELD),
        (IN, "no_eligible_mentor", TREATED),
    ]
    assert proposed(pool.after(joined("m", 24))) == [(IN, TREATED)]


@pytest.mark.parametrize(
    "fields",
    [{"programmes": ("Q",)}, {"starts_at": START + timedelta(days=1)}, {"about": "nudging"}],
    ids=["another programme", "began to wait before it", "of nudging"],
)
def test_whom_no_experiment_covers_is_matched_at_once(fields: dict[str, Any]) -> None:
    pool = pool_of(trial(**fields))
    assert proposed(pool.after(joined("m"), enrolled(OUT))) == [(OUT, None)]


def test_who_was_not_asked_or_says_no_is_matched_at_once() -> None:
    assert proposed(pool_of(asked=True).after(joined("m"), enrolled(OUT))) == [(OUT, None)]
    pool = pool_of()
    no = profiled(OUT, experiment_consent=False)
    assert proposed(pool.after(no, joined("m"), enrolled(OUT))) == [(OUT, None)]


def test_who_takes_the_consent_back_is_matched_in_the_next_round_and_a_late_yes_changes_nothing() -> None:
    pool = pool_of()
    pool.after(joined("m"), enrolled(OUT))
    word = {"learner": OUT, "said_at": START + timedelta(hours=5)}
    yes = made(LearnerAllowed, 6, learner=OUT, said_at=START, experiment_consent=True)
    said = pool.after(made(LearnerAllowed, 6, experiment_consent=False, **word), yes)
    assert proposed(said) == [(OUT, None)]


def test_of_two_words_of_one_instant_no_wins_in_any_order() -> None:
    for order in ((True, False), (False, True)):
        pool = pool_of()
        words = [made(LearnerAllowed, 0, learner=OUT, said_at=START, experiment_consent=yes) for yes in order]
        assert proposed(pool.after(*words, joined("m"), enrolled(OUT))) == [(OUT, None)]


def test_nobody_loses_a_mentor_by_an_experiment_nor_waits_twice() -> None:
    pool = pool_of(trial(wait_days=0))
    assert proposed(pool.after(joined("m"), enrolled(OUT))) == [(OUT, HELD)]  # over as it begins
    pool.policy = pool_of().policy
    pool.after(withdrew(OUT, 24))
    assert proposed(pool.after(enrolled(OUT, 48, course="B"))) == [(OUT, None)]


def test_a_pinned_learner_is_matched_and_keeps_the_arm() -> None:
    pool = pool_of()
    said = pool.after(joined("m"), pinned(OUT, "m"), enrolled(OUT))
    assert proposed(said) == [(OUT, HELD)]
    assert waitlisted(said) == []


def test_without_consent_to_matching_there_is_no_arm() -> None:
    said = pool_of().after(joined("m"), enrolled(OUT, matching_consent=False))
    assert waitlisted(said) == [(OUT, "no_consent", None)]


def test_enrolling_twice_or_anew_does_not_begin_the_wait_again() -> None:
    pool = pool_of()
    pool.after(joined("m"), enrolled(OUT), enrolled(OUT))
    pool.after(enrolled(OUT, 24 * 7, course="B"))
    pool.until(START + timedelta(days=13))
    assert proposed(pool.pass_time(days=1.1)) == [(OUT, HELD)]


def test_a_review_of_the_whole_pool_leaves_the_held_out_waiting() -> None:
    pool = pool_of()
    pool.after(joined("m"), enrolled(OUT))
    moment = Moment(wake_of(RowKey("preview", POOL), pool.now), pool.now, pool.policy, "test")
    assert preview(pool.rows, moment, POOL).changes == ()
    later = moment._replace(now=pool.now + timedelta(days=15))
    assert [change.learner for change in preview(pool.rows, later, POOL).changes] == [OUT]
