"""L2: silence after activity, told to the learner, the mentor and the operator in turn."""

import pytest

from nudging.heard import MAX_SOURCES
from nudging.pulse import fold
from nudging.pulse_rows import PulseRow
from nudging.reference_rows import HeardRow
from schemas.activity import BreakDeclared
from schemas.advice import AdviceWithdrawn, EpisodeClosed, EpisodeOpened
from schemas.fact import Fact, Moment, Wake
from schemas.rows import Rows, changed
from tests.memory import only
from tests.nudging.life import (
    ANA,
    MENTOR,
    OPERATOR,
    Life,
    active,
    alone,
    day,
    heard,
    joined,
    left,
    made,
    matched,
    told,
)


def silent() -> Life:
    life = Life(alone("L2", "L9"))
    life.tell(joined(0), matched(0), made_contact_is_not_needed(0), active(1))
    return life


def made_contact_is_not_needed(days: float):  # type: ignore[no-untyped-def]
    from schemas.activity import MeetingHeld
    from tests.nudging.life import PAIR

    return made(MeetingHeld, day(days), learner=ANA, pair=PAIR, mentor=MENTOR)


def test_just_before_five_days_nothing_opens() -> None:
    assert only(silent().live(5.95), EpisodeOpened) == []


def test_at_five_days_the_episode_opens_and_nobody_hears() -> None:
    said = silent().live(6.2)
    assert len(only(said, EpisodeOpened)) == 1
    assert told(said) == []


def test_the_ladder_climbs_from_the_learner_to_the_mentor_to_the_operator() -> None:
    life = silent()
    assert told(life.live(7.9)) == []
    assert told(life.live(8.2)) == [("L2", 1, ANA)]
    assert told(life.live(11.2)) == [("L2", 2, MENTOR)]
    assert told(life.live(15.2)) == [("L2", 3, OPERATOR)]
    assert told(life.live(40)) == []


def test_activity_clears_it_and_withdraws_what_was_advised() -> None:
    life = silent()
    life.live(8.2)
    said = life.tell(active(9))
    assert [f.reason for f in only(said, EpisodeClosed)][:1] == ["recovered"]
    assert only(said, AdviceWithdrawn)
    assert ("L9", 1, MENTOR) in told(said)  # a way back is worth a word


def test_late_activity_that_lies_before_the_opening_raises_the_maximum_and_opens_nothing_new() -> None:
    life = silent()
    life.live(6.2)
    assert life.tell(active(1.2, seen_at=day(6.3))) == []
    assert told(life.live(8.1)) == []
    assert told(life.live(8.4)) == [("L2", 1, ANA)]


def test_the_same_activity_twice_changes_nothing() -> None:
    life = silent()
    before = dict(life.rows.stored)
    assert life.tell(active(1)) == []
    assert life.rows.stored == before


def test_woken_late_one_rung_fires_and_not_three() -> None:
    life = Life(alone("L2", "L9"), hear=False)
    life.tell(joined(0), matched(0), made_contact_is_not_needed(0), active(1))
    life.tell(heard(20))
    life.now = day(20)
    assert told(life.live(20.2), "L2") == [("L2", 3, OPERATOR)]


def test_while_a_source_is_unheard_nothing_opens() -> None:
    life = Life(alone("L2", "L9"), hear=False)
    life.tell(joined(0), active(1), heard(0, partitions=2))
    assert life.live(12) == []
    life.tell(heard(12, partitions=2), heard(12, partition=1, partitions=2))
    assert told(life.live(12.1)) != []


def test_a_dead_feed_opens_nothing() -> None:
    life = Life(alone("L2", "L9"), hear=False)
    life.tell(joined(0), active(1), heard(1))
    life.tell(heard(12, last=1))
    assert life.live(13) == []


def test_a_feed_is_not_dead_that_goes_by_another_name_now() -> None:
    """Who is silent is never spoken of by the new name, and so stays unheard until the policy tells it."""

    def found(*more: Fact, new_heard: float = 40, **known: object) -> list[tuple[str, int, str]]:
        life = Life(alone("L2", "L9").model_copy(update=known), hear=False)
        life.tell(joined(0), active(1), heard(1), *more)
        names = (("lms", day(new_heard)), ("ou", day(2)))
        life.tell(heard(40).model_copy(update={"last_heard": names}))
        return told(life.live(40.1))

    late = [("L2", 3, OPERATOR)]
    assert found() == []
    assert (
        found(active(3).model_copy(update={"source": "lms"})) == late
    )  # who is active is heard by the new name
    assert found(renamed_sources={"ou": "lms"}) == late
    assert found(renamed_sources={"ou": "lms"}, new_heard=30) == []  # it is dead, too


