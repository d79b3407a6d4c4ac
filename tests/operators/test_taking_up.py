"""A worker takes up a policy: what an operator should know is told once a change, and two files show."""

import json
import logging

import pytest

from schemas.policy import Operator, Policy
from streams.errors import Trouble
from streams.metrics import WorkerMeter, serve
from streams.policy_file import fingerprint, parse
from streams.taking_up import TakingUp
from tests.operators.test_metrics import asked

NOBODY, LAW = Policy(), Policy(operators=(Operator(id="o:1", programmes=("law",)),))
ALL = Policy(operators=(Operator(id="o:1"),))


def under(version: str, policy: Policy) -> Policy:
    return policy.model_copy(update={"version": version})


@pytest.fixture
def meter() -> WorkerMeter:
    return WorkerMeter("pulses")


def test_whom_nobody_answers_for_is_told_once_a_change(
    meter: WorkerMeter, caplog: pytest.LogCaptureFixture
) -> None:
    take_up = TakingUp("pulses", meter, lambda policy: None)

    def told(policy: Policy) -> list[str]:
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            take_up(policy)
        return [record.getMessage()[:20] for record in caplog.records]

    assert told(under("one", NOBODY)) == ["the policy names no "]
    assert told(under("two", NOBODY)) == []
    assert told(under("three", LAW)) == ["operators answer for"]
    assert told(under("four", ALL)) == []
    assert told(under("five", NOBODY)) == ["the policy names no "]


def test_the_brokers_are_asked_only_where_pools_are_others_and_again_after_a_refusal(
    meter: WorkerMeter,
) -> None:
    shared, asks = Policy(pools={"P": "health"}), list[Policy]()

    def keep(policy: Policy) -> None:
        asks.append(policy)
        if policy.pools:
            raise Trouble("people are there")

    take_up = TakingUp("pools", meter, keep)
    for policy in (NOBODY, under("two", NOBODY)):
        take_up(policy)
    for _ in range(2):
        with pytest.raises(Trouble):
            take_up(shared)
    assert asks == [NOBODY, shared, shared]
    assert meter.policy == ("two", fingerprint(under("two", NOBODY)))  # what is in force still


def test_the_policy_in_force_stands_in_metrics_and_health(meter: WorkerMeter) -> None:
    port, take_up = serve(meter, "127.0.0.1", 0, lambda: True), TakingUp("pulses", meter, lambda policy: None)
    for policy in (under("one", ALL), under("two", ALL)):
        take_up(policy)
        shown = [
            line for line in asked(port, "/metrics")[1].splitlines() if line.startswith("mentorway_policy{")
        ]
        print_ = fingerprint(policy)
        assert shown == [
            f'mentorway_policy{{fingerprint="{print_}",ledger="pulses",version="{policy.version}"}} 1.0'
        ]
        health = json.loads(asked(port, "/health")[1])
        assert (health["policy"], health["fingerprint"]) == (policy.version, print_)


def test_a_fingerprint_is_of_the_knobs_and_not_of_how_they_are_written() -> None:
    one = parse('pools = { a = "x", b = "x" }\n[pulse]\nstart_learner_days = 3', "one")
    other = parse('# as ever\npools = { b = "x", a = "x" }', "other")
    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(one) != fingerprint(parse('pools = { a = "x" }', "third"))
