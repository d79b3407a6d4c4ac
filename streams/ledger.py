"""How is every fact in effect once, in order, through crashes, freezes and takeovers?

Read, decide, then one burst: rows, outputs, progress and offsets in one transaction, fenced by the
group.  Crash-only: what a retry cannot mend ends the process, and the next one restores.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from schemas.policy import Policy
from streams import parking, trial
from streams.burst import Full
from streams.clock import at_least
from streams.draft import Draft
from streams.log import Log, RawHeaders, Record
from streams.partition import Partition
from streams.role import Role, changelog_of
from streams.takeover import Takeover
from streams.transaction import Transaction

POLL_RECORDS = 5000
TURN_S = 1.0  # no transaction is begun in a turn after this
IDLE_WAIT_S = 0.02
NO_HEADERS: RawHeaders = []


class Meter(Protocol):
    """Told what happens; the process's metrics implement it."""

    def folded(self, facts: int, wakes: int, parked: int) -> None: ...

    def committed(self, records: int) -> None: ...

    def restored(self, partition: int, rows: int) -> None: ...


class Ledger:
    """One process's loop over the partitions it owns.  `join`, then `turn` again and again."""

    def __init__(
        self,
        role: Role,
        log: Log,
        *,
        partitions: int,
        policy: Callable[[], Policy],
        wall: Callable[[], datetime],
        clock: str = "wall",
        deaths: int = 0,
        release_parking: bool = False,
        meter: Meter | None = None,
        stopwatch: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.role, self.log, self.partitions = role, log, partitions
        self.policy, self.wall, self.clock = policy, wall, clock
        self.deaths, self.release_parking, self.meter = deaths, release_parking, meter
        self.stopwatch = stopwatch  # bounds how long a turn may take; stands still where runs must be alike
        self.owned: dict[int, Partition] = {}
        self.waiting: dict[int, deque[Record]] = {}
        self.takeover: Takeover | None = None
        self.membership: object = None
        self.stopping = False
        self.deciding = False  # busy with our own work, and not waiting for a broker

    # --- ownership: both run inside `poll` ---------------------------------------------------

    def _assigned(self, numbers: Sequence[int]) -> None:
        # first: while the takeover waits, frozen say, the client may join a generation that owns other partitions
        self.membership = self.log.membership()
        self.takeover = Takeover(self, numbers)

    def _lost(self, numbers: Sequence[int]) -> None:
        if self.takeover is not None:
            self.takeover.close()
            self.takeover = None
        for number in numbers:
            self.owned.pop(number, None)
            self.waiting.pop(number, None)

    def own(self, partition: Partition) -> None:
        """A takeover is done with this partition: serve it."""
        if self.release_parking:
            partition.progress = partition.progress.model_copy(update={"parked": 0, "parked_hour": None})
        parking.check_budget(self.role, partition.number, partition.progress, self.policy())
        self.owned[partition.number] = partition
        self.waiting[partition.number] = deque()
        if self.meter:
            self.meter.restored(partition.number, len(partition.stored))

    # --- the loop ----------------------------------------------------------------------------

    def join(self) -> None:
        self.log.join(self.role.input.name, self._assigned, self._lost)

    def turn(self) -> bool:
        """Polls once (which serves rebalances first), then folds what it has.  True if it did anything.

        What cannot be folded in a while waits for the next turn, and less is polled then: a worker that is behind
        stays a member of its group, and is seen to live.
        """
        until = self.stopwatch() + TURN_S
        busy = self.takeover is not None
        expected: dict[int, int] = {}
        held = sum(map(len, self.waiting.values()))
        for record in self.log.poll(max(1, POLL_RECORDS - held), 0.0 if busy or held else IDLE_WAIT_S):
            number, offset = record.partition(), record.offset()
            if number in self.owned and offset >= (expected.get(number) or self._expected(number)):
                expected[number] = offset + 1
                self.waiting[number].append(record)
        if self.takeover is not None and self.takeover.step():
            self.takeover = None
        while (transaction := self._decided()) is not None:
            busy = True
            self._commit(transaction)
            if self.stopwatch() > until:
                break
        return busy

    def lag(self, number: int) -> int:
        """Records polled but not folded; what is not polled yet the broker's lag tells."""
        return len(self.waiting[number])

    def _expected(self, number: int) -> int:
        """The next offset to take; facts below it were folded already and are dropped."""
        queue = self.waiting[number]
        return queue[-1].offset() + 1 if queue else self.owned[number].progress.next

    def _decided(self) -> Transaction | None:
        self.deciding = True
        transaction = self._decide()
        self.deciding = False
        return transaction

    def _decide(self) -> Transaction | None:
        """One transaction's worth of decisions, or None when there is nothing to decide."""
        transaction = Transaction(self.role, self.partitions, self.policy(), self.clock, self.stopwatch)
        for number, partition in list(self.owned.items()):
            draft = Draft(partition)
            with suppress(Full):
                self._fold_partition(transaction, draft, self.waiting[number])
            if draft.changed:
                transaction.drafts[number] = draft
            if transaction.burst.full or transaction.alone:
                self.owned[number] = self.owned.pop(number)  # the others go first next time
                break
        return transaction if transaction.drafts else None

    def _fold_partition(self, transaction: Transaction, draft: Draft, queue: "deque[Record]") -> None:
        wall = self.wall()
        transaction.begin(draft, wall)
        wary = trial.suspects(draft, self.deaths)
        while queue:
            record = queue[0]
            if wary and trial.must_try_alone(draft, record, self.deaths):
                transaction.alone = True
                return
            reading = transaction.read(draft, record, wall)
            if (horizon := transaction.horizon(draft, reading)) is not None:
                transaction.wake_until(draft, horizon)
            transaction.fold(draft, record, reading)
            queue.popleft()
            if draft.heap:
                transaction.wake_now(draft)
            if wary and draft.progress.trying is not None:
                trial.settle(draft)
                transaction.alone = True
                return
        if self.clock == "facts":
            transaction.wake_until(draft, transaction.horizon(draft, None))
        elif draft.due(wall) is not None and self.log.at_end(draft.partition.number):
            draft.clock = at_least(draft.clock, wall)
            transaction.wake_until(draft, wall)

    def _commit(self, transaction: Transaction) -> None:
        """One burst: nothing is decided between `begin` and `commit`."""
        log, changelog = self.log, changelog_of(self.role).name
        log.begin()
        write = log.write
        for out in transaction.burst.outputs:
            write(*out)
        for number, draft in transaction.drafts.items():
            for key, value in draft.changes():
                write(changelog, number, key, value, NO_HEADERS)
        log.offsets({n: d.next for n, d in transaction.drafts.items()}, self.membership)
        log.commit()
        for draft in transaction.drafts.values():
            draft.keep()
        if self.meter:
            self.meter.folded(transaction.folded, transaction.woken, transaction.parked)
            self.meter.committed(transaction.burst.records)
        for number, draft in transaction.drafts.items():
            parking.check_budget(self.role, number, draft.progress, transaction.policy)
