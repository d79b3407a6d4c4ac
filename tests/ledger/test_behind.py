"""A worker that is far behind, with slow decisions: short turns, every partition in its turn, and bounded memory."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from schemas.codec import encode
from schemas.fact import Fact, Moment
from schemas.policy import Policy
from schemas.rows import Rows
from streams.burst import LONG_S
from streams.ledger import TURN_S, Ledger
from streams.log import Stored
from streams.memory_log import MemoryBroker, MemoryLog
from streams.role import FactRole
from tests.ledger.schedule import EPOCH, CountRow, activity, fold

EACH_S, FACTS = 0.5, 60  # a decision takes; how many facts wait


class Site:
    """Facts that wait for a ledger, in which time passes by deciding alone."""

    def __init__(self, partitions: int) -> None:
        self.now, self.said = 0.0, list[bytes | None]()
        broker = MemoryBroker(partitions, ["learner-facts"], self._tap)
        self.ledger = Ledger(
            FactRole("pulses", {"count": CountRow}, self._slow), MemoryLog(broker), partitions=partitions, policy=Policy,
            wall=lambda: EPOCH + timedelta(hours=1), stopwatch=lambda: self.now,
        )  # fmt: skip
        self.ledger.join()
        self.ledger.turn()
        for number in range(FACTS):
            wire = encode(activity(3 * number, 0.3 * number))
            broker.append("learner-facts", number % partitions, wire.key, wire.value, [*wire.headers])

    def _slow(self, rows: Rows, moment: Moment) -> list[Fact]:
        self.now += EACH_S
        return fold(rows, moment)

    def _tap(self, topic: str, line: Stored) -> None:
        if topic == "matches":
            self.said.append(dict(line.headers() or [])["ce_id"])

    def turns(self) -> Iterator[float]:
        """How long each takes, until there is nothing to do."""
        while True:
            before = self.now
            if not self.ledger.turn():
                return
            yield self.now - before

    def folded(self, partition: int) -> int:
        return self.ledger.owned[partition].progress.next


def test_no_turn_lasts_much_longer_than_its_bound_and_all_is_folded_once() -> None:
    site = Site(1)
    assert max(site.turns()) <= TURN_S + LONG_S + 2 * EACH_S < FACTS * EACH_S
    assert site.folded(0) == FACTS
    assert len(site.said) == len(set(site.said)) >= FACTS


def test_what_waits_in_memory_does_not_grow_while_a_worker_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.ledger.POLL_RECORDS", 20)
    site = Site(1)
    assert 0 < max(site.ledger.lag(0) for _ in site.turns()) <= 20


def test_a_partition_that_is_behind_does_not_starve_another() -> None:
    site = Site(2)
    turns = site.turns()
    assert sum(next(turns) for _ in range(2)) < FACTS * EACH_S / 2
    assert site.folded(0) > 0
    assert site.folded(1) > 0
