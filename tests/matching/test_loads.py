"""A mentor's pulse hears what the mentor bears, whenever one of the pairs is announced."""

from schemas.mentoring import MentorLoaded
from tests.matching.people import Pool, enrolled, joined, withdrew
from tests.memory import only


def loads(said: list) -> list[tuple[int, int, int, list[str]]]:
    """Revision, minutes promised and offered, and learners."""
    return [
        (f.rev, f.committed_minutes, f.capacity_minutes, [learner for _, learner in f.pairs])
        for f in only(said, MentorLoaded)
    ]


def test_each_pair_made_and_ended_is_told_with_the_whole_load() -> None:
    pool = Pool()
    effort = pool.policy.pool.effort_minutes
    capacity = pool.policy.pool.capacity_minutes
    pool.tell(joined("m", capacity_minutes=capacity))
    assert loads(pool.after(enrolled("a"))) == [(1, effort, capacity, ["a"])]
    assert loads(pool.after(enrolled("b"))) == [(2, 2 * effort, capacity, ["a", "b"])]
    assert loads(pool.after(withdrew("a"))) == [(3, effort, capacity, ["b"])]


def test_a_weekly_word_that_says_nothing_new_has_the_same_revision() -> None:
    pool = Pool()
    pool.after(joined("m"), enrolled("a"))
    row = pool.mentor("m")
    again = loads(pool.pass_time(days=30))
    assert len(again) >= 3
    assert {rev for rev, *_ in again} == {1}
    assert pool.mentor("m") == row


def test_the_pairs_told_are_those_announced() -> None:
    pool = Pool()
    (load,) = only(pool.after(joined("m"), enrolled("a")), MentorLoaded)
    assert load.pairs == ((pool.learner("a").pair, "a"),)
    assert load.key == "m"
