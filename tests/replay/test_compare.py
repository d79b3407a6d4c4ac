"""Two runs over one history: each difference has a first cause, or belongs to the cascade of one."""

from uuid import uuid4

import pytest

from schemas.codec import encode
from schemas.matches import LearnerWaitlisted
from streams.compare import Decision, compare, decision, read
from streams.errors import Trouble
from tests.memory import START


def match(learner: str, mentor: str, at: str, pool: str = "p") -> Decision:
    body = f'{{"pair":"{at}","learner":"{learner}","mentor":"{mentor}"}}'
    return Decision("matches", "match.proposed.v1", f"2026-01-{at}T00:00:00+00:00", learner, pool, body)


def round_(waiting: int, at: str, pool: str = "p", trigger: str = "", objective: int = 0) -> Decision:
    body = f'{{"waiting":{waiting},"trigger":"{trigger}","objective":{objective}}}'
    return Decision("rounds", "round.reported.v1", f"2026-01-{at}T00:00:00+00:00", pool, pool, body)


def nudge(person: str, at: str, id: str = "1") -> Decision:
    body = f'{{"nudge":"{id}","recipient":"{person}","items":[{{"advice":"{id}","kind":"silence"}}]}}'
    return Decision("nudges", "nudge.sent.v1", f"2026-01-{at}T00:00:00+00:00", person, "", body)


def test_two_equal_runs_have_no_difference_in_whatever_order_they_were_heard():
    run = [round_(1, "01"), match("a", "m", "01"), nudge("a", "02")]
    found = compare(run, run[::-1])
    assert found.same == 3
    assert not found.causes


def test_a_learner_who_met_another_in_a_round_is_the_first_cause_of_all_that_follows_in_the_pool():
    one = [round_(1, "01"), match("a", "m", "01"), round_(1, "02"), match("b", "n", "02"), nudge("a", "03")]
    other = [round_(2, "01"), match("a", "n", "01"), match("b", "m", "01"), nudge("a", "04")]
    found = compare(one, other)
    assert found.causes["who shared a round"] == 1
    assert found.first["who shared a round"].type == "round.reported.v1"
    assert found.causes["cascade in a pool"] == 8
    assert not found.causes["unexplained"]


def test_the_same_nudge_at_another_tick_is_told_apart_from_one_that_only_one_run_sent():
    found = compare([nudge("a", "02"), nudge("b", "02")], [nudge("a", "03", "other-id")])
    assert found.causes["order of ticks"] == 1
    assert found.causes["cascade at a person"] == 1
    assert found.causes["unexplained"] == 1
    assert found.first["unexplained"].subject == "b"


def test_another_mentor_out_of_the_same_round_has_no_excuse():
    found = compare([round_(1, "01"), match("a", "m", "01")], [round_(1, "01"), match("a", "n", "01")])
    assert found.causes == {"unexplained": 1, "cascade in a pool": 1}


def test_a_need_that_was_told_before_the_one_round_and_after_the_other_is_an_order_of_ticks():
    need = "needs.changed.v1"
    one, other = (round_(2, "01", trigger=need, objective=points) for points in (400, 0))
    assert compare([one], [other]).causes == {"order of ticks": 1, "cascade in a pool": 1}


def test_a_file_of_something_else_is_named(tmp_path):
    path = tmp_path / "x"
    path.write_text("hello")
    with pytest.raises(Trouble, match="holds no decisions"):
        read(path)


def test_a_decision_survives_its_file(tmp_path):
    made = [nudge("a", "02"), match("b", "m", "03")]
    path = tmp_path / "made"
    path.write_bytes(b"".join(each.line() for each in made))
    assert read(path) == made


def test_what_is_compared_is_the_fact_as_it_travelled():
    fact = LearnerWaitlisted(
        id=uuid4(), at=START, seen_at=START, source="pools", pool="p", learner="lms:7", since=START,
        binding="no_capacity",
    )  # fmt: skip
    made = decision("matches", fact, encode(fact).value)
    assert (made.type, made.subject, made.pool) == ("learner.waitlisted.v1", "lms:7", "p")
