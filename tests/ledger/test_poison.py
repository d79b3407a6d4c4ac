"""A fact that crashes the interpreter is found and parked; one that merely raises is parked alone; budgets stop a flood."""

from datetime import timedelta
from random import Random

import pytest

from schemas.advice import EpisodeClosed
from schemas.codec import encode
from schemas.fact import Fact, Moment
from schemas.policy import LedgerPolicy, Policy
from schemas.rows import Rows
from streams.ledger import Ledger
from streams.parking import ParkingBudgetSpent
from streams.role import FactRole
from streams.simulated_broker import SimulatedBroker
from streams.simulated_log import SimulatedLog
from tests.ledger.schedule import EPOCH, ROLE, TOPICS, CountRow, activity, fold


class Segfault(BaseException):
    """Stands for the death of the interpreter: no guard of ours sees it."""


def site(*facts: Fact, ce_type: str = "") -> SimulatedBroker:
    broker = SimulatedBroker(dict.fromkeys(TOPICS, 1), Random(1))
    for fact in facts:
        wire = encode(fact)
        broker.append("learner-facts", 0, wire.key, wire.value, [*wire.headers])
    return broker


def worker(
    broker: SimulatedBroker, name: str, role: FactRole = ROLE, deaths: int = 0, **more: object
) -> Ledger:
    ledger = Ledger(
        role, SimulatedLog(broker, name, lambda _: broker.tick(0.01)), partitions=1, wall=lambda: EPOCH + timedelta(hours=1),
        policy=lambda: Policy(ledger=LedgerPolicy(parked_an_hour=2)), deaths=deaths, **more,
    )  # type: ignore[arg-type]  # fmt: skip
    ledger.join()
    return ledger


def turns(ledger: Ledger, count: int = 12) -> None:
    for _ in range(count):
        ledger.turn()


def reasons(broker: SimulatedBroker) -> list[str]:
    found, _ = broker.readable("dead-letters", 0, 0, 1000)
    return [dict(record.headers() or [])["parked_reason"].decode() for record in found]  # type: ignore[union-attr]


def deadly(rows: Rows, moment: Moment) -> list[Fact]:
    if getattr(moment.cause, "kind", "") == "video":
        raise Segfault
    return fold(rows, moment)


def test_a_fact_that_crashes_the_interpreter_is_parked_after_the_third_death_and_the_rest_is_folded() -> None:
    killer = activity(1, 0.3).model_copy(update={"kind": "video"})
    broker = site(activity(0, 0.0), killer, activity(2, 0.6))
    role = FactRole("pulses", {"count": CountRow}, deadly)
    deaths = 0
    for attempt in range(6):
        ledger = worker(broker, f"w{attempt}", role, deaths)
        try:
            turns(ledger)
        except Segfault:
            deaths += 1
            broker.connected.pop(f"w{attempt}", None)
            broker.leave(f"w{attempt}")
            continue
        break
    assert deaths == 3
    assert reasons(broker) == ["it crashed the interpreter 3 times"]
    assert broker.committed[0] == 3


def test_deaths_that_are_no_crash_of_the_interpreter_never_park_a_fact() -> None:
    killer = activity(1, 0.3).model_copy(update={"kind": "video"})
    broker = site(killer)
    role = FactRole("pulses", {"count": CountRow}, deadly)
    for attempt in range(8):  # the supervisor saw SIGKILL each time: deaths stay 0
        ledger = worker(broker, f"w{attempt}", role)
        with pytest.raises(Segfault):
            turns(ledger)
        broker.connected.pop(f"w{attempt}", None)
        broker.leave(f"w{attempt}")
    assert reasons(broker) == []


def test_a_fact_of_a_later_release_stops_the_worker_before_it_is_misread() -> None:
    from streams.role import Newer

    broker = site()
    wire = encode(activity(0, 0.0))
    headers = [(n, v.replace(b".v1", b".v2") if n == "ce_type" else v) for n, v in wire.headers]
    broker.append("learner-facts", 0, wire.key, wire.value, headers)  # type: ignore[arg-type]
    with pytest.raises(Newer):
        turns(worker(broker, "w"))
    assert reasons(broker) == []


def test_more_parked_than_the_budget_stops_the_worker_until_it_is_released() -> None:
    broker = site(*(activity(n, 0.1 * n, poison=True) for n in range(3)))
    with pytest.raises(ParkingBudgetSpent, match="--release-parking"):
        turns(worker(broker, "w"))
    assert len(reasons(broker)) == 3  # told before it stopped
    broker.connected.pop("w", None)
    broker.leave("w")
    wire = encode(activity(9, 1.0))
    broker.append("learner-facts", 0, wire.key, wire.value, [*wire.headers])
    turns(worker(broker, "w2", release_parking=True), 20)
    assert broker.committed[0] == 4


def test_a_row_of_a_later_release_is_refused_before_the_partition_is_served() -> None:
    from schemas.rows import RowKey
    from streams.partition import Partition, RowsFailed, key_bytes

    with pytest.raises(RowsFailed, match="later release"):
        Partition(0, ROLE.kinds).restore(key_bytes(RowKey("count", "p:1")), b'{"v":2,"seen":[]}')


def test_fields_of_a_later_release_survive_a_rewrite() -> None:
    from streams.partition import row_bytes

    row = CountRow.model_validate_json(b'{"v":1,"seen":["a"],"wakes":0,"mood":"good"}')
    assert b'"mood":"good"' in row_bytes(row.model_copy(update={"wakes": 1}))


def test_the_reason_names_the_rule_that_a_decision_broke_and_the_place_of_ours_and_nothing_of_the_payload() -> (
    None
):
    def broken(rows: Rows, moment: Moment) -> list[Fact]:
        return [moment.fact(EpisodeClosed, days=-1, signal="of a secret")]

    broker = site(activity(1, 0.3))
    turns(worker(broker, "a", FactRole("pulses", ROLE.kinds, broken)))
    (reason,) = reasons(broker)
    assert reason.startswith("ValidationError at fact.py:")
    assert "EpisodeClosed." in reason
    assert "secret" not in reason
