"""Laws of an inbox over random facts and passing time: caps, quiet, consent to a kind, expiry, size, repeats."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from nudging.inbox import ROWS, fold
from nudging.inbox_rows import InboxRow
from nudging.quiet_hours import quiet_until
from schemas.fact import Fact, Moment
from schemas.nudges import (
    ConsentGiven,
    ConsentWithdrawn,
    NudgeHeld,
    NudgeSent,
    NudgeSuppressed,
    PersonOptedIn,
    PersonOptedOut,
    QuietHoursSet,
)
from schemas.policy import InboxPolicy, Policy
from schemas.rows import changed
from tests.memory import START, MemoryRows, World
from tests.nudging.post import ANA, MENTOR, advice, announced, id_of, made, profiled, withdrawn

KINDS = ("start", "reengage", "missed", "celebrate")
LONG = "x" * 100
BERLIN = ZoneInfo("Europe/Berlin")

hours = st.integers(0, 24 * 14)
given_advice = st.builds(
    lambda n, hour, good_for, wait, **fields: advice(
        n, hour, good_for, episode=id_of(n % 7), course=LONG, mentor=LONG, evidence=tuple(id_of(n, e) for e in range(8)),
        not_before=None if wait is None else START + timedelta(hours=hour + wait), **fields,
    ),
    st.integers(0, 300), hours, st.integers(1, 200), st.none() | st.integers(0, 30),
    kind=st.sampled_from(KINDS), priority=st.integers(0, 100), critical=st.booleans(), rung=st.integers(1, 4),
    signal=st.sampled_from(["silence", "missed"]), role=st.sampled_from(["learner", "learner", "mentor"]),
)  # fmt: skip
about_a_person = st.one_of(
    st.builds(
        lambda cls, hour, kind: made(cls, hour, person=ANA, kind=kind),
        st.sampled_from([PersonOptedOut, PersonOptedIn]), hours, st.sampled_from([*KINDS, "all"]),
    ),
    st.builds(
        lambda cls, hour, scope: made(cls, hour, person=ANA, scope=scope),
        st.sampled_from([ConsentGiven, ConsentWithdrawn]), hours, st.sampled_from(["nudges", "matching"]),
    ),
    st.builds(
        lambda hour, begins, ends: made(QuietHoursSet, hour, person=ANA, from_minute=begins, to_minute=ends),
        hours, st.integers(0, 1439), st.integers(0, 1439),
    ),
    st.builds(
        lambda hour, zone, derived: profiled(hour, time_zone=zone, derived=derived),
        hours, st.sampled_from(["Asia/Tokyo", "America/Lima"]), st.booleans(),
    ),
)  # fmt: skip
words = st.one_of(
    given_advice,
    given_advice,
    given_advice.flatmap(lambda a: hours.map(lambda hour: withdrawn(a, hour))),
    st.builds(
        lambda hour, state, pair: announced(state, hour, pair=id_of(pair)),
        hours, st.sampled_from(["proposed", "confirmed", "ended"]), st.integers(0, 40),
    ),
    about_a_person,
)  # fmt: skip
streams = st.lists(words, max_size=60).map(lambda facts: sorted(facts, key=lambda fact: fact.seen_at))


def lived(facts: list[Fact], policy: Policy | None = None, zone: str = "Europe/Berlin") -> list[Fact]:
    world = World(fold, ROWS, policy)
    said = world.tell(profiled(time_zone=zone), *facts) + world.pass_time(days=30)
    inbox = world.rows.find(InboxRow, ANA)
    assert inbox is not None
    assert (inbox.waiting, inbox.wake_at) == (0, None)
    return said


def nudges(said: list[Fact], role: str | None = None) -> list[NudgeSent]:
    return [n for n in said if isinstance(n, NudgeSent) and role in (None, n.role)]


@settings(max_examples=40)
@given(streams, st.integers(0, 3), st.integers(0, 5))
def test_a_learner_never_hears_more_than_the_caps_in_a_day_or_in_any_seven_days(
    facts: list[Fact], a_day: int, a_week: int
) -> None:
    policy = Policy(inbox=InboxPolicy(learner_a_day=a_day, learner_a_week=a_week))
    days = Counter(date.fromisoformat(n.local_day) for n in nudges(lived(facts, policy), "learner"))
    assert all(count <= a_day for count in days.values())
    for first in days:
        assert sum(days[first + timedelta(days=n)] for n in range(7)) <= a_week


@settings(max_examples=40)
@given(st.lists(given_advice, max_size=40).map(lambda facts: sorted(facts, key=lambda f: f.seen_at)))
def test_nothing_but_the_critical_is_sent_in_quiet_hours_nor_past_its_time(facts: list[Fact]) -> None:
    for told in nudges(lived(facts)):
        assert told.at < told.expires_at
        assert told.local_day == told.at.astimezone(BERLIN).date().isoformat()
        assert told.critical or quiet_until(told.at, "Europe/Berlin", 1260, 480) is None


@settings(max_examples=25)
@given(streams, st.sampled_from(KINDS))
def test_nothing_of_an_opted_out_kind_is_sent(facts: list[Fact], kind: str) -> None:
    facts = [fact for fact in facts if not isinstance(fact, PersonOptedIn)]
    out = made(PersonOptedOut, 0, person=ANA, kind=kind)
    assert not [i for n in nudges(lived([out, *facts])) for i in n.items if i.kind == kind]


@settings(max_examples=25)
@given(streams)
def test_a_hold_ends_later_and_is_said_once_and_all_advice_has_one_end(facts: list[Fact]) -> None:
    said = lived(facts)
    holds = [h for h in said if isinstance(h, NudgeHeld)]
    assert all(h.until > h.at for h in holds)
    assert max(Counter((h.advice, h.reason) for h in holds).values(), default=0) <= 1
    ends = Counter(n.advice for n in said if isinstance(n, NudgeSuppressed))
    ends += Counter(item.advice for n in nudges(said) for item in n.items)
    assert max(ends.values(), default=0) <= 1
    assert {f.advice for f in facts if f.TYPE.endswith("advice.given.v1")} <= set(ends)


def judging_all_again(rows: MemoryRows, moment: Moment) -> list[Fact]:
    """The same inbox, but for what it remembers of its verdicts."""
    inbox = rows.find(InboxRow, ANA)
    if inbox is not None:
        rows.put(changed(inbox, judged=""), ANA)
    return fold(rows, moment)


@settings(max_examples=60)
@given(streams)
def test_what_is_held_would_be_held_again_whenever_it_is_looked_at(facts: list[Fact]) -> None:
    said = []
    for way in (fold, judging_all_again):
        world = World(way, ROWS)
        said.append(
            nudges(world.tell(profiled(time_zone="Europe/Berlin"), *facts) + world.pass_time(days=30))
        )
    assert [(one.at, one.items) for one in said[0]] == [(one.at, one.items) for one in said[1]]


@settings(max_examples=25)
@given(streams)
def test_no_wording_comes_twice_in_a_row(facts: list[Fact]) -> None:
    last: dict[str, int] = {}
    for told in nudges(lived(facts)):
        for item in told.items:
            assert last.get(item.template) != item.variant
            last[item.template] = item.variant


@settings(max_examples=25)
@given(streams)
def test_to_fold_twice_is_to_fold_once(facts: list[Fact]) -> None:
    world = World(fold, ROWS)
    for fact in (profiled(), *facts):
        world.tell(fact)
        world.pass_time(minutes=0)
        stored = dict(world.rows.stored)
        assert world.tell(fact) == []
        assert world.rows.stored == stored


@settings(max_examples=40)
@given(st.lists(about_a_person, max_size=12), st.randoms(use_true_random=False))
def test_what_is_known_of_a_person_does_not_depend_on_the_order_of_arrival(
    facts: list[Fact], dice: Random
) -> None:
    known = []
    for _ in range(2):
        world = World(fold, ROWS)
        world.tell(*facts)
        inbox = world.rows.find(InboxRow, ANA)
        known.append(inbox and inbox.model_dump())
        facts = dice.sample(facts, len(facts))
    assert known[0] == known[1]


def test_at_the_same_instant_a_no_wins() -> None:
    for yes, no, fields in (
        (PersonOptedIn, PersonOptedOut, {"kind": "reengage"}),
        (ConsentGiven, ConsentWithdrawn, {"scope": "nudges"}),
    ):
        for order in ((yes, no), (no, yes)):
            said = lived([*(made(cls, 0, person=ANA, **fields) for cls in order), advice("one")])
            assert nudges(said) == []


def test_a_row_stays_small_however_much_is_told() -> None:
    world = World(fold, ROWS)
    told: list[Any] = [profiled()]
    for n in range(300):
        told.append(
            advice(n, n / 2, 400, signal=f"{n}-" + "s" * 20, course=LONG, mentor=LONG, learner=LONG,
                   evidence=tuple(id_of(n, e) for e in range(20)), figures=tuple((LONG, LONG) for _ in range(8)))
        )  # fmt: skip
        told.append(withdrawn(advice(("never", n)), n / 2))
        told.append(announced("confirmed", n / 2, pair=id_of("pair", n)))
    world.tell(*told)
    assert max(len(raw) for raw in world.rows.stored.values()) < 8_000
    assert len(world.rows.stored) <= 65


def test_a_held_nudge_comes_as_quiet_hours_end_on_the_day_the_clocks_change() -> None:
    for zone, night, opens in (
        ("Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 8, 12, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 5, tzinfo=UTC), datetime(2026, 11, 1, 13, tzinfo=UTC)),
    ):
        told = lived([advice("one", (night - START) / timedelta(hours=1))], zone=zone)
        assert [n.at for n in nudges(told)] == [opens]


def test_the_inbox_of_one_person_knows_nothing_of_another() -> None:
    world = World(fold, ROWS)
    said = world.tell(profiled(), advice("one"), advice("two", recipient=MENTOR, role="mentor"))
    assert [n.recipient for n in nudges(said + world.pass_time(hours=1))] == [ANA]
    assert world.rows.find(InboxRow, MENTOR) is not None
