"""What does a pool do over months: who is forgotten, and what is told that is long over?"""

from schemas.erasure import PoolsErased
from schemas.rounds import RoundReported
from tests.matching.people import Pool, enrolled, joined, made, withdrew
from tests.memory import only

DAY = 24


def last_told(said) -> RoundReported:
    return only(said, RoundReported)[-1]


def test_the_last_report_counts_nobody_who_left_while_waiting():
    pool = Pool()
    said = pool.after(joined("m", capacity_minutes=60), *(enrolled(name) for name in "abc"))
    assert last_told(said).left_waiting == 2
    waiting = [name for name in "abc" if name not in pool.pairs()]
    said = pool.after(withdrew(waiting[0], 30 * DAY))
    assert last_told(said).left_waiting == 1
    said = pool.after(made(PoolsErased, 40 * DAY, person=waiting[1]))
    assert last_told(said).left_waiting == 0
    assert only(pool.pass_time(days=90), RoundReported) == []


def test_the_last_report_of_a_pool_that_ended_tells_of_no_load():
    pool = Pool()
    said = pool.after(joined("m", capacity_minutes=60), enrolled("a"))
    assert last_told(said).load_max_permille == 1000
    said = pool.after(withdrew("a", 100 * DAY))
    assert (last_told(said).load_max_permille, last_told(said).mentors_free) == (0, 1)
    assert only(pool.after(joined("m", 101 * DAY)), RoundReported) == []
