"""The ledger on the simulated log: whatever crashes or freezes, every fact is in effect once, in order."""

from random import Random

import pytest

from streams.ledger import Ledger
from streams.simulated_broker import SimulatedBroker
from streams.simulated_log import SimulatedLog
from tests.ledger.mutants import MUTANTS
from tests.ledger.schedule import EPOCH, POLICY, ROLE, TOPICS, Schedule

SCHEDULES, CHUNK = 10_000, 250


def schedule(seed: int, **parts: object) -> Schedule:
    """Every third without freezes, every second with many facts: both shapes hide different faults."""
    made = Schedule(seed, freezing=seed % 3 != 0, facts=4 + 8 * (seed % 2), workers=2 + seed % 2, **parts)  # type: ignore[arg-type]
    made.run()
    return made


def wrong(made: Schedule) -> list[str]:
    """A mismatch ends a process frozen in its takeover; without a freeze there must be none."""
    return made.verdict() + (["a mismatch without a freeze"] if made.mismatches and not made.freezes else [])


def test_without_crashes_every_fact_is_folded_once() -> None:
    made = Schedule(1, chaos=False)
    made.run()
    assert made.verdict() == []
    assert made.crashes == 2  # the end of the run itself


@pytest.mark.parametrize("first", range(0, SCHEDULES, CHUNK))
def test_crashes_and_freezes_before_and_after_every_call_lose_and_repeat_nothing(first: int) -> None:
    crashes = freezes = 0
    for seed in range(first, first + CHUNK):
        made = schedule(seed)
        assert wrong(made) == [], f"seed {seed}"
        crashes, freezes = crashes + made.crashes, freezes + made.freezes
    assert crashes > CHUNK
    assert freezes > CHUNK


def test_the_membership_is_of_the_assignment_whatever_begins_while_its_offsets_are_asked_for() -> None:
    """Or a worker frozen there would write what another owns by now, and the group would let it."""
    broker = SimulatedBroker(TOPICS, Random(1))

    def pause(call: str) -> None:
        if call == "committed":
            broker.generation += 1
            broker.members["w"].generation += 1

    log = SimulatedLog(broker, "w", pause)
    ledger = Ledger(ROLE, log, partitions=2, policy=lambda: POLICY, wall=lambda: EPOCH)
    ledger.join()
    ledger.turn()
    assert log.generation == ledger.membership == broker.generation - 1


@pytest.mark.parametrize("name", MUTANTS)
def test_a_ledger_with_one_rule_broken_is_caught(name: str) -> None:
    ledger, log = MUTANTS[name]
    for seed in range(1500):
        try:
            if wrong(schedule(seed, ledger=ledger, log=log)):
                return
        except (KeyError, AssertionError, RuntimeError):
            return  # the broken ledger fell over: caught as well
    pytest.fail(f"{name} survived 1,500 schedules")


def test_a_schedule_fixed_by_its_facts_equals_the_run_without_crashes() -> None:
    calm = Schedule(0, clock="facts", chaos=False)
    calm.run()
    assert calm.verdict() == []
    want = (calm.rows(), sorted((o.at, o.id) for o in calm.outputs()))
    for seed in range(200):
        made = Schedule(seed, clock="facts")
        made.run()
        assert made.verdict() == [], f"seed {seed}"
        assert (made.rows(), sorted((o.at, o.id) for o in made.outputs())) == want, f"seed {seed}"
