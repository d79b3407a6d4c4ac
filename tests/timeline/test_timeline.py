"""One learner's term: gathered from facts in any order, drawn so that labels do not touch, told in a table too."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from random import Random
from xml.etree import ElementTree

import pytest

from nudging.course_rows import Course as Known
from nudging.hand_ins import LATE
from nudging.marks import mark
from nudging.pulse_rows import PulseRow
from schemas.activity import DeadlineRemoved, DeadlineSet
from schemas.codec import encode
from schemas.erasure import PersonForgotten
from schemas.fact import Fact
from schemas.learners import CourseCompleted, CourseJoined, CourseLeft
from schemas.matches import MatchConfirmed, MatchProposed
from schemas.rows import RowKey
from streams.errors import Trouble
from streams.gateway.learners import shown
from streams.partition import key_bytes, row_bytes
from streams.settings import Settings
from streams.timeline.canvas import Shelf, wide
from streams.timeline.life import Life
from streams.timeline.page import page
from streams.timeline.picture import draw
from streams.timeline.png import png_of
from streams.timeline.reading import life_of
from streams.timeline.telling import heading, rows, summary
from tests.timeline.lives import COURSE, MENTOR, STARTS, made, name, term

ANA, EVIL = "ou:1", "ou:<script>alert('x')</script>\"&"
SVG = "{http://www.w3.org/2000/svg}"


def lived(person: str = ANA) -> Life:
    life = Life(person)
    for fact in term(person):
        life.hear(fact)
    return life


def test_what_was_done_seen_and_said_is_told_with_its_reason() -> None:
    told = [(what, about) for _, what, about in rows(lived())]
    assert ("handed in", "tma1") in told
    assert ("due", "tma2, not handed in") in told
    assert ("graded", "tma1: 65.5 of 100") in told
    assert ("no longer", "L2 silent: recovered") in told
    assert ("1 to learner", "silent, 7 days (sent, held before: quiet hours)") in told
    assert ("2 to mentor", "silent, 7 days (sent)") in told
    assert ("3 to operator", "silent, 7 days (unsaid: resolved)") in told
    assert ("pair ended", f"{MENTOR}: withdrew") in told
    assert not [about for _, about in told if "tma9" in about]


def test_facts_of_each_topic_in_any_order_tell_the_same() -> None:
    """The topics are read one after the other, each in its order; events of a platform come as they will."""
    expected, facts = rows(lived()), term(ANA)
    for seed in range(20):
        life, chance = Life(ANA), Random(seed)
        events = [f for f in facts if f.TOPIC == "learner-facts"]
        joined, *rest = events
        chance.shuffle(rest)
        for topic in ([joined, *rest, *rest], *([f for f in facts if topic_name == f.TOPIC] for topic_name in ("matches", "person-facts", "nudges"))):  # fmt: skip
            for fact in topic:
                life.hear(fact)
        assert rows(life) == expected


def test_a_date_of_one_s_own_goes_before_that_of_the_course_and_the_word_told_last_counts() -> None:
    def due(days: float, told: float, learner: str | None = None) -> Fact:
        at = STARTS + timedelta(days=days)
        fact: Fact = made(DeadlineSet, told, course=COURSE, item="tma2", due_at=at, learner=learner)
        return fact

    life = lived()
    for fact in (
        due(70, 3, ANA),
        due(60, 4),
        due(50, 1),
        made(DeadlineRemoved, 5, course=COURSE, item="tma2"),
    ):
        life.hear(fact)
    assert life.due[COURSE, "tma2"] == STARTS + timedelta(days=70)
    life.hear(made(DeadlineRemoved, 6, course=COURSE, item="tma2", learner=ANA))
    assert (COURSE, "tma2") not in life.due


def test_who_left_and_came_back_is_there() -> None:
    life = lived()
    back = made(CourseJoined, 100, learner=ANA, course=COURSE, programme="p", starts_at=STARTS)
    again = made(CourseJoined, 101, learner=ANA, course=COURSE, programme="p", starts_at=STARTS)
    gone = life.courses[COURSE].over_at
    assert gone is not None
    for fact in (again, back):
        life.hear(fact)
    assert (life.courses[COURSE].over_at, life.courses[COURSE].over) == (None, "")
    assert f"left the course {gone:%d %b %Y}, came back {back.at:%d %b %Y}." in heading(life)[1]
    assert [what for _, what, about in rows(life) if about == COURSE] == [
        "joined", "left the course", "came back",
    ]  # fmt: skip


def test_who_finished_and_is_taken_off_the_roster_has_finished() -> None:
    life = Life(ANA)
    for fact in (
        made(CourseJoined, 0, learner=ANA, course=COURSE, programme="p", starts_at=STARTS),
        made(CourseCompleted, 90, learner=ANA, course=COURSE, outcome="failed"),
        made(CourseLeft, 95, learner=ANA, course=COURSE),
    ):
        life.hear(fact)
    assert life.courses[COURSE].over == "failed"


def test_who_is_asked_to_be_the_mentor_is_one_whose_words_are_read() -> None:
    life = Life(ANA)
    pair = {"pair": name("p"), "learner": ANA, "mentor": MENTOR, "pool": "p"}
    life.hear(made(MatchProposed, 0, answer_by=STARTS, minutes=60, terms=(), round=name("r"), **pair))
    assert life.mentors == {MENTOR}
    assert [(what, about) for _, what, about in rows(life)] == [("asked to accept", MENTOR)]
    assert f"none yet, {MENTOR} was asked" in draw(life)
    life.hear(made(MatchConfirmed, 0, how="automatic", **pair))  # where nobody is asked
    assert [what for _, what, _ in rows(life)] == ["matched"]


def test_what_is_held_no_longer_is_said_and_the_course_taken_from_the_pulse() -> None:
    life = Life(ANA)
    for fact in term(ANA):
        if fact.at > STARTS:  # all before is gone
            life.hear(fact)
    assert heading(life)[1] == "Nothing is known of a course."
    life.since = STARTS
    life.remember(PulseRow(courses={COURSE: Known(joined_at=STARTS - timedelta(days=40), starts_at=STARTS)}))
    title, about = heading(life)
    assert title == f"{ANA} in {COURSE}"
    assert about.startswith("Joined 22 Aug 2013, left the course ")
    assert "Before 01 Oct 2013 no event is held any more" in about
    assert "Before 01 Oct 2013" in page(life)


class Message:
    def __init__(self, key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> None:
        self.key, self.value, self.headers, self.partition = (
            lambda: key,
            lambda: value,
            lambda: headers,
            lambda: 0,
        )


def test_from_a_topic_that_has_lost_its_oldest_the_time_of_the_first_record_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held, rows = [fact for fact in term(ANA) if fact.at > STARTS], list[PulseRow]()
    for days in (30, 40):  # the last row counts
        rows.append(PulseRow(courses={COURSE: Known(joined_at=STARTS - timedelta(days=days))}))

    def read(
        settings: Settings, topic: str, parts: list[int], until: float, lost: set[int]
    ) -> Iterator[Message]:
        lost.update({0} if begins else ())
        for fact in held:
            if settings.topic(fact.TOPIC) == topic:
                wire = encode(fact)
                yield Message(wire.key, wire.value, list(wire.headers))
        if topic == settings.topic("pulses-rows"):
            for row in rows:
                yield Message(key_bytes(RowKey(PulseRow.KIND, ANA)), row_bytes(row), [])

    monkeypatch.setattr("streams.timeline.reading._records", read)
    begins = 7
    life = life_of(Settings(partitions=1), ANA, ())
    assert life.since == min(fact.seen_at for fact in held if fact.TOPIC == "learner-facts")
    assert life.courses[COURSE].joined_at == STARTS - timedelta(days=40)
    begins = 0
    life = life_of(Settings(partitions=1), ANA, ())
    assert (life.since, life.courses) == (None, {})


@pytest.mark.parametrize(("over", "told"), [("withdrew", "left the course"), ("done", "completed")])
def test_an_end_that_only_the_pulse_knows_is_told(over: str, told: str) -> None:
    life, ended = Life(ANA), STARTS + timedelta(days=9)
    life.remember(PulseRow(courses={COURSE: Known(joined_at=STARTS, over_at=ended, over=over)}))
    assert (life.courses[COURSE].over, life.courses[COURSE].over_at) == (told, ended)
    erased = Life(ANA)
    erased.hear(made(PersonForgotten, 70, person=ANA))
    erased.remember(PulseRow(courses={COURSE: Known(joined_at=STARTS)}))
    assert erased.courses == {}


def test_work_that_only_the_pulse_knows_to_be_in_is_not_told_to_be_missing() -> None:
    """As where a platform tells its dates anew, months after the work was handed in."""
    life = Life(ANA)
    life.since = STARTS + timedelta(days=100)
    for item in ("known", "long ago", "late", "missing"):
        due = STARTS + timedelta(days=20)
        life.hear(made(DeadlineSet, 101, course=COURSE, item=item, due_at=due))
    marks = "".join(sorted((mark("long ago"), mark(f"{LATE}late"))))
    known = Known(joined_at=STARTS, submitted={"known": STARTS + timedelta(days=19)}, marks=marks)
    life.remember(PulseRow(courses={COURSE: known}))
    assert heading(life)[1].endswith("3 of 4 pieces of work handed in, 1 of them late.")
    assert [about for _, what, about in rows(life) if what == "due" and "not" in about] == [
        "missing, not handed in"
    ]
    ElementTree.fromstring(draw(life))


def test_other_people_s_facts_leave_no_trace() -> None:
    life = Life("ou:2")
    for fact in term(ANA):
        life.hear(fact)
    assert (life.courses, life.clicks, life.words, life.episodes, life.pairs) == ({}, {}, {}, {}, {})


def test_of_an_erased_person_nothing_is_shown() -> None:
    life = lived()
    life.hear(made(PersonForgotten, 70, person=ANA))
    for fact in term(ANA):
        life.hear(fact)
    found = shown(life)
    assert (found.status, COURSE in found.html) == (410, False)
    assert shown(Life(ANA)).status == 404


@pytest.mark.parametrize("person", [ANA, EVIL])
def test_the_picture_is_sound_without_script_or_style_and_names_itself(person: str) -> None:
    svg = draw(lived(person))
    root = ElementTree.fromstring(svg)
    assert root.get("width") == "1200"
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "tl-title tl-about")
    assert root.findtext(f"{SVG}title") == f"{person} in {COURSE}"
    assert root.findtext(f"{SVG}desc") == summary(lived(person))
    assert {element.tag for element in root.iter()} <= {
        SVG + tag for tag in ("svg", "title", "desc", "g", "rect", "line", "text", "circle", "polygon")
    }
    assert not [element for element in root.iter() if "style" in element.attrib or "onload" in element.attrib]


def test_no_text_runs_out_of_the_picture() -> None:
    root = ElementTree.fromstring(draw(lived("ou:" + "x" * 120)))
    for each in root.iter(f"{SVG}text"):
        long, x = wide(each.text or "", float(each.get("font-size", "12"))) * 0.95, float(each.get("x", "0"))
        start = {"start": x, "middle": x - long / 2, "end": x - long}[each.get("text-anchor", "start")]
        if each.get("font-size") != "20":
            assert start > -2, each.text
            assert start + long < 1202, each.text


def test_labels_on_a_shelf_never_touch() -> None:
    chance = Random(3)
    spots: dict[int, list[tuple[float, float]]] = {}
    shelf = Shelf(3)
    for x in sorted(chance.uniform(0, 1000) for _ in range(200)):
        level = shelf.place(x, 20)
        if level is not None:
            spots.setdefault(level, []).append((x - 10, x + 10))
    assert sorted(spots) == [0, 1, 2]
    for taken in spots.values():
        assert all(before[1] <= after[0] for before, after in pairwise(taken))


def test_the_page_tells_everything_in_a_table_too() -> None:
    html = page(lived(EVIL), home="/")
    assert "<script" not in html
    assert html.count("<tr>") == len(rows(lived(EVIL))) + 1
    assert summary(lived(EVIL)).split(".")[0] in html


def test_a_term_without_a_mark_is_drawn_all_the_same() -> None:
    assert draw(Life(ANA)).startswith("<svg")


def test_a_picture_becomes_a_png_or_the_reason_is_told() -> None:
    try:
        png = png_of(draw(lived()))
    except Trouble as trouble:
        pytest.skip(str(trouble))
    assert png.startswith(b"\x89PNG")
    assert len(png) < 200_000
