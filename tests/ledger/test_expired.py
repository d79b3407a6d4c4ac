"""A ledger that stood longer than its input is kept: it says so and refuses, and goes on once the group is forgotten."""

from random import Random

import pytest

from streams.log import Expired, LogFailed
from streams.partition import PROGRESS
from streams.progress import Progress
from streams.simulated_broker import SimulatedBroker
from tests.ledger.schedule import EPOCH, TOPICS, activity, wire
from tests.ledger.test_poison import site, turns, worker


def stopped(broker: SimulatedBroker, name: str) -> None:
    broker.connected.pop(name, None)
    broker.leave(name)


def stood() -> SimulatedBroker:
    """Two facts were folded; four of the five that came meanwhile are gone."""
    broker = site(activity(0, 0.0), activity(1, 0.3))
    ledger = worker(broker, "before")
    ledger.wall = lambda: EPOCH  # so that wake-ups are left
    turns(ledger)
    stopped(broker, "before")
    say(broker, 2, 7)
    broker.delete_before("learner-facts", 0, 6)
    return broker


def say(broker: SimulatedBroker, first: int, end: int) -> None:
    for number in range(first, end):
        fact = wire(activity(number, 0.3 * number))
        broker.append("learner-facts", 0, fact.key, fact.value, [*fact.headers])


def progress(broker: SimulatedBroker) -> int:
    found, _ = broker.readable("pulses-rows", 0, 0, 1000)
    return max(Progress.model_validate_json(r.value() or b"").next for r in found if r.key() == PROGRESS)


def test_it_refuses_by_name_at_each_start_until_the_group_is_forgotten() -> None:
    broker = stood()
    for name in ("first", "second"):
        with pytest.raises(Expired, match=r"stands at offset 2 of .* up to 4 facts .* forget-group pulses"):
            turns(worker(broker, name))
        stopped(broker, name)
    assert (progress(broker), broker.committed[0]) == (2, 2)


def test_once_forgotten_it_goes_on_at_the_log_s_start_and_says_what_is_gone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broker = stood()
    broker.committed.clear()
    turns(worker(broker, "after"))
    assert [record.getMessage() for record in caplog.records] == [
        "pulses partition 0 stood at offset 2 of learner-facts and goes on at its start, 6: up to 4 facts are gone unread"
    ]
    assert (progress(broker), broker.committed[0]) == (7, 7)
    stopped(broker, "after")
    turns(worker(broker, "again"))
    assert len(caplog.records) == 1


def test_a_wake_up_before_the_next_fact_commits_an_offset_that_can_be_read_from() -> None:
    broker = stood()
    broker.delete_before("learner-facts", 0, 7)  # nothing is left to read
    broker.committed.clear()
    turns(worker(broker, "after"))
    assert (progress(broker), broker.committed[0]) == (7, 7)
    stopped(broker, "after")
    say(broker, 7, 9)
    turns(worker(broker, "again"))
    assert (progress(broker), broker.committed[0]) == (9, 9)


def test_of_a_topic_made_anew_nothing_is_taken_for_what_was_read_before() -> None:
    broker = stood()
    broker.topics["learner-facts"] = SimulatedBroker(dict.fromkeys(TOPICS, 1), Random(1)).topics[
        "learner-facts"
    ]
    say(broker, 20, 21)
    with pytest.raises(LogFailed, match=r"now ends at 1\. If this stays"):
        turns(worker(broker, "refused"))
    stopped(broker, "refused")
    broker.committed.clear()
    turns(worker(broker, "after"))
    assert broker.committed[0] == 1


def test_a_forgotten_group_with_all_facts_there_changes_nothing() -> None:
    broker = site(*(activity(n, 0.3 * n) for n in range(4)))
    turns(worker(broker, "before"))
    stopped(broker, "before")
    matches = len(broker.topics["matches"][0].entries)
    broker.committed.clear()
    turns(worker(broker, "after"))
    assert progress(broker) == 4
    assert len(broker.topics["matches"][0].entries) == matches
