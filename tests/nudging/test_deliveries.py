"""What became of a nudge: a lost one is told outside once, and counts as heard all the same."""

from typing import Any

from schemas.fact import Fact
from schemas.nudges import NudgeDelivered, NudgeFailed, NudgeUndelivered
from tests.memory import only
from tests.nudging.post import ANA, advice, held, id_of, made, nudge, post, profiled


def failed(hours: float, name: object = "one", **fields: Any) -> Fact:
    told: dict[str, Any] = {
        "person": ANA, "nudge": id_of(name), "channel": "platform", "webhook": "academy", "code": "http_500",
    } | fields  # fmt: skip
    return made(NudgeFailed, hours, **told)


def test_a_lost_nudge_is_told_outside_once() -> None:
    world = post()
    world.tell(profiled())
    [lost] = only(world.tell(failed(1), failed(2)) + world.pass_time(hours=1), NudgeUndelivered)
    assert isinstance(lost, NudgeUndelivered)
    assert (lost.recipient, lost.nudge, lost.webhook, lost.code) == (ANA, id_of("one"), "academy", "http_500")
    assert len(only(world.tell(failed(3, webhook="second")), NudgeUndelivered)) == 1


def test_what_arrived_or_will_be_tried_again_is_no_news() -> None:
    world = post()
    world.tell(profiled())
    before = dict(world.rows.stored)
    arrived = made(NudgeDelivered, 1, person=ANA, nudge=id_of("one"), channel="mail")
    assert world.tell(arrived, failed(2, permanent=False)) == []
    assert world.rows.stored == before


def test_nothing_is_kept_of_a_person_nobody_knows() -> None:
    world = post()
    assert world.tell(failed(1)) == []
    assert world.rows.stored == {}


def test_a_lost_nudge_frees_no_cap_as_it_may_have_been_heard() -> None:
    world = post()
    one, two = advice("one"), advice("two", 1)
    told = nudge(world.tell(profiled(), one) + world.pass_time(minutes=1))
    world.tell(failed(1, nudge=told.nudge))
    assert [reason for reason, _ in held(world.tell(two) + world.pass_time(hours=1))] == ["daily_cap"]


def test_a_thousand_lost_nudges_leave_a_small_row() -> None:
    world = post()
    world.tell(profiled())
    world.tell(*(failed(n / 100, n) for n in range(1000)))
    assert sum(len(raw) for raw in world.rows.stored.values()) < 1200


def test_advice_carries_its_programme_to_the_nudge() -> None:
    world = post()
    told = nudge(world.tell(profiled(), advice("one", programme="nursing")) + world.pass_time(minutes=1))
    assert told.items[0].programme == "nursing"
