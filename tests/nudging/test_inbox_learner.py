"""A learner hears little, at a good time, and nothing that no longer holds.  The world starts Monday noon UTC."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from nudging.inbox_rows import InboxRow
from schemas.advice import LearnerGone
from schemas.nudges import ConsentGiven, ConsentWithdrawn, PersonOptedIn, PersonOptedOut, QuietHoursSet
from schemas.policy import InboxPolicy, Policy
from tests.nudging.post import (
    ANA,
    MENTOR,
    advice,
    announced,
    dropped,
    held,
    id_of,
    made,
    nudge,
    post,
    profiled,
    sent,
    withdrawn,
)  # fmt: skip


def january(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def test_advice_by_day_is_sent_at_once_in_the_name_of_the_mentor() -> None:
    world = post()
    one = advice("one", mentor=MENTOR, course="AAA", figures=(("days", 7),))
    told = nudge(
        world.tell(profiled(language="de", channels=("push", "mail")), one) + world.pass_time(minutes=0)
    )
    assert (told.channel, told.language, told.in_name_of, told.local_day) == (
        "push",
        "de",
        MENTOR,
        "2026-01-05",
    )
    assert (told.items[0].template, told.items[0].figures) == ("silence.1.learner", (("days", 7),))
    assert (told.expires_at, told.digest) == (one.expires_at, False)


def test_a_second_nudge_waits_for_the_next_day_after_quiet_hours() -> None:
    world = post()
    one, two = advice("one", priority=60), advice("two")
    said = world.tell(two, one, profiled()) + world.pass_time(hours=1)
    assert (sent(said), held(said)) == ([[one.advice]], [("daily_cap", january(6, 8))])
    assert sent(world.until(january(6, 7, 59))) == []
    assert sent(world.until(january(6, 8))) == [[two.advice]]


def test_a_fourth_in_seven_days_waits_until_the_first_is_a_week_old() -> None:
    world = post()
    world.tell(profiled())
    for day in range(3):
        world.tell(advice(day, day * 24))
    late = advice("late", 72, good_for=200)
    said = world.tell(late) + world.pass_time(minutes=1)
    assert held(said) == [("weekly_cap", january(12, 8))]
    assert sent(world.until(january(12, 8))) == [[late.advice]]


def test_advice_in_quiet_hours_is_held_until_they_end_and_said_to_be_held_once() -> None:
    world = post()
    world.tell(profiled(time_zone="Europe/Berlin"))
    late = advice("late", 10)
    said = world.tell(late) + world.tell(made(QuietHoursSet, 11, person=ANA, from_minute=1200, to_minute=540))
    assert held(said + world.pass_time(hours=1)) == [("quiet_hours", january(6, 7))]
    assert sent(world.until(january(6, 7, 59))) == []
    assert sent(world.until(january(6, 8))) == [[late.advice]]


def test_critical_advice_is_sent_in_quiet_hours() -> None:
    world = post()
    world.tell(profiled())
    assert len(sent(world.tell(advice("late", 10, critical=True)) + world.pass_time(minutes=1))) == 1


def test_advice_for_later_is_sent_then() -> None:
    world = post()
    said = world.tell(profiled(), advice("one", not_before=january(6, 15)))
    assert said + world.until(january(6, 14, 59)) == []
    assert len(sent(world.until(january(6, 15)))) == 1


def test_advice_withdrawn_while_it_waits_is_not_sent() -> None:
    world = post()
    late = advice("late", 10)
    world.tell(profiled(), late)
    said = world.tell(withdrawn(late, 11)) + world.pass_time(days=3)
    assert (dropped(said), sent(said)) == (["resolved"], [])


def test_a_withdrawal_that_comes_before_its_advice_works() -> None:
    world = post()
    one = advice("one", 2)
    said = world.tell(profiled(), withdrawn(one, 1), one) + world.pass_time(days=3)
    assert (dropped(said), sent(said)) == (["resolved"], [])


def test_advice_withdrawn_after_it_was_sent_changes_nothing() -> None:
    world = post()
    one = advice("one")
    world.tell(profiled(), one)
    world.pass_time(hours=1)
    assert world.tell(withdrawn(one, 2), one) + world.pass_time(days=3) == []


def test_advice_past_its_time_is_dropped_when_it_expires() -> None:
    world = post()
    world.tell(profiled(), advice("late", 10, good_for=5))
    assert dropped(world.until(january(6, 3))) == ["expired"]


def test_who_opted_out_of_a_kind_hears_none_of_it_and_who_opted_in_again_does() -> None:
    world = post()
    world.tell(profiled(), made(PersonOptedOut, 0, person=ANA, kind="reengage"))
    said = world.tell(advice("one"), advice("praise", kind="celebrate")) + world.pass_time(hours=1)
    assert (dropped(said), sent(said)) == (["opted_out"], [[id_of("advice", "praise")]])
    world.tell(made(PersonOptedIn, 24, person=ANA, kind="all"))
    assert len(sent(world.tell(advice("two", 24)) + world.pass_time(hours=1))) == 1


def test_opting_out_drops_what_already_waits() -> None:
    world = post()
    world.tell(profiled(), advice("late", 10))
    said = world.tell(made(PersonOptedOut, 11, person=ANA, kind="all")) + world.pass_time(minutes=1)
    assert dropped(said) == ["opted_out"]


def test_without_consent_nothing_is_sent_whatever_a_later_profile_says() -> None:
    world = post()
    world.tell(profiled(), made(ConsentWithdrawn, 1, person=ANA, scope="nudges"), profiled(2))
    assert dropped(world.tell(advice("one", 3)) + world.pass_time(hours=1)) == ["no_consent"]
    world.tell(made(ConsentGiven, 5, person=ANA, scope="nudges"))
    assert len(sent(world.tell(advice("two", 5)) + world.pass_time(hours=1))) == 1


def test_a_profile_that_says_no_holds_until_a_later_yes() -> None:
    world = post()
    world.tell(made(ConsentGiven, 1, person=ANA, scope="nudges"), profiled(2, nudges_consent=False))
    assert dropped(world.tell(advice("one", 3)) + world.pass_time(hours=1)) == ["no_consent"]
    world.tell(made(ConsentGiven, 5, person=ANA, scope="nudges"))
    assert len(sent(world.tell(advice("two", 5)) + world.pass_time(hours=1))) == 1


def test_what_is_assumed_of_a_person_does_not_go_before_their_own_word() -> None:
    world = post()
    world.tell(
        made(ConsentGiven, 1, person=ANA, scope="nudges"), profiled(2, nudges_consent=False, derived=True)
    )
    assert len(sent(world.tell(advice("one", 3)) + world.pass_time(hours=1))) == 1


def test_a_person_nobody_told_of_is_waited_for_in_silence_and_then_given_up() -> None:
    world = post()
    said = world.tell(advice("one")) + world.pass_time(hours=47)
    assert said == []
    assert dropped(world.pass_time(hours=1)) == ["unknown_person"]


def test_a_profile_that_comes_late_frees_what_waits() -> None:
    world = post()
    world.tell(advice("one"))
    assert len(sent(world.tell(profiled(20)) + world.pass_time(minutes=1))) == 1


def test_a_person_without_a_channel_is_not_sent_to() -> None:
    world = post()
    assert dropped(world.tell(profiled(channels=()), advice("one")) + world.pass_time(hours=1)) == [
        "no_channel"
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)], ids=str)
def test_the_latest_told_profile_beats_a_later_derived_one_in_any_order(order: tuple[int, ...]) -> None:
    world = post()
    world.now = january(6, 12)
    words = [profiled(1, language="de"), profiled(2, language="fr"), profiled(3, language="en", derived=True)]
    world.tell(*(words[n] for n in order), advice("one", 24))
    assert nudge(world.pass_time(hours=1)).language == "fr"


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_an_enrolment_that_tells_no_language_takes_away_none_in_any_order(order: tuple[int, ...]) -> None:
    world = post()
    world.now = january(6, 12)
    both = ("time_zone", "language")
    words = [
        profiled(1, language="en", derived=True, assumed=both),
        profiled(2, language="fr", time_zone="Europe/Paris", derived=True),
        profiled(3, language="de", derived=True, assumed=("time_zone",)),
        profiled(4, language="en", derived=True, assumed=both),
    ]
    world.tell(*(words[n] for n in order))
    world.tell(*words)
    found = world.rows.find(InboxRow, ANA)
    assert found is not None
    assert found.profile is not None
    assert (found.profile.language, found.profile.time_zone) == ("de", "Europe/Paris")


@pytest.mark.parametrize("first", [0, 1])
def test_a_profile_told_at_the_instant_of_an_enrolment_outlives_the_next(first: int) -> None:
    world = post()
    world.now = january(6, 12)
    both = ("time_zone", "language")
    words = [
        profiled(1, language="fr", derived=True, assumed=("time_zone",)),
        profiled(1, language="en", derived=True, assumed=both),
    ]
    world.tell(words[first], words[1 - first], profiled(9, language="en", derived=True, assumed=both))
    found = world.rows.find(InboxRow, ANA)
    assert found is not None
    assert found.profile is not None
    assert (found.profile.language, found.profile.assumed) == ("fr", ("time_zone",))


def test_a_learner_hears_two_rungs_of_an_episode() -> None:
    world = post()
    world.tell(profiled())
    said = []
    for rung in (1, 2, 3):
        said += world.tell(advice(rung, rung * 24, rung=rung, episode=id_of("silent"))) + world.pass_time(
            hours=1
        )
    assert (len(sent(said)), dropped(said)) == (2, ["rung_cap"])


@pytest.mark.parametrize("apart", [10, 69], ids=["days", "months"])
def test_a_learner_hears_no_more_rungs_of_an_episode_however_far_apart(apart: int) -> None:
    """As of a silent pair (M4): after 21 days and after 90, with much else between."""
    world = post(Policy(inbox=InboxPolicy(rungs_per_episode=1)))
    world.tell(profiled())
    first = advice(1, episode=id_of("silent"))
    said = world.tell(first) + world.pass_time(hours=1)
    for day in range(2, apart, 3):
        world.tell(advice(f"other {day}", day * 24))
        world.pass_time(hours=1)
    second = advice(2, apart * 24, rung=2, episode=id_of("silent"))
    said += world.tell(second) + world.pass_time(hours=1)
    assert (sent(said), dropped(said)) == ([[first.advice]], ["rung_cap"])


def test_what_was_heard_of_an_episode_is_known_a_while_after_its_end_and_then_forgotten() -> None:
    world = post(Policy(inbox=InboxPolicy(rungs_per_episode=1)))
    first, second = (
        advice(day, day * 24, rung=rung, episode=id_of("silent")) for rung, day in ((1, 0), (2, 13))
    )
    world.tell(profiled(), first)
    world.pass_time(hours=1)
    said = world.tell(withdrawn(first, 24 * 2, "withdrew"), second) + world.pass_time(hours=1)
    assert dropped(said) == ["rung_cap"]  # a roster lost the learner for some days
    for day in range(14, 60, 3):
        world.tell(advice(f"other {day}", day * 24))
        world.tell(withdrawn(advice(f"other {day}", day * 24), day * 24 + 2))
    row = world.rows.find(InboxRow, ANA)
    assert row is not None
    assert row.heard_of(first.episode) == 0
    assert len(row.model_dump_json()) < 2_000


def test_praise_is_not_kept_as_a_ladder() -> None:
    world = post()
    world.tell(profiled(), advice("well done", kind="celebrate", signal="L9"))
    world.pass_time(hours=1)
    assert world.rows.find(InboxRow, ANA).ladders == {}  # type: ignore[union-attr]


def test_no_wording_comes_twice_in_a_row() -> None:
    world = post(Policy(inbox=InboxPolicy(learner_a_week=100)))
    world.tell(profiled())
    variants = []
    for day in range(5):
        variants.append(nudge(world.tell(advice(day, day * 24)) + world.pass_time(hours=1)).items[0].variant)
    assert variants == [0, 1, 2, 0, 1]


def test_a_cap_of_nought_holds_until_the_advice_expires() -> None:
    world = post(Policy(inbox=InboxPolicy(learner_a_day=0)))
    said = world.tell(profiled(), advice("one", good_for=300)) + world.pass_time(days=20)
    assert (sent(said), dropped(said)) == ([], ["expired"])


def test_of_too_much_advice_the_least_is_dropped() -> None:
    world = post()
    world.tell(profiled())
    said = world.tell(*(advice(n, 10, priority=10 + n) for n in range(65)))
    assert [f.advice for f in said if dropped([f]) == ["overflow"]] == [id_of("advice", 0)]


def test_what_was_heard_is_still_known_when_memory_turns_and_forgotten_in_the_end() -> None:
    world = post()
    first = advice("one", 0, episode=id_of("long"))
    world.tell(profiled(), first, advice("two", 24 * 40, episode=id_of("long"), rung=2))
    said = world.tell(advice("other", 24 * 46))  # 45 days after the first: what was heard is put aside
    said += world.tell(advice("three", 24 * 47, episode=id_of("long"), rung=3), first)
    assert dropped(said + world.pass_time(days=1)) == ["rung_cap"]
    world.tell(advice("later", 24 * 92), advice("last", 24 * 138))
    inbox = world.rows.find(InboxRow, ANA)
    assert inbox is not None
    assert not inbox.knows(first.advice)
    assert dropped(world.tell(first) + world.pass_time(days=1)) == ["expired"]


def test_what_was_taken_back_unsaid_as_a_roster_lost_the_learner_is_said_when_it_is_given_again() -> None:
    """A roster may lose a whole course for a day: the episode that stands again is the same, its advice too."""
    world = post()
    first = advice("one", 12)
    world.tell(profiled(hours=0), first)  # at midnight: it waits for the morning
    assert dropped(world.tell(withdrawn(first, 13, "withdrew"))) == ["resolved"]
    assert world.tell(first) + world.pass_time(hours=2) == []  # told again it is the same old word
    again = advice("one", 16)
    assert sent(world.tell(again, again) + world.pass_time(days=1)) == [[first.advice]]
    assert world.tell(withdrawn(first, 50, "withdrew")) == []  # said, and so never again
    assert sent(world.tell(advice("one", 52)) + world.pass_time(days=2)) == []


def test_what_was_taken_back_for_another_reason_never_comes_again() -> None:
    world = post()
    first = advice("one", 12)
    world.tell(profiled(), first, withdrawn(first, 13))
    assert sent(world.tell(advice("one", 16)) + world.pass_time(days=2)) == []


@pytest.mark.parametrize(
    ("reason", "told"), [("withdrew", 0), ("completed", 0), ("mentor_left", 1), ("erased", 1)]
)
def test_a_learner_who_left_or_finished_does_not_hear_that_the_match_ended_by_it(
    reason: str, told: int
) -> None:
    world = post()
    world.tell(profiled())
    said = world.tell(announced("ended", 1, reason=reason)) + world.pass_time(days=2)
    assert len(sent(said)) == told


def test_praise_that_waits_is_not_said_to_a_learner_who_left_the_course() -> None:
    world = post()
    one, other = (
        advice("one", 10, course="AAA", kind="celebrate"),
        advice("two", 10, course="BBB", kind="celebrate"),
    )
    world.tell(profiled(), one, other)  # 22:00
    gone = made(LearnerGone, 11, person=ANA, course="AAA")
    said = world.tell(gone, gone) + world.pass_time(days=2)
    assert dropped(said) == ["resolved"]
    assert sent(said) == [[other.advice]]


def test_critical_advice_over_the_cap_of_a_day_is_said_as_the_next_begins() -> None:
    """Quiet hours hold it no longer than they would by themselves, nor does what expires meanwhile."""
    world = post()
    world.tell(profiled(), advice("one"))
    assert held(world.tell(advice("two", 1, good_for=24, critical=True)) + world.pass_time(hours=1)) == [
        ("daily_cap", january(6))
    ]
    assert nudge(world.pass_time(hours=24)).at == january(6)
