"""Before a policy is adopted an operator sees who would hear more or less of what, over events that did happen."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from rich.console import Console

from schemas.fact import Fact
from schemas.learners import LearnerEnrolled, LearnerWithdrew
from schemas.mentors import MentorJoined, MentorLeft
from schemas.policy import InboxPolicy, Policy
from schemas.pulse_policy import PulsePolicy
from streams.errors import Usage
from streams.history import nudged
from streams.proportions import Group
from streams.settings import Settings
from streams.simulate import Shape, lives
from streams.volume import People, Stretch, Volume
from streams.what_if import WhatIf
from tests.replay.test_effect import nudged as told_of

START = datetime(2026, 1, 5, tzinfo=UTC)
OLD = Policy(version="old")
NEW = Policy(
    version="new",
    pulse=PulsePolicy(off=("L9",), silence_watch_days=3, silence_learner_days=4),
    inbox=InboxPolicy(learner_a_week=1),
)
FACTS = list(lives(Shape(seed=5, learners=10, mentors=3, days=20), START))


def day(days: float) -> datetime:
    return START + timedelta(days=days)


def no_bar(items: list[Any], what: str) -> Iterable[Any]:
    return items


def what_if(new: Policy = NEW, **span: datetime) -> WhatIf:
    return nudged(Settings(partitions=1), FACTS, OLD, new, no_bar, **span)


@pytest.fixture(scope="module")
def found() -> WhatIf:
    return what_if()


def test_the_same_policy_changes_nothing() -> None:
    same = what_if(OLD)
    assert same.changes() == []
    assert all(line["pieces_now"] == line["pieces_then"] for line in same.heard())
    assert all(line["now"] == line["then"] for line in same.unsaid())
    assert any(line["pieces_now"] for line in same.heard())


def test_a_signal_that_is_off_is_heard_no_more_and_a_lower_cap_holds_more_back(found: WhatIf) -> None:
    praise = [line for line in found.heard() if line["kind"] == "celebrate"]
    assert praise
    assert all(line["pieces_now"] > 0 == line["pieces_then"] for line in praise)
    capped = [line for line in found.unsaid() if line["reason"] == "held: weekly_cap"]
    assert sum(line["then"] for line in capped) > sum(line["now"] for line in capped)


def test_who_hears_more_or_less_adds_up(found: WhatIf) -> None:
    by_role = {line["role"]: line for line in found.roles()}
    for role, line in by_role.items():
        changes = [by for by, of, _ in found.changes() if of == role]
        assert sum(changes) == line["nudges_then"] - line["nudges_now"]
        assert (line["hear_more"], line["hear_less"]) == (
            sum(n > 0 for n in changes),
            sum(n < 0 for n in changes),
        )
    assert by_role["learner"]["hear_less"] > 0
    assert by_role["learner"]["a_week_now"] == pytest.approx(
        by_role["learner"]["nudges_now"] / by_role["learner"]["person_weeks"], abs=0.001
    )


def test_only_the_stretch_asked_for_is_counted_and_what_came_before_is_lived(found: WhatIf) -> None:
    late = what_if(since=day(10), until=day(16))
    for line in late.roles():
        whole = next(other for other in found.roles() if other["role"] == line["role"])
        assert line["nudges_now"] <= whole["nudges_now"]
        assert line["person_weeks"] <= whole["person_weeks"]
    assert late.stretch == Stretch(day(10), day(16))
    assert 0 < sum(late.now.nudges.values()) < sum(found.now.nudges.values())


def test_a_stretch_beyond_what_is_held_is_refused() -> None:
    with pytest.raises(Usage, match="the events held are from 2026-01-0"):
        what_if(since=day(100))


def test_it_is_shown_as_tables(found: WhatIf) -> None:
    page = io.StringIO()
    found.show(Console(file=page, width=200))
    for words in ("under old", "under new", "Who hears more or less", "celebrate", "held: weekly_cap"):
        assert words in page.getvalue()


# --- what is counted -------------------------------------------------------------------------------


def made(cls: type[Any], days: float, **fields: Any) -> Fact:
    fact: Fact = cls(id=uuid4(), at=day(days), seen_at=day(days), source="ou", programme="P", **fields)
    return fact


PEOPLE = People(
    [
        made(LearnerEnrolled, 0, learner="ou:1", course="A"),
        made(LearnerEnrolled, 0, learner="ou:2", course="A"),
        made(LearnerEnrolled, 7, learner="ou:2", course="B"),
        made(LearnerWithdrew, 14, learner="ou:2", course="A"),
        made(LearnerWithdrew, 21, learner="ou:2", course="B"),
        made(MentorJoined, 0, mentor="ou:m"),
        made(MentorLeft, 7, mentor="ou:m"),
    ]
)


def test_person_weeks_end_when_the_last_course_does() -> None:
    assert PEOPLE.weeks("learner", Stretch(day(0), day(28))) == 4 + 3
    assert PEOPLE.weeks("learner", Stretch(day(14), day(28))) == 2 + 1
    assert PEOPLE.weeks("mentor", Stretch(day(0), day(28))) == 1


def test_a_withdrawal_counts_as_foreseen_for_four_weeks_and_an_end_that_is_not_known_not_at_all() -> None:
    volume = Volume(Stretch(day(-30), day(60)))
    for learner in ("ou:1", "ou:2"):
        volume.hear(told_of(learner, False, 10))
    assert volume.foreseen("reengage", "learner", PEOPLE, known_until=day(50)) == Group(2, 1)
    assert volume.foreseen("reengage", "learner", PEOPLE, known_until=day(30)) == Group(1, 1)
    early = Volume(Stretch(day(-30), day(60)))
    early.hear(told_of("ou:2", False, -20))
    assert early.foreseen("reengage", "learner", PEOPLE, known_until=day(90)) == Group(1, 0)
