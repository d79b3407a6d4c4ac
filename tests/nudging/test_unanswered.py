"""L8: a question waits for an answer: a day, then the mentor hears, three, then the operator."""

from nudging.pulse_rows import PulseRow
from nudging.reference_rows import MAX_ASKERS, ForumRow
from schemas.study import QuestionAnswered, QuestionAsked
from tests.nudging.life import (
    ANA,
    COURSE,
    MENTOR,
    NAMES,
    OPERATOR,
    Life,
    active,
    alone,
    closed,
    day,
    figures,
    joined,
    late,
    left,
    made,
    matched,
    met,
    opened,
    told,
    wrote,
)

ALONE = alone("L8")


def studying() -> Life:
    life = Life(ALONE)
    life.tell(joined(0), active(0.1), matched(0), met(0.2))
    return life


def asked(days: float, thread: str = "t1", **fields: object) -> QuestionAsked:
    return made(QuestionAsked, day(days), learner=ANA, course=COURSE, thread=thread, **fields)  # type: ignore[no-any-return]


def answered(days: float, thread: str = "t1", by: str | None = None) -> QuestionAnswered:
    return made(QuestionAnswered, day(days), course=COURSE, thread=thread, by=by)  # type: ignore[no-any-return]


def test_asking_is_watched_and_nobody_hears() -> None:
    life = studying()
    life.tell(asked(2))
    said = life.live(2.1)
    assert (len(opened(said, "L8")), told(said)) == (1, [])


def test_a_day_the_mentor_and_three_days_the_operator() -> None:
    life = studying()
    life.tell(asked(2))
    assert told(life.live(2.95)) == []
    said = life.live(3.1)
    assert told(said) == [("L8", 1, MENTOR)]
    assert figures(said, "L8")["thread"] == "t1"
    assert told(life.live(4.95)) == []
    assert told(life.live(5.1)) == [("L8", 2, OPERATOR)]


def test_any_answer_ends_it() -> None:
    life = studying()
    life.tell(asked(2))
    assert closed(life.tell(answered(2.5, by="ou:bob")), "L8") == ["recovered"]
    assert told(life.live(10)) == []


def test_nobody_answers_themself() -> None:
    life = studying()
    life.tell(asked(2))
    assert closed(life.tell(answered(2.5, by=ANA)), "L8") == []
    assert told(life.live(3.1)) == [("L8", 1, MENTOR)]


def test_a_question_to_the_mentor_is_answered_by_any_word_of_theirs() -> None:
    life = studying()
    life.tell(asked(2, to_mentor=True))
    assert closed(life.tell(wrote(2.4, "learner")), "L8") == []
    assert closed(life.tell(wrote(2.5, "mentor")), "L8") == ["recovered"]


def test_a_question_to_all_is_not() -> None:
    life = studying()
    life.tell(asked(2))
    assert closed(life.tell(wrote(2.5, "mentor")), "L8") == []


def test_an_answer_told_before_its_question_counts() -> None:
    life = studying()
    life.tell(answered(2.5, by="ou:bob"))
    said = life.tell(late(asked(2), 3))
    assert (opened(said, "L8"), told(life.live(10))) == ([], [])


def test_it_is_let_go_after_two_weeks() -> None:
    life = studying()
    life.tell(asked(2))
    assert closed(life.live(15.9), "L8") == []
    assert closed(life.live(16.1), "L8") == ["expired"]
    assert told(life.live(30)) == []


def test_leaving_ends_it() -> None:
    life = studying()
    life.tell(asked(2))
    assert closed(life.tell(left(3)), "L8") == ["withdrew"]


def test_question_and_answer_told_twice_change_nothing_twice() -> None:
    life = studying()
    question, answer = asked(2), answered(2.5)
    assert closed(life.tell(question, question, answer, late(answer, 3), late(question, 3)), "L8") == [
        "recovered"
    ]
    assert told(life.live(10)) == []


def test_after_one_answered_the_next_open_one_is_told() -> None:
    life = studying()
    life.tell(asked(2), asked(2.2, "t2"))
    said = life.tell(answered(2.5))
    assert [dict(f.figures)["thread"] for f in opened(said, "L8")] == ["t2"]
    assert told(life.live(3.3)) == [("L8", 1, MENTOR)]


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = studying()
    life.tell(asked(2))
    again = life.restarted()
    assert closed(again.tell(answered(2.5)), "L8") == ["recovered"]


def test_what_is_kept_of_a_busy_forum_is_bounded() -> None:
    life = studying()
    life.tell(*(answered(2 + n / 10_000, f"t{n}") for n in range(300)))
    forum = life.rows.find(ForumRow, COURSE)
    assert forum is not None
    assert (len(forum.early), len(forum.askers)) == (64, 0)


def test_questions_of_long_ago_are_forgotten_and_told_again_they_open_nothing() -> None:
    life = Life(ALONE, every=24)
    life.tell(joined(0), active(0.1), matched(0), met(0.2), asked(2), answered(2.5))
    life.live(20)
    assert _threads(life) == {"t1"}
    life.live(30)
    assert _threads(life) == set()
    said = life.tell(late(asked(2), 30), late(answered(2.5), 30)) + life.live(36)
    assert (opened(said, "L8"), told(said)) == ([], [])


def _threads(life: Life) -> set[str]:
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    work = pulse.courses[COURSE].work
    return set() if work is None else set(work.questions)


def test_in_a_busy_forum_what_is_answered_makes_room_for_what_is_not() -> None:
    life = studying()
    life.tell(asked(2))
    for n in range(MAX_ASKERS + 10):
        at = 2.1 + n / 10_000
        life.tell(
            made(QuestionAsked, day(at), learner=f"ou:b{n}", course=COURSE, thread=f"b{n}"), answered(at + 0.001, f"b{n}")
        )  # fmt: skip
    forum = life.rows.find(ForumRow, COURSE)
    assert forum is not None
    assert set(forum.askers) == {"t1"}
    assert closed(life.tell(answered(2.9)), "L8") == ["recovered"]


def test_an_answer_dated_before_its_question_leaves_it_to_be_answered() -> None:
    """As where the clocks of two platforms differ."""
    life = studying()
    life.tell(asked(2))
    assert closed(life.tell(late(answered(1.9), 2.1)), "L8") == []
    assert closed(life.tell(answered(2.5)), "L8") == ["recovered"]


def test_a_second_answer_to_an_earlier_question_of_the_thread_answers_no_later_one() -> None:
    life = studying()
    life.tell(joined(0, learner="ou:bob"), asked(2), answered(2.2), answered(2.4))
    life.tell(made(QuestionAsked, day(5), learner="ou:bob", course=COURSE, thread="t1"))
    assert told(life.live(5.9)) == []
    assert closed(life.tell(answered(5.95)), "L8") == ["recovered"]
    assert told(life.live(12)) == []


def test_a_question_that_the_mentor_before_answered_is_none_to_the_next() -> None:
    life = studying()
    life.tell(asked(2, to_mentor=True), wrote(2.5, "mentor"))
    life.live(5)
    said = life.tell(matched(5, 2, "ended"), matched(5.1, 3).model_copy(update={"pair": NAMES}))
    assert told(said + life.live(10)) == []
