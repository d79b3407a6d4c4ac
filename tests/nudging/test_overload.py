"""M5: a mentor bears too much: the operator hears weekly, never the mentor, and the pool is asked for room."""

from itertools import permutations

import pytest

from schemas.mentoring import MentorNeedsChanged
from tests.memory import only
from tests.nudging.life import MENTOR, OPERATOR, Life, alone, closed, figures, late, told
from tests.nudging.mentor import answered, copied, loaded, mentoring

ALONE = alone("M5")
HEARS = [("M5", 1, OPERATOR)]


def mentor(every: float = 12) -> Life:
    return Life(ALONE, every=every)


@pytest.mark.parametrize(("minutes", "hears"), [(999, []), (1000, []), (1001, HEARS)])
def test_beyond_the_hours_the_operator_hears(minutes: int, hears: list[object]) -> None:
    assert told(mentor().tell(loaded(1, minutes))) == hears


def test_the_pool_hears_that_one_fewer_is_right_and_when_it_is_over() -> None:
    life = mentor()
    said = life.tell(loaded(1, 1050))
    asks = [(f.mentor, f.fewer_mentees, f.load_permille) for f in only(said, MentorNeedsChanged)]  # type: ignore[attr-defined]
    assert asks == [(MENTOR, 1, 1050)]
    life.tell(loaded(3, 500, rev=2))
    said = life.live(10.1)
    assert [f.fewer_mentees for f in only(said, MentorNeedsChanged)] == [0]  # type: ignore[attr-defined]
    assert closed(said, "M5") == ["recovered"]


def test_who_offers_no_hours_any_more_and_has_learners_bears_all_they_can() -> None:
    policy = ALONE.model_copy(update={"pulse": ALONE.pulse.model_copy(update={"overload_permille": 999})})
    assert told(Life(policy, every=12).tell(loaded(1, 60, offered=0))) == HEARS
    assert told(Life(policy, every=12).tell(loaded(1, 0, learners=(), offered=0))) == []


def test_a_mentor_of_two_pools_is_strained_where_one_of_them_is_and_both_hear() -> None:
    life = mentor()
    life.tell(loaded(0, 500, rev=7))
    said = life.tell(loaded(1, 1050, rev=1, learners=("ou:dee",), pool="Q"))
    assert told(said) == HEARS
    asks = [(f.pool, f.fewer_mentees) for f in only(said, MentorNeedsChanged)]  # type: ignore[attr-defined]
    assert asks == [("P", 1), ("Q", 1)]
    assert len(mentoring(life).learners or ()) == 4


def test_it_is_told_weekly_while_it_lasts_and_at_most_four_times() -> None:
    life = mentor()
    life.tell(loaded(1, 1050))
    assert told(life.live(7.9)) == []
    assert told(life.live(8.6)) == [("M5", 2, OPERATOR)]
    assert [rung for _, rung, _ in told(life.live(60))] == [3, 4]


def test_below_for_less_than_a_week_it_goes_on() -> None:
    life = mentor()
    life.tell(loaded(1, 1050), loaded(3, 500, rev=2))
    assert closed(life.live(9.9), "M5") == []
    life.tell(loaded(9.95, 1050, rev=3))
    assert closed(life.live(20), "M5") == []


def steady(hours: float, count: int, first: float) -> list:  # type: ignore[type-arg]
    return [fact for n in range(count) for fact in answered(first + 3 * n, hours)]


@pytest.mark.parametrize(("hours", "hears"), [(20, False), (21, True)])
def test_replies_more_than_twice_as_slow_as_they_used_to_be(hours: float, hears: bool) -> None:
    life = mentor()
    life.tell(loaded(1, 100), *steady(10, 6, 2))
    life.tell(*steady(hours, 3, 50))
    said = life.live(60)
    said += life.tell(loaded(60, 100, rev=2))
    assert (mentoring(life).strained_at is not None) is hears


def test_slow_replies_tell_their_hours() -> None:
    life = mentor()
    life.tell(loaded(1, 100), *steady(10, 6, 2), *steady(30, 2, 50))
    told_of = figures(life.tell(*answered(57, 30)), "M5")
    assert (told_of["reply_hours"], told_of["usual_reply_hours"]) == (30, 10)


def test_too_few_replies_say_nothing() -> None:
    life = mentor()
    life.tell(loaded(1, 100), *steady(1, 4, 2), *steady(100, 3, 50))
    assert told(life.live(70)) == []


def test_an_older_word_of_the_pool_changes_nothing() -> None:
    life = mentor()
    life.tell(loaded(1, 500, rev=3))
    assert told(life.tell(loaded(2, 1090, rev=2), loaded(2, 1090, rev=3))) == []


def test_messages_told_twice_count_once() -> None:
    life = mentor()
    facts = answered(2, 10)
    life.tell(*facts, *(late(fact, 5) for fact in facts))
    assert [hours for _, hours in mentoring(life).replies] == [10]


def test_two_pairs_in_any_order_give_the_same_replies() -> None:
    one, other = answered(2, 10), answered(2.1, 5, "ou:bob")
    replies = set()
    for order in permutations([0, 0, 1, 1]):
        life = mentor()
        streams = [list(one), list(other)]
        life.tell(*(late(streams[which].pop(0), 5) for which in order))
        replies.add(mentoring(life).replies)
    assert len(replies) == 1


@pytest.mark.parametrize("learners", [3, 12])
def test_who_answers_many_is_seen_to_slow_down_as_who_answers_few(learners: int) -> None:
    life = mentor(every=24 * 7)
    names = tuple(f"ou:l{n}" for n in range(learners))
    life.tell(loaded(0, 10, learners=names))
    facts = [
        fact
        for week in range(9)
        for n, name in enumerate(names)
        for fact in answered(7 * week + n / 10, 4 if week < 6 else 40, name)
    ]
    said = life.tell(*sorted(facts, key=lambda fact: fact.at))
    assert (figures(said, "M5")["usual_reply_hours"], mentoring(life).strained_at is not None) == (4, True)


def test_replies_are_thirty_two() -> None:
    life = mentor()
    life.tell(*steady(2, 40, 2))
    assert len(mentoring(life).replies) == 32
    assert copied(1, "mentor").key == MENTOR


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = mentor()
    life.tell(loaded(1, 1050))
    assert told(life.restarted().live(8.6)) == [("M5", 2, OPERATOR)]
