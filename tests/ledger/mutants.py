"""The ledger's rules, each broken on purpose: a schedule must catch every one."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from streams.draft import Draft
from streams.ledger import Ledger
from streams.log import LogFailed, Partitions, Record
from streams.partition import Partition
from streams.simulated_log import SimulatedChangelog, SimulatedLog
from streams.takeover import Takeover
from streams.transaction import Transaction

Mutant = tuple[type[Ledger], type[SimulatedLog]]


class RestoresToStableEnd(SimulatedLog):
    """Rule: restore to the high watermark, not to the last stable offset."""

    def ends(self, topic: str, partitions: Partitions) -> Mapping[int, int]:
        super().ends(topic, partitions)
        return {n: self.broker.topics[topic][n].stable_end() for n in partitions}


class DoesNotWaitForStableOffsets(SimulatedLog):
    """Rule: `committed` waits until no transaction of the former owner is pending."""

    def _pending(self, partitions: Partitions) -> bool:
        return False


class ReadsOpenTransactions(SimulatedLog):
    """Rule: the changelog is read committed."""

    def changelog(self, topic: str, ends: Mapping[int, int]) -> SimulatedChangelog:
        return _Uncommitted(self, topic, ends)


class _Uncommitted(SimulatedChangelog):
    def slice(self, limit: int) -> tuple[list[Record], set[int]]:
        self.log.pause("slice")
        ends, self.ends = self.ends, {}
        records: list[Record] = []
        for number, end in ends.items():
            records += [
                e for e in self.log.broker.topics[self.topic][number].entries[:end] if e.raw_key is not None
            ]
        return records, set(ends)


class OffsetsOutsideTheTransaction(SimulatedLog):
    """Rule: offsets are part of the transaction, fenced with it."""

    def offsets(self, offsets: Mapping[int, int], membership: object) -> None:
        self.pause("offsets")
        self.broker.committed.update(offsets)


class OutputsOutsideTheTransaction(SimulatedLog):
    """Rule: outputs, rows and progress stand in one transaction."""

    def write(self, topic, partition, key, value, headers):  # type: ignore[no-untyped-def]
        if topic.endswith("-rows"):
            super().write(topic, partition, key, value, headers)
            return
        self.pause("write")
        number = 0 if partition is None else partition
        self.broker.append(topic, number, key, value, headers)


class NoOffsetsForWakeUps(Ledger):
    """Rule: every transaction sends an offset for each partition it touches, wake-ups too."""

    def _commit(self, transaction: Transaction) -> None:
        if transaction.folded == 0:
            log = self.log
            real, log.offsets = log.offsets, lambda offsets, membership: None  # type: ignore[method-assign]
            try:
                super()._commit(transaction)
            finally:
                log.offsets = real  # type: ignore[method-assign]
        else:
            super()._commit(transaction)


class MembershipAtCommit(Ledger):
    """Rule: group metadata is taken in the assignment callback, with the state it fences."""

    def _commit(self, transaction: Transaction) -> None:
        self.membership = self.log.membership()
        super()._commit(transaction)


class KeepsRevokedPartitions(Ledger):
    """Rule: what is revoked is forgotten at once."""

    def _lost(self, numbers: object) -> None:
        if self.takeover is not None:
            self.takeover.close()
            self.takeover = None

    def own(self, partition: Partition) -> None:
        if partition.number not in self.owned:
            super().own(partition)


class FoldsOldOffsets(Ledger):
    """Rule: facts below the expected offset are dropped."""

    def _expected(self, number: int) -> int:
        return 0

    def own(self, partition: Partition) -> None:
        super().own(partition)
        self.log.positions[partition.number] = max(0, partition.progress.next - 2)  # type: ignore[attr-defined]


class TrustsTheGroup(Ledger):
    """Rule: start where the progress row says, not where the group says while a commit is pending."""

    def _assigned(self, numbers: object) -> None:
        self.log._pending = lambda partitions: False  # type: ignore[attr-defined]
        super()._assigned(numbers)  # type: ignore[arg-type]
        takeover = self.takeover
        assert takeover is not None
        takeover.__class__ = _Trusting


class _Trusting(Takeover):
    def _serve(self, partition: Partition) -> None:
        stable = self.stable[partition.number]
        partition.progress = partition.progress.model_copy(update={"next": stable or 0})
        partition.restored()
        self.ledger.own(partition)
        self.ledger.log.resume(partition.number)


class StopsRestoringEarly(Ledger):
    """Rule: restore all of the changelog before serving."""

    def _assigned(self, numbers: object) -> None:
        super()._assigned(numbers)  # type: ignore[arg-type]
        assert self.takeover is not None
        self.takeover.reader.ends = {n: min(1, e) for n, e in self.takeover.reader.ends.items()}  # type: ignore[attr-defined]


class ProgressNotWritten(Ledger):
    """Rule: progress is a row, written with the others."""

    def _commit(self, transaction: Transaction) -> None:
        for draft in transaction.drafts.values():
            rows = list(draft.changes())[:-1]
            draft.changes = partial(iter, rows)  # type: ignore[method-assign]
        super()._commit(transaction)


class WakesAheadOfTheBacklog(Ledger):
    """Rule: the wall clock counts only at the log's end."""

    def _decide(self) -> Transaction | None:
        self.log.at_end = lambda partition: True  # type: ignore[method-assign]
        for number, partition in self.owned.items():
            draft, transaction = (
                Draft(partition),
                Transaction(self.role, self.partitions, self.policy(), self.clock, self.stopwatch),
            )
            wall = self.wall()
            if draft.due(wall) is not None:
                draft.clock = wall
                transaction.wake_until(draft, wall)
                transaction.drafts[number] = draft
                return transaction
        return super()._decide()


class ClockGoesBack(Ledger):
    """Rule: a partition's clock never goes back."""

    def _decide(self) -> Transaction | None:
        for partition in self.owned.values():
            clock: datetime | None = partition.progress.clock
            if clock is not None and self.waiting[partition.number]:
                partition.progress = partition.progress.model_copy(update={"clock": None})
        return super()._decide()


class RepeatsAfterFailure(Ledger):
    """Rule: crash-only. A failed transaction is never simply tried again."""

    def _commit(self, transaction: Transaction) -> None:
        try:
            super()._commit(transaction)
        except LogFailed:
            for draft in transaction.drafts.values():
                list(draft.changes())
                draft.keep()
            self.log.txn = None  # type: ignore[attr-defined]


class KeepsWhatAPoisonFactWrote(Ledger):
    """Rule: a fact that raises leaves no trace but its dead letter."""

    def _decide(self) -> Transaction | None:
        Draft.reject = Draft.accept  # type: ignore[method-assign]
        try:
            return super()._decide()
        finally:
            Draft.reject = _REJECT  # type: ignore[method-assign]


_REJECT = Draft.reject

MUTANTS: dict[str, Mutant] = {
    cls.__name__: (Ledger, cls) if issubclass(cls, SimulatedLog) else (cls, SimulatedLog)
    for cls in (
        RestoresToStableEnd,
        DoesNotWaitForStableOffsets,
        ReadsOpenTransactions,
        OffsetsOutsideTheTransaction,
        OutputsOutsideTheTransaction,
        NoOffsetsForWakeUps,
        MembershipAtCommit,
        KeepsRevokedPartitions,
        FoldsOldOffsets,
        TrustsTheGroup,
        StopsRestoringEarly,
        ProgressNotWritten,
        WakesAheadOfTheBacklog,
        ClockGoesBack,
        RepeatsAfterFailure,
        KeepsWhatAPoisonFactWrote,
    )
}
