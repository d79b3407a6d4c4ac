"""A nudge becomes a letter: names where they are known, dates and counts in the person's language."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from nudging.letters import Letter, Unsayable, letter, say
from schemas.nudges import NudgeItem, NudgeSent
from tests.nudging.test_wording import SHIPPED

AT = datetime(2026, 3, 9, 9, tzinfo=UTC)
NAMES = {"lms:7": "Ana", "lms:m1": "Ada", "alg-1": "Algebra"}


def item(template: str = "L2.1.learner", variant: int = 0, **fields: Any) -> NudgeItem:
    told: dict[str, Any] = {
        "learner": "lms:7", "course": "alg-1", "figures": (("days", 7), ("last_seen", "2026-03-02"))
    } | fields  # fmt: skip
    return NudgeItem(
        advice=uuid4(), episode=uuid4(), kind="reengage", signal="L2", rung=1, template=template, variant=variant, **told
    )  # fmt: skip


def sent(*items: NudgeItem, mentor: str | None = None) -> NudgeSent:
    return NudgeSent(
        id=uuid4(), at=AT, seen_at=AT, source="test", nudge=uuid4(), recipient="lms:7", role="learner", channel="mail",
        language="en", items=items, expires_at=AT, priority=50, local_day="2026-03-09", in_name_of=mentor,
    )  # fmt: skip


def test_a_learner_with_a_mentor_hears_from_the_mentor() -> None:
    found = letter(sent(item(mentor="lms:m1"), mentor="lms:m1"), SHIPPED["en"], NAMES)
    assert found == Letter(
        "You and Algebra",
        "Hello Ana,\n\nYou were last in Algebra on 2 March. How is it going? One line to me is enough.\n\nAda, your mentor",
    )


def test_a_learner_without_a_mentor_hears_from_the_course_team() -> None:
    found = letter(sent(item()), SHIPPED["en"], NAMES)
    assert found.text.endswith("on 2 March. Ten minutes today will bring you back in.\n\nYour course team")


def test_german_has_its_own_dates_and_counts() -> None:
    assert "am 2. März" in say(item(), SHIPPED["de"], NAMES).text
    assert "Seit 7 Tagen" in say(item(variant=2), SHIPPED["de"], NAMES).text
    assert "Seit 1 Tag " in say(item(variant=2, figures=(("days", 1),)), SHIPPED["de"], NAMES).text


def test_a_variant_beyond_the_texts_starts_over() -> None:
    assert say(item(variant=3), SHIPPED["en"], NAMES) == say(item(variant=0), SHIPPED["en"], NAMES)


def test_without_names_ids_are_read_without_their_platform() -> None:
    assert "7 was last seen in alg-1" in say(item("L2.2.mentor", mentor="lms:m1"), SHIPPED["en"], {}).text


def test_a_digest_holds_its_pieces_below_each_other() -> None:
    found = letter(sent(item("L2.2.mentor"), item("L2.2.mentor", 1)), SHIPPED["en"], NAMES)
    assert found.subject == "2 notes for you today"
    assert len(found.text.split("\n\n")) == 4


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("module Sets", "You finished the module Sets in Algebra."),
        ("progress 500", "You reached the middle of the course in Algebra."),
        ("return 2026-03-09", "You came back after a time away in Algebra."),
        ("course passed", "You passed the course in Algebra."),
    ],
)
def test_what_was_reached_is_said_in_words(what: str, words: str) -> None:
    found = say(item("L9.1.learner", figures=(("what", what),)), SHIPPED["en"], NAMES)
    assert found.text.startswith(words)


def test_a_share_is_said_as_one() -> None:
    one = item("L7.1.mentor", 1, figures=(("item", "essay"), ("score_permille", 555)))
    assert "is in: 56%." in say(one, SHIPPED["en"], NAMES).text
    assert "ist da: 56 %." in say(one, SHIPPED["de"], NAMES).text
    assert (
        "is in. Tell" in say(item("L7.1.mentor", 1, figures=(("item", "essay"),)), SHIPPED["en"], NAMES).text
    )


def test_names_from_outside_are_never_read_as_parameters() -> None:
    assert "in {mentor} [x: y] on" in say(item(course="{mentor} [x: y]"), SHIPPED["en"], {}).text


@pytest.mark.parametrize("template", ["L99.1.learner", "nonsense", "L2.1.operator"])
def test_what_there_are_no_words_for_is_said_so(template: str) -> None:
    with pytest.raises(Unsayable, match=template):
        say(item(template), SHIPPED["en"], NAMES)


def test_a_figure_that_is_not_told_is_named() -> None:
    with pytest.raises(Unsayable, match=r"L2.1.learner names \{last_seen\}, which is not told"):
        say(item(figures=()), SHIPPED["en"], NAMES)


def test_nought_and_a_value_without_words_are_as_if_they_were_not_told() -> None:
    stuck = item("L6.1.learner", figures=(("item", "quiz"), ("fails", 0), ("hints", 2)))
    assert "tries" not in say(stuck, SHIPPED["en"], NAMES).text
    fresh = item(
        "L3.1.mentor", figures=(("active_days", 1), ("week", "2026-03-02"), ("own_median", "not known yet"))
    )
    assert say(fresh, SHIPPED["en"], NAMES).text.startswith(
        "Ana was in Algebra on 1 day in the week of 2 March. Ask how"
    )


def test_what_is_told_again_each_week_is_said_in_other_words() -> None:
    figures = (("nights", 5), ("open_courses", 5))
    weeks = [item(f"L10.{rung}.mentor", course=None, figures=figures) for rung in (1, 2, 3, 4)]
    said = [say(week, SHIPPED["en"], NAMES).text for week in weeks]
    assert len(set(said[:3])) == 3
    assert said[3] == said[0]


def test_weeks_in_a_row_are_counted_in_words() -> None:
    streak = item("L9.1.learner", figures=(("what", "streak 4 weeks"),))
    assert say(streak, SHIPPED["en"], NAMES).text.startswith(
        "You kept at it for 4 weeks in a row in Algebra."
    )
    assert say(streak, SHIPPED["de"], NAMES).text.startswith("Du hast 4 Wochen nacheinander durchgehalten")
