"""The report on experiments compares alike with alike, tells differences with intervals, and holds its tongue on too few."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from schemas.activity import ActivitySeen, MessageSent, WorkSubmitted
from schemas.experiments import Experiment
from schemas.fact import Fact
from schemas.learners import CourseCompleted, CourseLeft
from schemas.matches import LearnerWaitlisted, MatchProposed
from schemas.nudges import ConsentGiven, ConsentWithdrawn, NudgeItem, NudgeSent, NudgeSuppressed
from schemas.policy import Policy
from schemas.study import QuestionAsked
from streams.effect import DAY, Effect
from streams.proportions import Group, difference, missing, out_of_proportion
from streams.verdicts import Line, Told, told
from tests.memory import START
from tests.nudging.worlds import BACK, LEFT, World, lived, over

END = START + 60 * DAY
ACTIVE, ANY_WORK, THIS_WORK, WITHDREW, COMPLETED = (
    "active within 7 days", "handed in any work within 14 days", "handed in this work within 14 days",
    "withdrew within 28 days", "completed the course",
)  # fmt: skip


def made(cls: type[Any], days: float, **fields: Any) -> Any:
    at = START + days * DAY
    return cls(id=uuid4(), at=at, seen_at=at, source="ou", **fields)


def nudged(learner: str, held: bool, days: float = 0, trial: str = "t", **fields: Any) -> Fact:
    """A nudge to the learner, or what would have been one."""
    arm = (trial, "holdout" if held else "treatment")
    item = NudgeItem(
        **({"advice": uuid4(), "episode": uuid4(), "kind": "reengage", "signal": "L2", "rung": 1, "template": "L2.1.learner",
        "learner": learner, "course": "A", "arm": arm} | fields)
    )  # fmt: skip
    if held:
        about = {"advice": item.advice, "kind": item.kind, "reason": "holdout", "role": "learner"}
        suppressed: Fact = made(NudgeSuppressed, days, recipient=learner, arm=arm, withheld=item, **about)
        return suppressed
    sent: Fact = made(
        NudgeSent, days, nudge=uuid4(), recipient=learner, role="learner", channel="mail", language="en", items=(item,),
        expires_at=START + (days + 7) * DAY, priority=50, arm=arm, local_day="2026-01-05",
    )  # fmt: skip
    return sent


def active(learner: str, days: float) -> Fact:
    seen: Fact = made(ActivitySeen, days, learner=learner)
    return seen


def heard(decisions: list[Fact], facts: list[Fact], again: int = 1) -> Effect:
    effect = Effect()
    for fact in decisions * again:
        effect.decided(fact)
    for fact in facts * again:
        effect.happened(fact)
    return effect


def many(count: int, of_treated: int, of_held: int, **fields: Any) -> tuple[list[Fact], list[Fact]]:
    """So many in each arm, of whom so many come back on the third day."""
    decisions, facts = [], []
    for held, did in ((False, of_treated), (True, of_held)):
        for number in range(count):
            learner = f"ou:{held}{number}"
            decisions.append(nudged(learner, held, **fields))
            if number < did:
                facts.append(active(learner, fields.get("days", 0) + 3))
    return decisions, facts


def report(
    effect: Effect, policy: Policy | None = None, since: datetime | None = None, through: datetime = END
) -> Told:
    (found,) = told(effect, policy or Policy(), since, through)
    return found


def line(found: Told, outcome: str, kind: str = "reengage") -> Line:
    return next(one for one in found.lines if (one.kind, one.outcome) == (kind, outcome))


# --- the interval --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_the_interval_is_newcombes(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """The examples of his paper, table II, method 10."""
    found = difference(Group(one[1], one[0]), Group(other[1], other[0]))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_too_few_are_those_of_whom_a_cell_expects_fewer_than_five() -> None:
    assert missing(Group(10, 6), Group(10, 4)) == 0
    assert missing(Group(9, 5), Group(30, 14)) == 2  # 19 of 39: 9 people expect 4.4 of the rarer
    assert missing(Group(100, 2), Group(100, 0)) == 400
    assert missing(Group(50, 0), Group(50, 0)) is None
    assert missing(Group(0, 0), Group(0, 0)) is None


def test_arms_out_of_proportion_are_noticed() -> None:
    assert not out_of_proportion(held=220, people=1000, held_permille=200)
    assert out_of_proportion(held=150, people=1000, held_permille=200)
    assert not out_of_proportion(held=0, people=10, held_permille=200)  # too few to tell


# --- what is counted -------------------------------------------------------------------------------


def test_the_share_of_each_arm_that_did_it_is_compared() -> None:
    found = line(report(heard(*many(100, of_treated=60, of_held=40))), ACTIVE)
    assert (found.treated, found.held_out) == (Group(100, 60), Group(100, 40))
    assert found.verdict == "helps"
    assert found.found is not None
    assert found.found.value == pytest.approx(0.2)


def test_a_difference_to_the_worse_is_told_as_plainly() -> None:
    assert line(report(heard(*many(100, of_treated=40, of_held=60))), ACTIVE).verdict == "harms"
    decisions, _ = many(100, 0, 0)
    left = [made(CourseLeft, 5, learner=f"ou:False{n}", course="A") for n in range(30)]
    left += [made(CourseLeft, 5, learner=f"ou:True{n}", course="A") for n in range(10)]
    assert line(report(heard(decisions, left)), WITHDREW).verdict == "harms"


def test_of_too_few_nothing_is_told_but_how_many_there_are() -> None:
    found = line(report(heard(*many(9, of_treated=8, of_held=2))), ACTIVE)
    assert (found.verdict, found.found) == ("too few", None)
    assert set(found.as_json()) == {"kind", "outcome", "verdict", "treated", "held_out", "missing"}


def test_facts_told_twice_count_once() -> None:
    decisions, facts = many(50, 30, 20)
    assert report(heard(decisions, facts)) == report(heard(decisions, facts, again=2))


def test_decisions_in_another_order_count_the_same() -> None:
    decisions, facts = many(50, 30, 20)
    decisions += [nudged(f"ou:False{n}", False, 9, kind="dip") for n in range(50)]
    assert report(heard(decisions, facts)) == report(heard(decisions[::-1], facts[::-1]))


@pytest.mark.parametrize(("days", "did"), [(-1, 0), (0, 0), (0.1, 1), (7, 1), (7.1, 0)])
def test_an_outcome_counts_after_the_first_decision_and_within_its_days(days: float, did: int) -> None:
    (trial,) = heard([nudged("ou:1", False)], [active("ou:1", days)]).trials()
    assert sum(ACTIVE in person.did for person in trial.people.values()) == did


def test_a_mentors_message_is_not_the_learners_doing() -> None:
    def wrote(sender: str) -> Fact:
        message: Fact = made(MessageSent, 1, learner="ou:1", mentor="ou:m", pair=uuid4(), sender=sender)
        return message

    for sender, did in (("mentor", False), ("learner", True)):
        (trial,) = heard([nudged("ou:1", False)], [wrote(sender)]).trials()
        assert (ACTIVE in trial.people["ou:1"].did) == did


def test_what_is_done_in_another_course_is_another_courses() -> None:
    facts = [
        made(CourseLeft, 2, learner="ou:1", course="B"),
        made(CourseCompleted, 9, learner="ou:1", course="A", outcome="failed"),
    ]
    (trial,) = heard([nudged("ou:1", False)], facts).trials()
    assert trial.people["ou:1"].did == set()
    (trial,) = heard(
        [nudged("ou:1", False)], [made(CourseCompleted, 50, learner="ou:1", course="A")]
    ).trials()
    assert trial.people["ou:1"].did == {COMPLETED}


def test_a_nudge_about_a_piece_of_work_is_judged_by_that_piece_too() -> None:
    effect = heard(
        [nudged("ou:1", False, figures=(("item", "tma1"),)), nudged("ou:2", True, figures=(("item", "tma1"),))],
        [made(WorkSubmitted, 1, learner="ou:1", course="A", item="tma1"),
         made(WorkSubmitted, 1, learner="ou:2", course="A", item="quiz")],
    )  # fmt: skip
    (trial,) = effect.trials()
    assert {who: person.did for who, person in trial.people.items()} == {
        "ou:1": {ACTIVE, ANY_WORK, THIS_WORK}, "ou:2": {ACTIVE, ANY_WORK},
    }  # fmt: skip


def test_a_learner_counts_by_the_kind_and_the_arm_of_the_first_decision() -> None:
    later = [nudged("ou:1", True, 5, kind="dip"), nudged("ou:1", False, 1, kind="start")]
    (trial,) = heard(later, []).trials()
    (person,) = trial.people.values()
    assert (person.kind, person.arm, person.crossed) == ("start", "treatment", True)
    assert report(heard(later, [])).crossed == 1


def test_where_several_kinds_came_first_they_are_told_together_and_apart() -> None:
    decisions, facts = many(40, 30, 15)
    others, more = many(40, 20, 20, kind="dip")
    names = {f"ou:{held}{n}": f"ou:x{held}{n}" for held in (True, False) for n in range(40)}
    moved = [nudged(names[f.recipient], isinstance(f, NudgeSuppressed), kind="dip") for f in others]  # type: ignore[attr-defined]
    found = report(heard(decisions + moved, facts + [active(names[f.key], 3) for f in more]))
    people = {kind: line(found, ACTIVE, kind).treated.people for kind in ("all", "reengage", "dip")}
    assert people == {"all": 80, "reengage": 40, "dip": 40}


def test_who_took_the_consent_back_is_left_out_and_said_to_be() -> None:
    decisions, facts = many(50, 30, 20)
    back = made(ConsentWithdrawn, 20, person="ou:True0", scope="experiments")
    early = made(ConsentGiven, 1, person="ou:True0", scope="experiments")
    found = report(heard([*decisions, back, early], facts))
    assert (found.people, found.took_back) == (99, 1)
    other = made(ConsentWithdrawn, 20, person="ou:True0", scope="nudges")
    assert report(heard([*decisions, other], facts)).took_back == 0


def test_who_cannot_be_seen_for_the_whole_window_does_not_count() -> None:
    effect = heard(*many(50, 30, 20))
    assert line(report(effect, through=START + 6 * DAY), ACTIVE).treated.people == 0
    assert line(report(effect, through=START + 7 * DAY), ACTIVE).treated.people == 50
    assert line(report(effect, since=START + timedelta(hours=1)), ACTIVE).treated.people == 0


def test_a_mentor_is_judged_from_the_first_match_or_wait() -> None:
    about = {"pool": "P", "programme": "P"}
    proposed = made(
        MatchProposed, 0, learner="ou:1", mentor="ou:m", pair=UUID(int=1), answer_by=END, minutes=60, terms=(),
        round=UUID(int=2), arm=("m", "treatment"), **about,
    )  # fmt: skip
    waits = made(
        LearnerWaitlisted, 0, learner="ou:2", since=START, binding="holdout", arm=("m", "holdout"), **about
    )
    (trial,) = heard([proposed, waits], [active("ou:2", 1)]).trials()
    assert {who: (p.arm, p.kind) for who, p in trial.people.items()} == {
        "ou:1": ("treatment", "match"), "ou:2": ("holdout", "match"),
    }  # fmt: skip
    assert trial.people["ou:2"].did == {ACTIVE}


def test_to_write_to_the_mentor_one_was_given_is_no_effect_of_the_match() -> None:
    proposed = made(
        MatchProposed, 0, learner="ou:1", mentor="ou:m", pair=UUID(int=1), answer_by=END, minutes=60, terms=(),
        round=UUID(int=2), arm=("m", "treatment"), pool="P", programme="P",
    )  # fmt: skip

    def did(fact: Fact) -> bool:
        (trial,) = heard([proposed], [fact]).trials()
        return ACTIVE in trial.people["ou:1"].did

    message = made(MessageSent, 1, learner="ou:1", mentor="ou:m", pair=UUID(int=1), sender="learner")
    asked = made(QuestionAsked, 1, learner="ou:1", course="A", thread="t", to_mentor=True)
    forum = made(QuestionAsked, 1, learner="ou:1", course="A", thread="t")
    assert [did(fact) for fact in (message, asked, forum)] == [False, False, True]


def test_one_that_still_runs_and_one_out_of_proportion_say_so() -> None:
    plan = {"name": "t", "about": "nudging", "starts_at": START, "ends_at": END}
    effect = heard(*many(100, 60, 40))
    even = Policy(experiments=(Experiment(held_permille=500, **plan),))  # type: ignore[arg-type]
    tenth = Policy(experiments=(Experiment(held_permille=100, **plan),))  # type: ignore[arg-type]
    early = report(effect, even, through=END - DAY)
    assert (early.running, early.odd) == (True, False)
    over = report(effect, tenth)
    assert (over.running, over.odd) == (False, True)


def test_of_an_experiment_whose_first_decisions_are_gone_nothing_is_told() -> None:
    """The first nudge brought half of the treated back for good; what is held of them is the second, of the others."""
    first, facts = many(40, of_treated=20, of_held=0)
    again = [
        nudged(f"ou:{held}{n}", held, days=30) for held in (False, True) for n in range(40) if held or n >= 20
    ]
    late = [active(f"ou:True{n}", 33) for n in range(20)]  # half of the held out came back by themselves
    (whole,) = told(heard([*first, *again], [*facts, *late]), Policy(), None, END)
    assert line(whole, ACTIVE).verdict == "helps"
    effect = heard(again, [*facts, *late])
    (cut,) = told(effect, Policy(), None, END)
    assert line(cut, ACTIVE).verdict == "harms"  # were the rest believed

    def said(starts_at: datetime | None) -> Told:
        plan = Experiment(
            name="t", about="nudging", held_permille=500, starts_at=starts_at or START, ends_at=END
        )
        policy = Policy(experiments=(plan,) if starts_at else ())
        (found,) = told(effect, policy, None, END, decided_since=START + 20 * DAY)
        return found

    for begun in (None, START):
        assert (said(begun).lines, said(begun).lost_before) == ([], START + 20 * DAY)
    assert json.loads(json.dumps(said(None).as_json()))["lost_before"] == "2026-01-25T12:00:00+00:00"
    assert said(START + 20 * DAY).lost_before is None


# --- worlds that know the truth -------------------------------------------------------------------


def test_worlds_without_an_effect_look_as_if_they_had_one_no_more_often_than_stated() -> None:
    """Of 200 worlds 10 are expected at 95 %; more than 18 come by chance once in two hundred times."""
    for figures in over(200, 40, 0.0):
        assert figures.spoke > 150, figures
        assert figures.found <= 18, figures


def test_a_known_effect_is_found_and_lies_in_the_interval() -> None:
    back, left = over(20, 100, 0.3)
    assert (back.outcome, left.outcome) == (BACK, LEFT)
    assert back.found >= 13  # 17 expected of groups of fifty
    assert back.wrong == left.wrong == 0
    assert min(back.covered, left.covered) >= 17  # 19 expected; fewer than 17 once in sixty times


def test_a_world_is_the_same_every_time() -> None:
    assert lived(World(3, 30, 0.1)) == lived(World(3, 30, 0.1))
