"""What does one transaction change?

Facts and wake-ups are decided on drafts; a fact that raises is parked alone, with the last line of
its traceback, and the rest goes on.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from schemas.control import ClockTicked
from schemas.fact import Fact, Moment, Wake
from schemas.ids import named, numbered
from schemas.policy import Policy
from schemas.rows import wake_of
from schemas.terms import EARLIEST
from streams import parking, trial
from streams.burst import MAX_BYTES, MAX_RECORDS, Burst, TooLarge
from streams.clock import all_ticked, at_least, ticked
from streams.draft import Draft, Due
from streams.log import Record, Stored
from streams.outlet import Outlet, outlets, tick_outlets
from streams.parking import RECORDS, last_line
from streams.partition import RowsFailed
from streams.role import HeadersFailed, Newer, Reading, Role

ENDS_THE_PROCESS = (Newer, RowsFailed, MemoryError, OSError)  # no fault of the fact at hand


@cache  # a transaction begins at every turn, with something to do or without
def _origin(topic: str) -> int:
    return named(RECORDS, topic).int


class Transaction:
    """Drafts of several partitions, with their outputs, under one snapshot of the policy."""

    def __init__(
        self, role: Role, partitions: int, policy: Policy, clock: str, stopwatch: Callable[[], float]
    ) -> None:
        self.role, self.partitions, self.policy, self.clock = role, partitions, policy, clock
        self.drafts: dict[int, Draft] = {}
        self.burst = Burst(stopwatch)
        self.folded = self.woken = self.parked = 0
        self.alone = False  # a fact under suspicion ends it: see `trial`
        self.origin = _origin(role.input.name)
        self.fallback = EARLIEST  # the clock of the record at hand, for a partition that has none yet

    # --- time --------------------------------------------------------------------------------

    def horizon(self, draft: Draft, reading: Reading | None) -> datetime | None:
        """Through when wake-ups may fire before this record; None = not now."""
        if self.clock == "facts":
            return all_ticked(draft.progress, self.role.name, self.partitions)
        if self.role.stamps or reading is None:
            return None
        return reading.seen_at

    def wake_until(self, draft: Draft, horizon: datetime | None) -> None:
        """Fires what is due, in (due, key) order, each at its own time; then it is `horizon`."""
        if horizon is None:
            return
        while (due := draft.due(horizon)) is not None:
            self.burst.room(self.folded + self.woken)
            draft.clock = at_least(draft.clock, due.at)
            self._wake(draft, due)
        draft.clock = at_least(draft.clock, horizon)
        if self.clock == "facts" and draft.progress.told != horizon:
            self.burst.room(self.folded + self.woken)
            self._tell_time(draft, horizon)

    def wake_now(self, draft: Draft) -> None:
        """What a fact asks for at once needs no later fact, nor the log's end, to happen."""
        if self.clock != "facts" and not self.role.stamps:
            self.wake_until(draft, draft.clock)

    def _tell_time(self, draft: Draft, through: datetime) -> None:
        number = draft.partition.number
        tick = ClockTicked(
            id=named(RECORDS, f"tick/{self.role.name}/{number}/{through.isoformat()}"),
            at=through,
            seen_at=through,
            source=self.role.name,
            writer=self.role.name,
            partition=number,
            partitions=self.partitions,
            through=through,
        )
        self.burst.add(list(tick_outlets(tick, self.partitions)))
        draft.progress = draft.progress.model_copy(update={"told": through})
        draft.changed = True

    # --- folding -----------------------------------------------------------------------------

    def begin(self, draft: Draft, wall: datetime) -> None:
        """Puts the rows a partition must have, once an ownership."""
        if draft.partition.begun:
            return
        draft.partition.begun = True
        for key, row in self.role.first_rows(draft.partition.number, wall).items():
            if draft.find(type(row), key.routing, key.id) is None:
                draft.put(row, key.routing, key.id)
                draft.accept()

    def read(self, draft: Draft, record: Record, wall: datetime) -> Reading:
        if draft.progress.trying is not None and (deadly := trial.deadly(draft)) is not None:
            return Reading(rejects=(deadly,), headless=trial.to_be_left(draft))
        if self.clock == "facts":
            clock = draft.clock or EARLIEST
        else:
            clock = at_least(draft.clock, wall) if self.role.stamps or draft.clock is None else draft.clock
        self.fallback = clock
        try:
            return self.role.read(record, clock, self.policy)
        except ENDS_THE_PROCESS:
            raise
        except HeadersFailed:
            return Reading(rejects=("the name of a header is not UTF-8",), headless=True)
        except Exception as error:  # a reader never raises; if one does, its record is parked as any other
            return Reading(rejects=(f"a bug while reading: {last_line(error)}",))

    def fold(self, draft: Draft, record: Record, reading: Reading) -> None:
        """Folds or parks one record; either way the progress is past it."""
        self.burst.room(self.folded + self.woken)
        offset = record.offset()
        fact = reading.facts[0] if reading.facts else None
        if reading.seen_at is not None and self.clock == "wall":
            draft.clock = at_least(draft.clock, reading.seen_at)
        if isinstance(fact, ClockTicked):
            draft.progress = ticked(draft.progress, fact)
        if draft.clock is None:
            draft.clock = reading.seen_at or self.fallback
        if reading.headless:
            record = Stored(record.partition(), offset, record.key(), record.value(), [])
        why = None
        if fact is None:
            if reading.detail is not None:
                why = self._try(draft, self._record_cause(draft, offset), reading, None)
        elif self.role.stamps or not isinstance(fact, ClockTicked):
            why = self._try(draft, fact, reading, fact.seen_at)
        for reason in reading.rejects:  # after the outcome, which may find no room and be tried again
            self._park(draft, record, reason, reading.dialect)
        if why is not None:
            self._park(draft, record, why, reading.dialect)
        self.folded += 1
        draft.next = offset + 1
        draft.changed = True

    def _wake(self, draft: Draft, due: Due) -> None:
        wake = wake_of(due.key, due.at)
        why = self._try(draft, wake, None, None)
        self.woken += 1
        draft.changed = True
        if why is not None:  # parked and cleared, or it would raise for ever
            self._park(draft, None, f"the wake-up of a row of kind {due.key.kind}: {why}", "")
            draft.quiet(due.key)

    def _try(
        self, draft: Draft, cause: Fact | Wake, reading: Reading | None, now: datetime | None
    ) -> str | None:
        """Decides on the draft.  None if it holds, else why it does not and must be parked."""
        clock = draft.clock
        assert clock is not None
        moment_now = clock if now is None else max(clock, now)
        try:
            outs: list[Outlet] = []
            for fact in self.role.fold(
                draft, Moment(cause, moment_now, self.policy, self.role.name), reading
            ):
                outs += outlets(fact, self.partitions)
            self.burst.add(outs, draft.adds())
        except TooLarge:
            draft.reject()
            if self.burst.records:
                self.burst.end()
            return f"its outcome exceeds {MAX_RECORDS} records or {MAX_BYTES} bytes"
        except ENDS_THE_PROCESS:
            raise
        except Exception as error:  # the one guard: any bug of a decision ends here
            draft.reject()
            return last_line(error)
        draft.accept()
        return None

    def _record_cause(self, draft: Draft, offset: int) -> Wake:
        """A record without a fact still causes something; its place names it."""
        at = draft.clock
        assert at is not None
        id = numbered(self.origin ^ (draft.partition.number << 64 | offset))
        return Wake(id, "record", "", "", at)

    def _park(self, draft: Draft, record: Record | None, reason: str, dialect: str) -> None:
        self.burst.force(parking.parked(self.role, draft, record, reason, dialect, self.policy.version))
        self.parked += 1
