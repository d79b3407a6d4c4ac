"""What is not pressing waits for an hour at which the learner is usually active, within a window, and never for long."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudging.hours import seen_at, usual
from nudging.pulse_rows import PulseRow
from schemas.advice import AdviceGiven
from schemas.nudges import QuietHoursSet
from schemas.policy import InboxPolicy, Policy
from schemas.risk_policy import RiskPolicy
from tests.nudging import post
from tests.nudging.life import ANA, POLICY, Life, active, joined, matched, met
from tests.nudging.post import advice, held, nudge, profiled, sent


def waits(hours: int = 12, **knobs: int) -> Policy:
    return Policy(inbox=InboxPolicy(usual_within_hours=hours, **knobs))


def january(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


# --- what is usual -------------------------------------------------------------------------


def test_hours_of_half_as_many_days_as_the_busiest_are_usual() -> None:
    hours = None
    for day in range(1, 7):
        hours = seen_at(hours, january(day, 19), "UTC")
    for day in range(1, 4):
        hours = seen_at(hours, january(day, 7), "UTC")
    hours = seen_at(hours, january(6, 12), "UTC")
    assert usual(hours, 5) == (7, 19)
    assert usual(hours, 7) == ()


def test_hours_are_local_and_older_than_four_weeks_are_forgotten() -> None:
    hours = seen_at(None, january(1, 2), "America/New_York")
    assert usual(hours, 1) == (21,)
    assert usual(seen_at(hours, january(27, 17), "America/New_York"), 1) == (12, 21)
    assert usual(seen_at(hours, january(30, 17), "America/New_York"), 1) == (12,)


@given(st.lists(st.integers(0, 24 * 40), min_size=1, max_size=6))
@settings(max_examples=25)
def test_neither_order_nor_repeats_matter(at: list[int]) -> None:
    found = set()
    for order in list(permutations(at))[:24]:
        hours = None
        for hour in (*order, *order):
            hours = seen_at(hours, january(1) + timedelta(hours=hour), "UTC")
        found.add(hours)
    assert len(found) == 1


def evenings(policy: Policy) -> Life:
    life = Life(policy)
    life.tell(joined(), matched(0), met(0.1))
    for day in range(8):
        life.tell(active(day + 8 / 24), active(day + 8 / 24, precision="day"))  # 20:00
    return life


def test_advice_carries_the_hours_only_where_nudges_wait_for_them() -> None:
    policy = POLICY.model_copy(update={"inbox": waits().inbox, "risk": RiskPolicy(on=False)})
    told = [f for f in evenings(policy).live(18) if isinstance(f, AdviceGiven)]
    assert {f.usual_hours for f in told if f.recipient == ANA} == {(20,)}
    assert {f.usual_hours for f in told if f.recipient != ANA} == {()}
    life = evenings(POLICY)
    assert {f.usual_hours for f in life.live(16) if isinstance(f, AdviceGiven)} == {()}


def test_hours_are_dropped_when_the_policy_no_longer_waits() -> None:
    life = evenings(POLICY.model_copy(update={"inbox": waits().inbox}))
    life.policy = POLICY
    life.live(16)
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert pulse.hours is None


def test_a_year_of_clicks_at_all_hours_keeps_the_row_small() -> None:
    hours = None
    for hour in range(0, 24 * 365, 1):
        hours = seen_at(hours, january(1) + timedelta(hours=hour), "UTC")
    assert hours is not None
    assert len(str(hours)) < 300


# --- the inbox -----------------------------------------------------------------------------


def test_a_nudge_waits_for_the_usual_hour_and_says_so() -> None:
    world = post.post(waits())
    said = world.tell(profiled(), advice("one", usual_hours=(19, 20))) + world.pass_time(minutes=1)
    assert (sent(said), held(said)) == ([], [("usual_hour", january(5, 19))])
    assert nudge(world.until(january(5, 19))).at == january(5, 19)


@pytest.mark.parametrize(
    ("policy", "fields"),
    [
        (waits(0), {"usual_hours": (19,)}),
        (waits(6), {"usual_hours": (19,)}),
        (waits(), {}),
        (waits(), {"usual_hours": (12, 19)}),
        (waits(), {"usual_hours": (19,), "priority": 70}),
        (waits(), {"usual_hours": (19,), "critical": True}),
        (waits(), {"usual_hours": (19,), "good_for": 7}),
        (waits(), {"usual_hours": (22,)}),
    ],
    ids=["off", "beyond the window", "hours unknown", "usual now", "pressing", "critical", "expires before", "quiet then"],
)  # fmt: skip
def test_it_goes_at_once_where_there_is_nothing_to_wait_for(
    policy: Policy, fields: dict[str, object]
) -> None:
    world = post.post(policy)
    one = advice("one", **fields)
    assert sent(world.tell(profiled(), one) + world.pass_time(minutes=1)) == [[one.advice]]


def test_quiet_hours_come_first_and_the_window_begins_when_they_end() -> None:
    world = post.post(waits())
    world.tell(profiled())
    one = advice("one", 10, usual_hours=(19,))  # 22:00
    said = world.tell(one) + world.until(january(6, 18, 59))
    assert [reason for reason, _ in held(said)] == ["quiet_hours", "usual_hour"]
    assert sent(said) == []
    assert sent(world.until(january(6, 19))) == [[one.advice]]


def test_own_quiet_hours_over_the_usual_hour_make_it_go_before() -> None:
    world = post.post(waits())
    quiet = post.made(QuietHoursSet, 0, person=post.ANA, from_minute=18 * 60, to_minute=21 * 60)
    one = advice("one", usual_hours=(19,))
    assert sent(world.tell(profiled(), quiet, one) + world.pass_time(minutes=1)) == [[one.advice]]


def test_a_person_who_moves_hears_at_their_usual_hour_of_the_new_zone() -> None:
    world = post.post(waits(20))
    one = advice("one", usual_hours=(19,))
    world.tell(profiled(), one)
    world.tell(profiled(2, time_zone="America/New_York"))
    assert sent(world.until(january(5, 23, 59))) == []
    assert sent(world.until(january(6, 0))) == [[one.advice]]


def test_an_hour_that_the_clock_skips_does_not_hold_it_for_ever() -> None:
    world = post.post(waits(23))
    world.tell(
        profiled(time_zone="Europe/Berlin"),
        post.made(QuietHoursSet, 0, person=post.ANA, from_minute=0, to_minute=0),
    )
    world.until(datetime(2026, 3, 28, 20, tzinfo=UTC))
    one = advice("one", (world.now - january(5, 12)) / timedelta(hours=1), usual_hours=(2,))
    assert sent(world.tell(one) + world.pass_time(hours=24)) == [[one.advice]]


def test_two_that_wait_for_one_hour_keep_the_daily_cap() -> None:
    world = post.post(waits())
    one, two = advice("one", usual_hours=(19,), priority=60), advice("two", usual_hours=(19,))
    world.tell(profiled(), one, two)
    assert sent(world.until(january(5, 23))) == [[one.advice]]
    assert sent(world.until(january(6, 18, 59))) == []
    assert sent(world.until(january(6, 19))) == [[two.advice]]
