"""The real ledgers on a simulated broker, one process each, that can be killed, and their changelogs compacted."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from random import Random

from schemas.fact import Fact
from schemas.policy import LedgerPolicy, Policy
from schemas.topics import LEDGERS, TOPICS
from streams.ledger import Ledger
from streams.log import Record
from streams.partition import Partition
from streams.progress import PROGRESS
from streams.replay import event
from streams.roles import NAMES, role_of
from streams.settings import Settings
from streams.simulated_broker import SimulatedBroker
from streams.simulated_log import SimulatedLog

BEGINS = datetime(2026, 1, 5, 12, tzinfo=UTC)
PARTITIONS = 2
HOURLY = Policy(ledger=LedgerPolicy(progress_seconds=3600))  # else a month is a quarter of a million words


class Site:
    """`say` writes platform events; `live` lets time pass and every ledger do what it has to."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.broker = SimulatedBroker(dict.fromkeys((t.name for t in TOPICS), PARTITIONS), Random(7))
        self.policy, self.settings = policy or HOURLY, Settings(partitions=PARTITIONS)
        self.now, self.started = BEGINS, 0
        self.start()

    def start(self) -> None:
        """A new process of each ledger; those before are dead, and left no word."""
        self.broker.members.clear()
        self.broker.connected.clear()
        self.broker.generation += 1
        self.started += 1
        self.ledgers: dict[str, Ledger] = {}

    def say(self, *facts: Fact) -> None:
        for fact in facts:
            key, value, headers = event(fact)
            self.broker.append(LEDGERS["intake"].name, sum(key) % PARTITIONS, key, value, headers)

    def live(self, **span: float) -> None:
        self.now += timedelta(**span)
        for _ in range(2):  # a word may go round: pulses to pools and back
            for name in NAMES:
                self._one(name)

    def _one(self, name: str) -> None:
        """One group is simulated, so each ledger joins it alone, with what it committed before."""
        broker = self.broker
        broker.members.clear()
        broker.connected.clear()
        broker.committed = self._progress(name)
        log = SimulatedLog(broker, f"{name}-{self.started}", self._wait)
        ledger = Ledger(
            role_of(name, self.settings), log, partitions=PARTITIONS, policy=lambda: self.policy, wall=lambda: self.now
        )  # fmt: skip
        ledger.join()
        idle = 0
        while idle < 6:
            broker.tick(0.01)
            idle = 0 if ledger.turn() else idle + 1
        while broker.transactions:
            broker.tick(0.01)

    def _wait(self, call: str) -> None:
        """Nobody stops these workers in the middle of a call; the broker's markers take their time."""
        if call.startswith("waiting"):
            self.broker.tick(0.01)

    def _progress(self, name: str) -> dict[int, int]:
        parts = {n: Partition(n, role_of(name, self.settings).kinds) for n in range(PARTITIONS)}
        for number, part in parts.items():
            for record in self.committed(f"{name}-rows", number):
                if record.key() == PROGRESS:
                    part.restore(PROGRESS, record.value())
        return {n: part.progress.next for n, part in parts.items() if part.found_progress}

    def committed(self, topic: str, partition: int) -> list[Record]:
        return self.broker.readable(topic, partition, 0, 1 << 30)[0]

    def all(self, topic: str) -> Iterable[Record]:
        for number in range(PARTITIONS):
            yield from self.committed(topic, number)

    def compact(self) -> None:
        for name in NAMES:
            self.broker.compact(f"{name}-rows")

    def facts(self, topic: str, read: Callable[[Record], Fact]) -> list[Fact]:
        return [read(record) for record in self.all(topic)]
