"""The demo tells in the order of time what came out of many partitions, each nudge with the words people would read."""

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from schemas.fact import Fact
from schemas.matches import LearnerWaitlisted
from schemas.nudges import NudgeHeld
from streams import wording_file
from streams.commands.story import Story
from tests.gateway.post import item, nudge
from tests.gateway.test_board import AT, held, proposed

ROOT = Path(__file__).parents[2]
NEVER = AT + timedelta(days=900)


def told(*heard: Fact, through: tuple[datetime, ...] = (NEVER,), width: int = 200) -> list[str]:
    out = StringIO()
    story = Story(Console(file=out, width=width, emoji=False), wording_file.load(ROOT / "deploy" / "wording"))
    for fact in heard:
        story.hear(fact)
    for at in through:
        story.tell(at)
    return out.getvalue().split("\n")


def waits(minutes: int, learner: str) -> Fact:
    at = AT + timedelta(minutes=minutes)
    return LearnerWaitlisted(
        id=uuid4(), at=at, seen_at=at, source="t", pool="p", learner=learner, since=at, binding="no_skill"
    )


def test_it_is_in_order_and_a_nudge_comes_after_what_caused_it_with_its_words() -> None:
    about = {"course": "alg-1", "figures": (("days", 7), ("last_seen", "2026-03-02"))}
    letter = nudge(1, item().model_copy(update=about))
    letter = letter.model_copy(update={"at": AT})
    lines = told(waits(9, "a:office:late"), letter, proposed())
    assert lines[:2] == ["", "Monday, 2026-03-02 (UTC)"]
    assert [line[:12] for line in lines[2:]] == [
        "09:00  match",
        "09:00  nudge",
        "       “You ",
        "09:09  waits",
        "",
    ]
    assert "a:office:late" in lines[-2]  # and not a picture of an office


def test_what_is_of_the_last_hours_waits_for_what_is_older_and_comes_later() -> None:
    out = StringIO()
    story = Story(Console(file=out, width=200), {})
    story.hear(waits(9, "a:second"))
    story.tell(AT)
    story.hear(waits(3, "a:first"))
    story.tell(AT + timedelta(hours=1))
    story.tell(AT + timedelta(hours=2))
    text = out.getvalue()
    assert 0 < text.index("a:first") < text.index("a:second")
    assert text.count("waits") == 2


def test_without_words_the_decisions_alone_are_told() -> None:
    out = StringIO()
    story = Story(Console(file=out, width=200), {})
    story.hear(nudge(1, item()).model_copy(update={"at": AT}))
    story.tell(AT)
    assert [line[:12] for line in out.getvalue().split("\n")[2:]] == ["09:00  nudge", ""]


def test_what_is_held_is_one_line_and_long_lines_are_indented() -> None:
    again: NudgeHeld = held()
    lines = told(again, again, proposed(), width=60)
    assert lines[-2] == "       held   2 for a better moment: 2 by quiet hours"
    assert all(len(line) <= 60 for line in lines)
    assert all(line.startswith(("09:00", "       ")) for line in lines[2:-1])