def test_the_longer_an_intake_stands_still_the_seldomer_all_who_wait_for_it_look() -> None:
    """Each minute, a hundred thousand learners would keep a worker busy for as long as another stands still."""
    life, looks = Life(alone("L2", "L9"), hear=False), 0

    def counted(rows: Rows, moment: Moment) -> list[Fact]:
        nonlocal looks
        looks += isinstance(moment.cause, Wake)
        return fold(rows, moment)

    life.tell(joined(0), active(1), heard(1))
    life.live(6)
    life.fold = counted
    life.live(8)
    assert 40 < looks < 60  # in two days
    assert told(life.tell(heard(8.1)) + life.live(8.2)) == [("L2", 1, ANA)]  # an hour later at the most


def test_names_that_senders_make_up_are_forgotten_before_a_platform_of_the_policy() -> None:
    policy = alone("L2", "L9").model_copy(update={"sources": {"ou": "platform"}})
    life = Life(policy, hear=False)
    life.tell(joined(0), active(1), heard(1))
    for number in range(100):
        made_up = tuple((f"made-up-{number}-{n}", day(2 + number / 100)) for n in range(32))
        life.tell(heard(2 + number / 100).model_copy(update={"last_heard": made_up}))
    row = life.rows.find(HeardRow, "intake")
    assert row is not None
    assert len(row.last_heard) == MAX_SOURCES
    assert row.last_heard["ou"] == day(1)


def test_a_declared_break_is_not_silence() -> None:
    life = silent()
    life.tell(made(BreakDeclared, day(2), learner=ANA, course="AAA", begins_at=day(2), ends_at=day(20)))
    assert told(life.live(26.9)) == []
    assert told(life.live(27.3)) == [("L2", 1, ANA)]


def test_who_left_hears_nothing_more() -> None:
    life = silent()
    life.live(6.2)
    said = life.tell(left(6.3))
    assert [f.reason for f in only(said, EpisodeClosed)] == ["withdrew"]
    assert told(life.live(60)) == []


def test_a_whole_term_told_again_changes_no_decision() -> None:
    life = silent()
    life.live(16)
    term = [joined(0), matched(0), active(1)]
    assert life.tell(*term) == []
    assert told(life.live(40)) == []


def test_without_a_mentor_the_operator_hears_instead() -> None:
    life = Life(alone("L2", "L9"))
    life.tell(joined(0), active(1))
    assert told(life.live(11.2)) == [("L2", 1, ANA), ("L2", 2, OPERATOR)]


def test_a_break_ends_the_episode_without_a_cheer() -> None:
    life = silent()
    life.live(6.2)
    said = life.tell(
        made(BreakDeclared, day(6.3), learner=ANA, course="AAA", begins_at=day(6.3), ends_at=day(20))
    )
    assert [f.reason for f in only(said, EpisodeClosed)] == ["superseded"]
    assert told(said) == []


def test_a_break_to_come_does_not_excuse_silence_now() -> None:
    life = silent()
    life.tell(made(BreakDeclared, day(2), learner=ANA, course="AAA", begins_at=day(30), ends_at=day(40)))
    assert told(life.live(8.2)) == [("L2", 1, ANA)]


def test_a_way_back_before_anyone_was_told_is_no_news() -> None:
    life = silent()
    life.live(6.2)
    said = life.tell(active(6.3))
    assert [f.reason for f in only(said, EpisodeClosed)] == ["recovered"]
    assert told(said) == []


def test_who_joins_again_is_not_told_of_the_silence_before() -> None:
    life = silent()
    life.tell(left(2))
    life.live(30)
    said = life.tell(joined(30)) + life.live(34.9)
    assert (only(said, EpisodeOpened), told(said)) == ([], [])
    assert len(only(life.live(35.2), EpisodeOpened)) == 1


@pytest.mark.parametrize("second_told", [2.5, 8, 19])
def test_a_second_break_leaves_the_first_as_it_was(second_told: float) -> None:
    """As where a platform tells the breaks of a year ahead, or a learner in one declares the next."""
    life = silent()
    life.tell(
        *(
            made(
                BreakDeclared,
                day(told_on),
                learner=ANA,
                course="AAA",
                begins_at=day(begins),
                ends_at=day(ends),
            )
            for told_on, begins, ends in ((2, 2, 20), (second_told, 100, 110))
        )
    )
    assert told(life.live(26.9)) == []
    assert told(life.live(27.3)) == [("L2", 1, ANA)]


def test_a_break_in_a_row_of_an_earlier_release_still_counts_beside_a_later_one() -> None:
    life = silent()
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    course = changed(pulse.courses["AAA"], break_from=day(2), break_until=day(20))
    life.rows.put(changed(pulse, courses={"AAA": course}), ANA)
    life.tell(made(BreakDeclared, day(3), learner=ANA, course="AAA", begins_at=day(100), ends_at=day(110)))
    assert told(life.live(26.9)) == []
