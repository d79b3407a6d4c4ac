"""What a round tells of the whole pool, and how much one transaction carries."""

import numpy as np

from matching.graph import competing, components, could_pair, cut_off
from schemas.matches import LearnerWaitlisted, MatchProposed
from schemas.rounds import RoundReported
from tests.matching.people import Pool, enrolled, instant, joined, paused, pool_policy, profiled
from tests.memory import only


def test_separate_markets_and_learners_cut_off_are_counted():
    pool = Pool()
    said = pool.after(
        joined("m", languages=("de",)), joined("n", languages=("fr",)),
        *(profiled(name, languages=(tongue,)) for name, tongue in (("a", "de"), ("b", "fr"), ("c", "it"))),
        *(enrolled(name) for name in "abc"),
    )  # fmt: skip
    told = only(said, RoundReported)[0]
    assert (told.components, told.cut_off, told.placed, told.left_waiting) == (2, 1, 2, 1)
    assert dict(told.unmatched) == {"no_shared_language": 1}


def test_competing_learners_are_those_who_want_one_of_the_same_mentors():
    wishes = [[0], [0, 1], [1], [2], []]
    graph = could_pair([np.isin(range(3), wanted) for wanted in wishes], 3)
    assert [competing(graph, learner) for learner in range(5)] == [(2, 1), (3, 2), (2, 1), (1, 1), (0, 0)]
    assert (components(graph), cut_off(graph)) == (2, [4])


def test_the_report_gives_waits_and_loads():
    pool = Pool()
    pool.after(joined("m", capacity_minutes=120), *(enrolled(name) for name in "abc"))
    pool.pass_time(hours=5)
    told = only(pool.after(joined("n", 5, capacity_minutes=0)), RoundReported)[0]
    assert (told.waiting, told.wait_p50_minutes, told.trigger) == (1, 300, "mentor.joined.v1")
    assert (told.mentors, told.mentors_free, told.load_max_permille) == (2, 0, 1000)


def test_many_reasons_are_told_over_several_rounds_and_each_once():
    pool = Pool(pool_policy(round_limit=2))
    said = pool.after(*(enrolled(f"l{n}") for n in range(5)))
    assert sorted(fact.learner for fact in only(said, LearnerWaitlisted)) == [f"l{n}" for n in range(5)]
    assert [fact.left_waiting for fact in only(said, RoundReported)] == [5, 5, 5]
    assert only(pool.pass_time(days=30), RoundReported) == []


def test_the_end_of_a_pause_is_a_round_of_its_own():
    pool = Pool()
    pool.after(joined("m"), paused("m", 0, paused_until=instant(48)), enrolled("a"))
    said = pool.pass_time(hours=50)
    assert [fact.trigger for fact in only(said, RoundReported)] == ["end of a pause"]
    assert [fact.at for fact in only(said, MatchProposed)] == [instant(48)]


def test_mentors_of_equal_fit_fill_evenly():
    pool = Pool()
    pool.after(*(joined(name) for name in "mno"), *(enrolled(f"l{n}") for n in range(6)))
    assert sorted(pool.pairs().values()) == ["m", "m", "n", "n", "o", "o"]


def test_pairs_stay_when_a_better_mentor_comes():
    pool = Pool()
    pool.after(joined("m"), profiled("a", goals=("career",)), enrolled("a"))
    pool.after(joined("n", 1, guides=("career",)), enrolled("b", 1))
    assert pool.pairs()["a"] == "m"
