"""A mentor and an operator hear what is pressing at once and the rest in one digest; pairs are told once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from nudging.inbox_rows import MAX_SEEN, InboxRow, short
from nudging.templates import TEMPLATES
from schemas.fact import Fact
from schemas.inbox_policy import InboxPolicy
from schemas.nudges import NudgeSent
from schemas.policy import Operator, Policy
from schemas.rows import changed
from tests.memory import only
from tests.nudging.post import (
    ANA,
    MENTOR,
    OPERATOR,
    advice,
    announced,
    dropped,
    held,
    id_of,
    nudge,
    post,
    profiled,
    sent,
    to_mentor,
    withdrawn,
)  # fmt: skip


def january(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def of_mentor(**fields: Any) -> Any:
    return profiled(person=MENTOR, role="mentor", **fields)


def test_what_is_not_pressing_waits_for_the_digest_by_priority() -> None:
    world = post()
    said = world.tell(of_mentor(time_zone="Asia/Kolkata"), to_mentor("low"), to_mentor("high", priority=69))
    said += world.until(january(6, 3, 29))
    assert held(said) == [("digest", january(6, 3, 30))] * 2
    digest = nudge(world.until(january(6, 3, 30)))
    assert (digest.digest, [i.advice for i in digest.items]) == (
        True,
        [id_of("advice", n) for n in ("high", "low")],
    )
    assert [i.variant for i in digest.items] == [0, 1]
    assert (digest.in_name_of, digest.priority) == (None, 69)


def test_three_pressing_words_a_day_come_at_once_and_the_fourth_in_the_digest() -> None:
    world = post()
    said = world.tell(of_mentor(), *(to_mentor(n, n, priority=80 - n) for n in range(4))) + world.pass_time(
        hours=1
    )
    assert sent(said) == [[id_of("advice", n)] for n in range(3)]
    assert held(said) == [("mentor_cap", january(6, 9))]
    assert nudge(world.until(january(6, 9))).digest


def test_what_a_full_digest_leaves_comes_in_the_next() -> None:
    world = post(Policy(inbox=InboxPolicy(digest_items=2)))
    world.tell(of_mentor(), *(to_mentor(n) for n in range(3)))
    assert [len(items) for items in sent(world.until(january(6, 12)))] == [2]
    assert [len(items) for items in sent(world.until(january(7, 12)))] == [1]


def test_a_digest_in_quiet_hours_waits_for_their_end() -> None:
    world = post(Policy(inbox=InboxPolicy(digest_minute=420)))
    said = world.tell(of_mentor(), to_mentor("one")) + world.pass_time(hours=1)
    assert held(said) == [("digest", january(6, 8))]
    assert only(world.until(january(6, 8)), NudgeSent)[0].at == january(6, 8)


def test_a_digest_is_sent_once_a_day() -> None:
    world = post()
    said = world.tell(of_mentor(), to_mentor("one"), to_mentor("two", 21.5)) + world.until(january(7, 8, 59))
    assert sent(said) == [[id_of("advice", "one")]]
    assert sent(world.until(january(7, 9))) == [[id_of("advice", "two")]]


def test_an_operator_is_known_from_the_policy_and_hears_five_at_once() -> None:
    world = post(Policy(operators=(Operator(id=OPERATOR, time_zone="Europe/Berlin", language="de"),)))
    mine = {"recipient": OPERATOR, "role": "operator"}
    said = world.tell(*(advice(n, **mine) for n in range(6))) + world.pass_time(hours=1)
    assert (len(sent(said)), held(said)) == (5, [("digest", january(6, 8))])
    assert {n.language for n in said if isinstance(n, NudgeSent)} == {"de"}


def test_a_match_is_told_once_to_each_state() -> None:
    world = post()
    said = world.tell(profiled(), announced("proposed"), announced("confirmed"), announced("confirmed", 1))
    told = nudge(said + world.pass_time(hours=1))
    assert (told.items[0].template, told.items[0].kind, told.in_name_of) == (
        "match.confirmed.learner",
        "match",
        MENTOR,
    )
    said = world.tell(announced("ended", 30, reason="mentor_left"), announced("ended", 31)) + world.pass_time(
        days=2
    )
    assert nudge(said).items[0].template == "match.ended.learner"
    assert nudge(said).items[0].figures == (("reason", "mentor_left"),)


@pytest.mark.parametrize("state", ["confirmed", "ended"])
def test_a_match_that_an_earlier_release_told_is_not_told_again(state: str) -> None:
    world = post()
    world.tell(profiled())
    row = world.rows.find(InboxRow, ANA)
    assert row is not None
    world.rows.put(changed(row, pairs=(f"{short(id_of('pair'))}/{state}",)), ANA)
    assert sent(world.tell(announced("confirmed", 1)) + world.pass_time(days=2)) == []


def test_a_match_told_again_after_memory_turned_has_expired() -> None:
    world = post()
    world.tell(profiled(), first := announced("confirmed"))
    world.pass_time(days=1)
    world.tell(advice("one", 24 * 15), advice("two", 24 * 30))
    said = world.tell(first) + world.pass_time(days=2)
    assert (sent(said)[1:], dropped(said)) == ([], ["expired"])


def test_a_match_that_ended_before_it_was_told_is_only_told_as_ended() -> None:
    world = post()
    said = world.tell(
        profiled(), announced("confirmed", 10), announced("ended", 11), announced("confirmed", 12)
    )
    said += world.pass_time(days=2)
    assert dropped(said) == ["resolved"]
    assert nudge(said).items[0].template == "match.ended.learner"


def test_a_mentor_hears_of_a_match_in_the_digest_with_its_learner() -> None:
    world = post()
    world.tell(of_mentor(), announced("confirmed", person=MENTOR, role="mentor", other=ANA))
    item = nudge(world.until(january(6, 9))).items[0]
    assert (item.template, item.learner, item.mentor) == ("match.confirmed.mentor", ANA, MENTOR)


def test_an_end_heard_before_the_beginning_is_all_that_is_told() -> None:
    world = post()
    said = world.tell(profiled(), announced("ended", 1), announced("confirmed", 2)) + world.pass_time(days=3)
    assert nudge(said).items[0].template == "match.ended.learner"


def test_both_ends_of_a_match_are_told_whatever_the_cap_on_rungs() -> None:
    world = post(Policy(inbox=InboxPolicy(rungs_per_episode=1)))
    said = world.tell(profiled(), announced("confirmed"), announced("ended", 24)) + world.pass_time(hours=1)
    assert (len(sent(said)), dropped(said)) == (2, [])


def test_a_mentor_who_travels_west_still_has_one_digest_a_local_day() -> None:
    world = post(Policy(inbox=InboxPolicy(digest_minute=480)))
    world.tell(of_mentor(), to_mentor("one"), to_mentor("two", 21))  # the first digest: the 6th, at 8
    said = world.tell(of_mentor(hours=22, time_zone="Etc/GMT+12")) + world.pass_time(days=2)
    assert [n.local_day for n in said if isinstance(n, NudgeSent)] == ["2026-01-07"]


def test_a_hold_for_the_digest_passes_over_a_local_day_that_had_one() -> None:
    world = post(Policy(inbox=InboxPolicy(digest_minute=480, quiet_from=0, quiet_to=0)))
    world.tell(of_mentor(), to_mentor("one"), of_mentor(hours=20.5, time_zone="Etc/GMT+12"))
    assert held(world.tell(to_mentor("two", 21)) + world.pass_time(minutes=1)) == [("digest", january(7, 20))]


def test_what_waits_is_taken_back_however_much_came_since() -> None:
    """An operator of thousands: of more advice than a row knows, what came first still waits for the morning."""
    world = post()
    first = to_mentor("first", 10, priority=90)
    world.tell(of_mentor(), first, *(to_mentor(n, 10 + n / 1000, priority=20) for n in range(MAX_SEEN)))
    assert dropped(world.tell(withdrawn(first, 11))) == ["resolved"]
    assert all(first.advice not in advised for advised in sent(world.pass_time(hours=40)))


@pytest.mark.parametrize("hours", [10, 24 * 14 - 1])
def test_all_that_waited_for_a_mentor_comes_back_with_the_course_a_roster_lost(hours: int) -> None:
    """As many as can wait, and also where memory turns in between."""
    world = post()
    world.tell(of_mentor(), to_mentor("old", 0.5))
    waited = [to_mentor(n, hours, good_for=168) for n in range(30)]
    world.tell(*waited, *(withdrawn(given, hours + 0.1, "withdrew") for given in waited))
    said = world.tell(*(to_mentor(n, hours + 2, good_for=168) for n in range(30))) + world.pass_time(days=3)
    assert {given.advice for given in waited} == {one for advised in sent(said) for one in advised} - {
        id_of("advice", "old")
    }


def test_no_wording_comes_twice_in_a_row_to_who_hears_of_everything_in_turn() -> None:
    world = post()
    world.tell(of_mentor())
    of_role = sum(name.endswith(".mentor") for name in TEMPLATES)
    said: list[Fact] = []
    for n in range(2 * of_role):
        said += world.tell(to_mentor(n, 24 * n, priority=80, signal=f"s{n % of_role}"))
        said += world.pass_time(hours=1)
    variants = [item.variant for one in said if isinstance(one, NudgeSent) for item in one.items]
    assert variants == [0] * of_role + [1] * of_role
