"""Some learners are held out of some nudges, to learn whether they help: drawn once, said on every decision."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from nudging.inbox import ROWS, fold
from schemas.advice import AdviceGiven, EpisodeClosed
from schemas.experiments import Experiment, held_out
from schemas.fact import Fact
from schemas.inbox_policy import InboxPolicy
from schemas.learners import LearnerAllowed
from schemas.nudges import ConsentGiven, ConsentWithdrawn, NudgeHeld, NudgeSent, NudgeSuppressed
from schemas.policy import Defaults, Policy
from schemas.study import LearnerKnown
from tests.memory import START, World, only
from tests.nudging.life import ANA, COURSE, MENTOR, Life, active, alone, day, joined, made, matched
from tests.nudging.post import advice, announced, dropped, id_of, post, profiled, sent, to_mentor
from tests.nudging.post import made as made_at

HELD, TREATED = ("trial", "holdout"), ("trial", "treatment")
SOON = START + timedelta(days=60)


def trial(**fields: Any) -> Experiment:
    told = {"name": "trial", "about": "nudging", "held_permille": 500, "starts_at": START, "ends_at": SOON}
    return Experiment(**(told | fields))


def policy(*trials: Experiment, asked: bool = False, **fields: Any) -> Policy:
    """`asked` = only who said yes comes into an experiment."""
    defaults = Defaults(experiment_consent=not asked)
    return Policy(experiments=trials or (trial(),), defaults=defaults, **fields)


def in_trial(*trials: Experiment, asked: bool = False) -> Policy:
    """Only silence opens."""
    return alone("L2").model_copy(
        update={"experiments": trials or (trial(),), "defaults": Defaults(experiment_consent=not asked)}
    )


def one_of(arm: str, name: str = "trial", permille: int = 500) -> str:
    """Some learner whom this experiment draws into this arm."""
    return next(
        who
        for who in (f"ou:{number}" for number in range(1000))
        if held_out(name, who, permille) == (arm == "holdout")
    )


OUT, IN = one_of("holdout"), one_of("treatment")


# --- the draw --------------------------------------------------------------------------------


def test_an_arm_is_the_same_whenever_and_wherever_it_is_drawn() -> None:
    """These stand for good: another hash would move everybody in every experiment that runs."""
    drawn = [held_out("reengage-1", f"ou:{number}", 200) for number in range(20)]
    assert [number for number, out in enumerate(drawn) if out] == [3, 11, 12, 18]


def test_about_as_many_are_held_out_as_the_share_says() -> None:
    out = sum(held_out("trial", f"ou:{number}", 100) for number in range(20_000))
    assert 1850 < out < 2150  # 2,000 expected, 42 its standard deviation


def test_a_larger_share_moves_nobody_who_was_held_out() -> None:
    people = [f"ou:{number}" for number in range(2000)]
    small, large = ({who for who in people if held_out("trial", who, share)} for share in (100, 150))
    assert small < large
    assert len(large - small) < 150


def test_two_experiments_draw_apart() -> None:
    people = [f"ou:{number}" for number in range(4000)]
    both = sum(held_out("one", who, 500) and held_out("other", who, 500) for who in people)
    assert 900 < both < 1100


# --- what a pulse stamps -----------------------------------------------------------------------


def silent(life: Life, who: str, days: float = 12) -> list[AdviceGiven]:
    """What is advised about a learner who joins, works once and falls silent."""
    life.tell(joined(0, who), active(0.1, who))
    return [fact for fact in only(life.live(days), AdviceGiven) if isinstance(fact, AdviceGiven)]


@pytest.mark.parametrize(("who", "arm"), [(OUT, HELD), (IN, TREATED)], ids=["held out", "treated"])
def test_advice_to_a_learner_says_the_learners_arm(who: str, arm: tuple[str, str]) -> None:
    given = silent(Life(in_trial()), who)
    assert {fact.role: fact.arm for fact in given} == {"learner": arm, "operator": None}


def test_a_restart_between_two_rungs_draws_the_same() -> None:
    life = Life(in_trial(trial(roles=("learner", "mentor"))))
    life.tell(joined(0), matched(0.1), active(0.2))
    first = [fact.arm for fact in only(life.live(8), AdviceGiven) if isinstance(fact, AdviceGiven)]
    then = life.restarted()
    second = [fact.arm for fact in only(then.live(11), AdviceGiven) if isinstance(fact, AdviceGiven)]
    assert len(first) == len(second) == 1
    assert first == second != [None]


@pytest.mark.parametrize(
    "fields",
    [
        {"kinds": ("start",)},
        {"programmes": ("Q",)},
        {"roles": ("mentor",)},
        {"starts_at": day(30)},
        {"ends_at": day(5)},
        {"about": "matching"},
    ],
    ids=["another kind", "another programme", "another role", "not begun", "over", "of matching"],
)
def test_what_no_experiment_covers_has_no_arm(fields: dict[str, Any]) -> None:
    given = silent(Life(in_trial(trial(**fields))), OUT, 8)
    assert [fact.arm for fact in given] == [None]


def test_the_first_experiment_that_covers_the_advice_has_it() -> None:
    given = silent(Life(in_trial(trial(kinds=("start",)), trial(name="second"))), OUT, 8)
    assert given[0].arm is not None
    assert given[0].arm[0] == "second"


def test_who_was_not_asked_or_said_no_is_in_no_experiment() -> None:
    life = Life(in_trial(asked=True))
    assert [fact.arm for fact in silent(life, OUT, 8)] == [None]
    no = Life(in_trial())
    no.tell(made(LearnerKnown, day(0), learner=OUT, experiments=False))
    assert [fact.arm for fact in silent(no, OUT, 8)] == [None]
    yes = Life(in_trial(asked=True))
    yes.tell(made(LearnerKnown, day(0), learner=OUT, experiments=True))
    assert [fact.arm for fact in silent(yes, OUT, 8)] == [HELD]


def test_of_two_words_of_one_instant_no_wins_in_any_order() -> None:
    words = [made(LearnerKnown, day(0), learner=OUT, experiments=yes) for yes in (True, False)]
    for order in (words, words[::-1]):
        life = Life(in_trial())
        life.tell(*order)
        assert [fact.arm for fact in silent(life, OUT, 8)] == [None]


def test_a_held_out_learner_counts_as_told_by_nobody() -> None:
    for who, told in ((OUT, ()), (IN, ("learner",))):
        life = Life(in_trial())
        silent(life, who, 8)
        (over,) = only(life.tell(active(8.5, who)), EpisodeClosed)
        assert isinstance(over, EpisodeClosed)
        assert over.told == told
        assert (over.days_to_recover is None) == (who == OUT)


def test_the_pools_of_a_learners_courses_hear_of_the_consent_and_a_new_pool_too() -> None:
    life = Life(in_trial())
    life.tell(joined(0))
    word = made(LearnerKnown, day(1), learner=ANA, experiments=False)
    (said,) = only(life.tell(word), LearnerAllowed)
    assert isinstance(said, LearnerAllowed)
    assert (said.pool, said.experiment_consent, said.said_at) == ("P", False, day(1))
    assert only(life.tell(word), LearnerAllowed) == []
    again = made(type(joined()), day(2), learner=ANA, course="BBB", programme="Q")
    assert [fact.key for fact in only(life.tell(again, joined(3)), LearnerAllowed)] == ["Q"]


# --- what an inbox does with it ------------------------------------------------------------------


def test_what_a_held_out_learner_would_hear_is_withheld_when_it_would_be_sent() -> None:
    world = post(policy())
    one = advice("one", 10, arm=HELD, course=COURSE, mentor=MENTOR)  # at night
    said = world.tell(profiled(), one) + world.pass_time(days=1)
    (kept,) = only(said, NudgeSuppressed)
    (waited,) = only(said, NudgeHeld)
    assert isinstance(kept, NudgeSuppressed)
    assert isinstance(waited, NudgeHeld)
    assert (kept.reason, kept.role, kept.arm, waited.arm) == ("holdout", "learner", HELD, HELD)
    assert kept.at == waited.until == START + timedelta(hours=20)
    assert kept.withheld is not None
    assert (kept.withheld.template, kept.withheld.course) == ("silence.1.learner", COURSE)
    assert sent(said) == []


def test_a_treated_learner_hears_it_with_the_arm_on_it() -> None:
    world = post(policy())
    said = world.tell(profiled(), advice("one", arm=TREATED)) + world.pass_time(hours=1)
    (told,) = only(said, NudgeSent)
    assert isinstance(told, NudgeSent)
    assert (told.arm, told.items[0].arm) == (TREATED, TREATED)


told_advice = st.builds(
    lambda n, hour, good_for, **fields: advice(n, hour, good_for, episode=id_of(n % 7), **fields),
    st.integers(0, 60), st.integers(0, 24 * 14), st.integers(1, 200), priority=st.integers(0, 100),
    kind=st.sampled_from(("reengage", "missed")), critical=st.booleans(), rung=st.integers(1, 3),
)  # fmt: skip


def steps(said: list[Fact]) -> list[tuple[Any, ...]]:
    """What happened to each piece of advice, and when: heard or withheld is one step."""
    found: list[tuple[Any, ...]] = []
    for fact in said:
        if isinstance(fact, NudgeSent):
            (item,) = fact.items
            found.append((fact.at, "would hear", item.advice, item.variant))
        elif isinstance(fact, NudgeSuppressed) and fact.withheld is not None:
            found.append((fact.at, "would hear", fact.advice, fact.withheld.variant))
        elif isinstance(fact, NudgeHeld | NudgeSuppressed):
            found.append((fact.at, fact.reason, fact.advice))
    return found


@settings(max_examples=40)
@given(st.lists(told_advice, max_size=25, unique_by=lambda one: one.advice))
def test_both_arms_go_the_same_way_up_to_the_last_step(given_advice: list[AdviceGiven]) -> None:
    """The same life in each arm: at each instant one hears what is withheld from the other, and all else alike."""
    ways = []
    for arm in (TREATED, HELD):
        world = post(policy(inbox=InboxPolicy(rungs_per_episode=1)))
        said = world.tell(profiled(time_zone="Europe/Berlin"))
        for one in sorted(given_advice, key=lambda one: one.at):
            covered = one.kind == "reengage" and not one.critical
            said += world.tell(one.model_copy(update={"arm": arm}) if covered else one)
        said += world.pass_time(days=30)
        ways.append(steps(said))
        held_back = {fact.advice for fact in only(said, NudgeSuppressed) if fact.reason == "holdout"}  # type: ignore[attr-defined]
        assert arm == HELD or not held_back
        assert not held_back & {item.advice for fact in only(said, NudgeSent) for item in fact.items}  # type: ignore[attr-defined]
    assert ways[0] == ways[1]


def test_a_mentors_digest_leaves_out_the_held_out_learner_and_the_mentor_hears_the_rest() -> None:
    world = post(policy())
    world.tell(profiled(person=MENTOR, role="mentor"))
    about_out, about_in = to_mentor("out", arm=HELD), to_mentor("in", arm=TREATED)
    said = world.tell(about_out, about_in, to_mentor("other")) + world.pass_time(days=1)
    assert sorted(sent(said)[0], key=str) == sorted((about_in.advice, id_of("advice", "other")), key=str)
    assert [fact.arm for fact in only(said, NudgeSent) if isinstance(fact, NudgeSent)] == [None]
    assert dropped(said) == ["holdout"]


def test_what_is_withheld_takes_no_place_of_a_mentors() -> None:
    world = post(policy(inbox=InboxPolicy(mentor_immediate_a_day=1)))
    world.tell(profiled(person=MENTOR, role="mentor"))
    said = world.tell(
        to_mentor("out", arm=HELD, priority=90), to_mentor("other", priority=80)
    ) + world.pass_time(hours=1)
    assert (dropped(said), sent(said)) == (["holdout"], [[id_of("advice", "other")]])


def test_who_takes_the_consent_back_hears_what_waits_and_counts_no_more() -> None:
    world = post(policy())
    one = advice("one", 10, arm=HELD)
    said = world.tell(
        profiled(), one, made_at(ConsentWithdrawn, 11, person=one.recipient, scope="experiments")
    )
    said += world.pass_time(days=1)
    (told,) = only(said, NudgeSent)
    assert isinstance(told, NudgeSent)
    assert told.arm is None
    again = advice("two", 40, arm=HELD)
    said = world.tell(made_at(ConsentGiven, 39, person=one.recipient, scope="experiments"), again)
    assert dropped(said + world.pass_time(days=1)) == ["holdout"]


def test_consent_to_experiments_is_no_consent_to_nudges() -> None:
    world = post(policy())
    world.tell(profiled(), made_at(ConsentWithdrawn, 0, person="ou:ana", scope="experiments"))
    assert len(sent(world.tell(advice("one", 1)) + world.pass_time(hours=1))) == 1


@pytest.mark.parametrize("trials", [(), (trial(ends_at=START + timedelta(hours=12)),)], ids=["gone", "over"])
def test_an_experiment_that_ends_holds_nothing_back_any_more(trials: tuple[Experiment, ...]) -> None:
    world = post(policy().model_copy(update={"experiments": trials}))
    said = world.tell(profiled(), advice("one", 10, arm=HELD)) + world.pass_time(days=1)
    assert (len(sent(said)), dropped(said)) == (1, [])


def test_a_match_and_what_is_critical_are_always_said() -> None:
    world = post(policy())
    said = world.tell(profiled(), announced("confirmed"), advice("help", 1, critical=True))
    assert len(sent(said + world.pass_time(days=2))) == 2


def test_advice_told_twice_is_withheld_once() -> None:
    world = World(fold, ROWS, policy())
    one = advice("one", arm=HELD)
    said = world.tell(profiled(), one, one) + world.pass_time(hours=1) + world.tell(one)
    assert dropped(said + world.pass_time(days=1)) == ["holdout"]


# --- what an operator may write ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kinds": ("support",)}, "'support' is never held out"),
        ({"kinds": ("prasie",)}, "'prasie' is never held out"),
        ({"roles": ("operator",)}, "what an operator hears is never held out"),
        ({"ends_at": START}, "ends_at must be later than starts_at"),
        ({"held_permille": 501}, "less than or equal to 500"),
        ({"starts_at": "2026-01-05T00:00:00"}, "timezone"),
        ({"name": "My Trial"}, "should match pattern"),
    ],
    ids=["a cry for help", "typo", "operators", "no time", "too many", "no zone", "name"],
)
def test_an_experiment_that_cannot_be_taken_is_named(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        trial(**fields)


def test_two_experiments_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="two are named 'trial'"):
        Policy(experiments=(trial(), trial(about="matching")))
