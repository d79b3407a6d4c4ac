"""A fact that crashes the interpreter is found and parked; one that merely raises is parked alone; budgets stop a flood."""

from datetime import datetime, timedelta
from random import Random

import pytest

from schemas.advice import EpisodeClosed
from schemas.codec import encode
from schemas.fact import Fact, Moment, Wake
from schemas.policy import LedgerPolicy, Policy
from schemas.rows import Rows
from streams.burst import Burst, Full
from streams.ledger import Ledger
from streams.log import Record
from streams.outlet import Outlet
from streams.parking import ParkingBudgetSpent
from streams.role import FactRole, Reading
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
    broker: SimulatedBroker,
    name: str,
    role: FactRole = ROLE,
    deaths: int = 0,
    budget: int = 2,
    **more: object,
) -> Ledger:
    ledger = Ledger(
        role, SimulatedLog(broker, name, lambda _: broker.tick(0.01)), partitions=1, wall=lambda: EPOCH + timedelta(hours=1),
        policy=lambda: Policy(ledger=LedgerPolicy(parked_an_hour=budget)), deaths=deaths, **more,
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


def died(broker: SimulatedBroker, role: FactRole) -> int:
    """How often a worker died until one lived; a supervisor tells each of its predecessors' deaths."""
    for deaths in range(6):
        ledger = worker(broker, f"w{deaths}", role, deaths)
        try:
            turns(ledger)
        except Segfault:
            broker.connected.pop(f"w{deaths}", None)
            broker.leave(f"w{deaths}")
            continue
        return deaths
    return 6


def test_a_fact_that_crashes_the_interpreter_is_parked_after_the_third_death_and_the_rest_is_folded() -> None:
    killer = activity(1, 0.3).model_copy(update={"kind": "video"})
    broker = site(activity(0, 0.0), killer, activity(2, 0.6))
    assert died(broker, FactRole("pulses", {"count": CountRow}, deadly)) == 3
    assert reasons(broker) == ["it crashed the interpreter 3 times"]
    assert broker.committed[0] == 3


class Deadly(FactRole):
    """Crashes the interpreter while a record is read."""

    def read(self, record: Record, clock: datetime, policy: Policy) -> Reading:
        if record.offset() == 1:
            raise Segfault
        return super().read(record, clock, policy)


def test_what_crashes_the_interpreter_while_it_is_read_is_parked_too() -> None:
    broker = site(*(activity(n, 0.3 * n) for n in range(3)))
    assert died(broker, Deadly("pulses", {"count": CountRow}, fold)) == 3
    assert reasons(broker) == ["it crashed the interpreter 3 times"]
    assert broker.committed[0] == 3


def test_headers_that_the_client_cannot_tell_are_asked_for_once_and_their_record_is_parked() -> None:
    broker = site(*(activity(n, 0.3 * n) for n in range(3)))
    bad = broker.topics["learner-facts"][0].entries[1]
    asked = []

    def headers() -> list[tuple[str, bytes | None]]:
        asked.append(1)
        raise SystemError("returned a result with an exception set")

    bad.headers = headers  # type: ignore[method-assign]
    ledger = worker(broker, "w")
    turns(ledger)
    assert reasons(broker) == ["the name of a header is not UTF-8"]
    assert asked == [1]
    (letter,), _ = broker.readable("dead-letters", 0, 0, 10)
    assert letter.value() == bad.value()
    assert ledger.owned[0].progress.next == 3


def test_a_wake_up_that_fails_is_parked_without_a_persons_name() -> None:
    def broken(rows: Rows, moment: Moment) -> list[Fact]:
        if isinstance(moment.cause, Wake):
            raise KeyError
        return fold(rows, moment)

    broker = site(activity(0, 0.0))
    turns(worker(broker, "w", FactRole("pulses", ROLE.kinds, broken)), 20)
    (reason,) = reasons(broker)
    assert reason.startswith("the wake-up of a row of kind count: KeyError")
    assert "p:" not in reason


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
    wire = encode(activity(9, 1.0, poison=True))
    broker.append("learner-facts", 0, wire.key, wire.value, [*wire.headers])
    with pytest.raises(ParkingBudgetSpent):  # whoever starts it again parks not one more
        turns(worker(broker, "w1"))
    assert len(reasons(broker)) == 3
    broker.connected.pop("w1", None)
    broker.leave("w1")
    turns(worker(broker, "w2", release_parking=True), 20)
    assert broker.committed[0] == 4


def test_dead_letters_count_in_the_size_of_a_transaction() -> None:
    """Or a few hundred records of a megabyte, which a client may send compressed, fill the producer's queue."""
    burst = Burst(lambda: 0.0)
    letter = Outlet("dead-letters", None, b"k", b"x" * 1_000_000, [])
    for _ in range(4):
        burst.room(0)
        burst.force(letter)
    with pytest.raises(Full):
        burst.room(0)


class Partly(FactRole):
    """Of each record some parts are a fact, and some are not."""

    def read(self, record: Record, clock: datetime, policy: Policy) -> Reading:
        return super().read(record, clock, policy)._replace(rejects=[f"part {n}" for n in range(14)])


def test_parts_that_are_parked_are_parked_once_where_the_fact_beside_them_finds_no_room() -> None:
    broker = site()
    for number in range(6):
        wire = encode(activity(number, 0.3 * number))
        value = wire.value + b" " * 700_000
        broker.append("learner-facts", 0, wire.key, value, [*wire.headers])
    ledger = worker(broker, "w", Partly("pulses", ROLE.kinds, fold), budget=1000)
    turns(ledger, 40)
    assert ledger.owned[0].progress.next == 6
    assert ledger.owned[0].progress.parked == 6 * 14


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
