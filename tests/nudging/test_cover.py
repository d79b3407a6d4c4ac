"""M6: a mentor is away, or missed two meetings: each learner and the operator hear at once."""

import pytest

from schemas.advice import AdviceGiven
from tests.memory import only
from tests.nudging.life import MENTOR, OPERATOR, Life, alone, closed, figures, late, told
from tests.nudging.mentor import LEARNERS, away, back, loaded, meeting, mentoring

ALONE = alone("M6")
ALL = [*(("M6", 1, learner) for learner in LEARNERS), ("M6", 1, OPERATOR)]


def mentor() -> Life:
    life = Life(ALONE, every=12)
    life.tell(loaded(0, 500))
    return life


def test_paused_each_learner_and_the_operator_hear_at_once() -> None:
    said = mentor().tell(away(2, until=9))
    assert told(said) == ALL
    assert figures(said, "M6")["until"] == "2026-01-14"
    for given in only(said, AdviceGiven):
        assert given.mentor == MENTOR  # type: ignore[attr-defined]


def test_learners_of_every_pool_hear_whose_own_revisions_count() -> None:
    life = mentor()
    life.tell(loaded(0, 500, rev=7), loaded(1, 100, rev=1, learners=("ou:dee", "ou:ana"), pool="Q"))
    said = life.tell(away(2))
    assert sorted(learner for _, _, learner in told(said) if learner != OPERATOR) == [*LEARNERS, "ou:dee"]


def test_each_advice_to_a_learner_is_about_that_learner() -> None:
    said = mentor().tell(away(2))
    assert [f.learner for f in only(said, AdviceGiven)] == [*LEARNERS, None]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("until", "hears"), [(3.9, False), (4, True)])
def test_a_pause_of_less_than_two_days_is_nobodys_news(until: float, hears: bool) -> None:
    assert bool(told(mentor().tell(away(2, until=until)))) is hears


def test_back_early_ends_it_and_takes_back_what_was_advised() -> None:
    life = mentor()
    life.tell(away(2, until=20))
    said = life.tell(back(5))
    assert closed(said, "M6") == ["recovered"]
    assert sum(1 for f in said if f.TYPE.endswith("advice.withdrawn.v1")) == len(ALL)


def test_who_left_and_joins_again_is_back() -> None:
    life = mentor()
    life.tell(away(2, gone=True))
    assert closed(life.tell(back(5, joined=True)), "M6") == ["recovered"]


def test_a_profile_sent_again_ends_no_pause() -> None:
    life = mentor()
    life.tell(away(2, until=20))
    assert closed(life.tell(back(5, joined=True)) + life.live(19), "M6") == []


def test_back_by_the_date_it_ends_by_itself() -> None:
    life = mentor()
    life.tell(away(2, until=9))
    assert closed(life.live(8.9), "M6") == []
    assert closed(life.live(9.1), "M6") == ["recovered"]


def test_when_all_pairs_were_moved_it_ends() -> None:
    life = mentor()
    life.tell(away(2, gone=True))
    assert closed(life.tell(loaded(4, 0, rev=2, learners=())), "M6") == ["recovered"]


def test_a_mentor_without_learners_is_nobodys_news() -> None:
    life = Life(ALONE, every=12)
    life.tell(loaded(0, 0, learners=()))
    assert told(life.tell(away(2))) == []


@pytest.mark.parametrize(("missed", "hears"), [(1, []), (2, ALL), (3, ALL)])
def test_at_two_missed_meetings_they_hear(missed: int, hears: list[object]) -> None:
    assert told(mentor().tell(*(meeting(2 + n, "mentor") for n in range(missed)))) == hears


def test_what_the_learner_missed_is_not_the_mentors() -> None:
    assert told(mentor().tell(meeting(2, "learner"), meeting(3, "learner"))) == []


def test_a_meeting_held_between_or_after_ends_the_run() -> None:
    assert told(mentor().tell(meeting(2, "mentor"), meeting(3), meeting(4, "mentor"))) == []
    life = mentor()
    life.tell(meeting(2, "mentor"), meeting(3, "mentor"))
    assert closed(life.tell(meeting(5)), "M6") == ["recovered"]


def test_two_missed_meetings_more_than_four_weeks_apart_are_not_two() -> None:
    assert told(mentor().tell(meeting(2, "mentor"), meeting(31, "mentor"))) == []


def test_the_same_missed_meeting_twice_is_one() -> None:
    one = meeting(2, "mentor")
    assert told(mentor().tell(one, one, late(one, 3))) == []


def test_the_later_word_on_being_away_wins_whatever_came_first() -> None:
    life = mentor()
    life.tell(back(5))
    assert told(life.tell(late(away(2, until=20), 5.1))) == []
    assert mentoring(life).away_at is None


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = mentor()
    life.tell(away(2, until=9))
    assert closed(life.restarted().live(9.1), "M6") == ["recovered"]
