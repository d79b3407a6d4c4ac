"""L14: a tool failed at its first use, or a needed one was never opened: the learner hears once."""

import pytest

from nudging.reference_rows import MAX_REQUIRED
from schemas.fact import Fact
from schemas.study import ToolFailed, ToolOpened, ToolRequired
from tests.nudging.life import (
    ANA,
    COURSE,
    Life,
    active,
    alone,
    closed,
    day,
    figures,
    in_any_order,
    joined,
    late,
    left,
    made,
    told,
)

ALONE = alone("L14")
HEARS = [("L14", 1, ANA)]


def studying(*facts: Fact) -> Life:
    life = Life(ALONE)
    life.tell(*facts, joined(0), active(1))
    return life


def required(days: float, tool: str = "lab") -> Fact:
    return made(ToolRequired, day(days), course=COURSE, tool=tool)  # type: ignore[no-any-return]


def used(cls: type[ToolFailed] | type[ToolOpened], days: float, tool: str = "lab") -> Fact:
    return made(cls, day(days), learner=ANA, course=COURSE, tool=tool)  # type: ignore[no-any-return]


def test_a_first_use_that_fails_is_told_at_once_and_only_once() -> None:
    life = studying()
    said = life.tell(used(ToolFailed, 2))
    assert told(said) == HEARS
    assert figures(said, "L14")["what"] == "failed"
    assert told(life.tell(used(ToolFailed, 2.5))) == []
    assert told(life.live(30)) == []


def test_a_tool_that_worked_before_is_not_this() -> None:
    life = studying()
    life.tell(used(ToolOpened, 1.5))
    assert told(life.tell(used(ToolFailed, 2))) == []


def test_opened_after_the_failure_it_ends() -> None:
    life = studying()
    life.tell(used(ToolFailed, 2))
    assert closed(life.tell(used(ToolOpened, 2.5)), "L14") == ["recovered"]


def test_a_needed_tool_unopened_three_days_after_the_first_activity() -> None:
    life = studying(required(-1))
    assert told(life.live(3.95)) == []
    said = life.live(4.1)
    assert told(said) == HEARS
    assert figures(said, "L14")["what"] == "not opened"


@pytest.mark.parametrize("opened", [1.5, 3.9])
def test_opened_in_time_nobody_hears(opened: float) -> None:
    life = studying(required(-1))
    life.tell(used(ToolOpened, opened))
    assert told(life.live(30)) == []


def test_a_tool_nobody_needs_may_stay_unopened() -> None:
    assert told(studying().live(30)) == []


def test_it_is_let_go_after_two_weeks() -> None:
    life = studying(required(-1))
    life.live(14.9)
    assert closed(life.live(15.1), "L14") == ["expired"]
    assert told(life.live(40)) == []


def test_leaving_ends_it() -> None:
    life = studying()
    life.tell(used(ToolFailed, 2))
    assert closed(life.tell(left(3)), "L14") == ["withdrew"]


def test_told_twice_it_is_said_once() -> None:
    life = studying()
    fact = used(ToolFailed, 2)
    assert told(life.tell(fact, fact, late(fact, 2.5))) == HEARS


def test_an_opening_told_before_the_failure_it_followed_opens_nothing() -> None:
    life = studying()
    life.tell(used(ToolOpened, 2.5))
    assert told(life.tell(late(used(ToolFailed, 2), 3))) == []


def test_uses_in_any_order_leave_the_same_pulse() -> None:
    facts = [used(ToolFailed, 2), used(ToolFailed, 2.2, "chat"), used(ToolOpened, 2.4, "chat")]
    states = {str(courses) for _, _, courses in in_any_order(ALONE, [joined(0), active(1)], facts, 3)}
    assert len(states) == 1


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying(required(-1))
    life.live(3)
    assert told(life.restarted().live(4.1)) == HEARS


def test_every_tool_of_a_course_that_needs_many_is_known_to_work() -> None:
    tools = [f"t{n}" for n in range(MAX_REQUIRED)]
    life = studying(*(required(0, tool) for tool in tools))
    said = life.tell(*(used(ToolOpened, 1 + n / 100, tool) for n, tool in enumerate((*tools, "a", "b"))))
    assert told(said + life.live(8)) == []
