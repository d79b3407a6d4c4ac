"""M3: a message waits for its answer: who owes it hears at 7, 14, 21 days, the operator at 28, at 35 the pair ends."""

from itertools import permutations
from uuid import uuid5

import pytest

from nudging.pulse_rows import PulseRow
from schemas.activity import MessageSent
from schemas.matches import MatchAnnounced, PairLapsed
from tests.memory import only
from tests.nudging.life import (
    ANA,
    MENTOR,
    NAMES,
    OPERATOR,
    PAIR,
    Life,
    active,
    alone,
    closed,
    day,
    deadline,
    figures,
    joined,
    late,
    left,
    made,
    matched,
    met,
    rest,
    told,
    wrote,
)

ALONE = alone("M3")


def pair() -> Life:
    life = Life(ALONE, every=6)
    life.tell(joined(0), active(0.1), matched(0), met(0.2))
    return life


@pytest.mark.parametrize(("sender", "owes"), [("learner", MENTOR), ("mentor", ANA)])
def test_it_climbs_to_who_owes_then_to_the_operator_then_the_pair_ends(sender: str, owes: str) -> None:
    life = pair()
    life.tell(wrote(1, sender))
    assert told(life.live(7.9)) == []
    assert told(life.live(8.3)) == [("M3", 1, owes)]
    assert told(life.live(14.9)) == []
    assert told(life.live(15.3)) == [("M3", 2, owes)]
    assert told(life.live(22.3)) == [("M3", 3, owes)]
    assert told(life.live(29.3)) == [("M3", 4, OPERATOR)]
    said = life.live(36.3)
    assert told(said) == [("M3", 5, OPERATOR)]
    assert [(f.reason, f.silent_days) for f in only(said, PairLapsed)] == [("no_reply", 35)]  # type: ignore[attr-defined]


def test_with_graded_deadlines_it_takes_half_the_time() -> None:
    life = pair()
    life.tell(deadline(80), wrote(1, "learner"))
    assert told(life.live(4.4)) == []
    said = life.live(4.8)
    assert told(said) == [("M3", 1, MENTOR)]
    assert figures(said, "M3")["owes"] == "mentor"


def test_an_answer_ends_it() -> None:
    life = pair()
    life.tell(wrote(1, "learner"))
    life.live(8.3)
    assert closed(life.tell(wrote(9, "mentor")), "M3") == ["recovered"]


def test_a_meeting_answers_too() -> None:
    life = pair()
    life.tell(wrote(1, "learner"), met(5))
    assert told(life.live(30)) == []


def test_a_chaser_does_not_start_the_time_anew() -> None:
    life = pair()
    life.tell(wrote(1, "learner"), wrote(6, "learner"))
    assert told(life.live(8.3)) == [("M3", 1, MENTOR)]


def test_a_message_that_wants_no_answer_waits_for_none() -> None:
    life = pair()
    fact = made(
        MessageSent, day(1), learner=ANA, pair=PAIR, mentor=MENTOR, sender="learner", expects_reply=False
    )
    life.tell(fact)
    assert told(life.live(30)) == []


def test_the_answer_that_asks_back_turns_it_round() -> None:
    life = pair()
    life.tell(wrote(1, "learner"), wrote(2, "mentor"))
    assert told(life.live(9.3)) == [("M3", 1, ANA)]


def test_the_end_of_the_pair_ends_it() -> None:
    life = pair()
    life.tell(wrote(1, "learner"))
    life.live(8.3)
    assert closed(life.tell(matched(9, rev=2, state="ended")), "M3") == ["ended"]


def test_who_left_owes_nothing() -> None:
    life = pair()
    life.tell(wrote(1, "mentor"), left(2))
    assert told(life.live(30)) == []


def test_messages_in_any_order_and_twice_leave_the_same_talk() -> None:
    facts = [wrote(1, "learner"), wrote(2, "mentor"), wrote(3, "learner"), wrote(4, "learner")]
    talks = set()
    for order in permutations(facts):
        life = pair()
        life.tell(*(late(fact, 5) for fact in (*order, *order)))
        pulse = life.rows.find(PulseRow, ANA)
        assert pulse is not None
        talks.add(pulse.talk.model_dump_json())
    assert len(talks) == 1


def test_a_thousand_messages_are_a_few_instants() -> None:
    life = pair()
    life.tell(*(wrote(1 + n / 1000, "learner") for n in range(1000)))
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert len(pulse.talk.learner_asks) == 4
    assert told(life.live(8.3)) == [("M3", 1, MENTOR)]


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = pair()
    life.tell(wrote(1, "learner"))
    life.live(8.3)
    assert told(life.restarted().live(15.3)) == [("M3", 2, MENTOR)]


def test_on_a_break_from_everything_a_learner_owes_nothing_and_counts_anew_after_it() -> None:
    life = pair()
    life.tell(wrote(1, "mentor"), rest(2, 60))
    assert told(life.live(59)) == []
    assert only(life.live(66.9), PairLapsed) == []
    said = life.live(67.3)
    assert told(said) == [("M3", 1, ANA)]
    assert figures(said, "M3")["asked"] == day(1).date().isoformat()


def test_a_break_declared_while_a_reply_is_owed_ends_it_for_the_break_alone() -> None:
    life = pair()
    life.tell(wrote(1, "mentor"))
    assert told(life.live(8.3)) == [("M3", 1, ANA)]
    assert closed(life.tell(rest(9, 60)), "M3") == ["superseded"]
    assert told(life.live(67.3)) == [("M3", 1, ANA)]


def test_what_a_mentor_owes_is_owed_while_the_learner_is_on_a_break_too() -> None:
    life = pair()
    life.tell(wrote(1, "learner"), rest(2, 60))
    assert told(life.live(8.3)) == [("M3", 1, MENTOR)]


def test_the_words_of_earlier_mentors_are_let_go_once_they_answer_nothing_any_more() -> None:
    other = made(MatchAnnounced, day(10), learner=ANA, state="confirmed", pair=uuid5(NAMES, "next"), mentor="ou:next",
                 since=day(10), rev=3, pool="P")  # fmt: skip
    life = pair()
    life.tell(wrote(1, "mentor"), matched(9, rev=2, state="ended"), other)
    for days, known in ((30, 2), (40, 1)):
        life.live(days)
        life.tell(
            active(days),
            made(
                MessageSent,
                day(days),
                learner=ANA,
                pair=uuid5(NAMES, "next"),
                mentor="ou:next",
                sender="mentor",
            ),
        )
        pulse = life.rows.find(PulseRow, ANA)
        assert pulse is not None
        assert len(pulse.talks or {}) == known
