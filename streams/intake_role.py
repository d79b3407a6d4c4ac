"""The intake ledger's role: raw records in any dialect to facts, on the deployment's clock."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from schemas.codec import decode
from schemas.control import ClockTicked
from schemas.fact import Fact, Moment, Wake
from schemas.policy import Policy
from schemas.rows import Row, RowKey, Rows, changed
from schemas.topics import PLATFORM_EVENTS
from streams import intake
from streams.dialects.reading import Read
from streams.dialects.recognise import read
from streams.intake import Place, ProgressRow
from streams.log import Record
from streams.role import Reading, headers_of

TICK_HEADER = "mentorway-tick"  # the feed's ticks alone carry it, on the facts' clock
FEED_AHEAD = timedelta(days=2)  # a feed tells at most this much beyond its last tick


class IntakeRole:
    """Implements `streams.role.Role`; stamps `seen_at`."""

    name = "intake"
    input = PLATFORM_EVENTS
    kinds: Mapping[str, type[Row]] = intake.ROWS
    stamps = True
    asides: Mapping[str, Callable[[Rows, Moment], Fact]] = {}

    def __init__(self, partitions: int, clock: str, key: bytes) -> None:
        self.partitions, self.clock, self.key = partitions, clock, key

    def read(self, record: Record, clock: datetime, policy: Policy) -> Reading:
        headers = headers_of(record)
        place = Place(self.input.name, record.partition(), self.partitions)
        if self.clock == "facts" and any(name == TICK_HEADER for name, _ in headers):
            tick = decode(record.value(), headers)
            if isinstance(tick, ClockTicked):
                return Reading((tick,), (), tick.seen_at, "feed", (None, place))
        seen_at = clock + FEED_AHEAD if self.clock == "facts" else clock
        found = read(record.value(), headers, seen_at, policy, self.key)
        if self.clock == "facts":
            found = found._replace(facts=[_at_clock(fact, clock) for fact in found.facts])
        return Reading(found.facts, found.rejects, clock, found.dialect, (found, place))

    def fold(self, rows: Rows, moment: Moment, reading: Reading | None) -> list[Fact]:
        if reading is None:
            assert isinstance(moment.cause, Wake)
            number = int(moment.cause.row)
            return intake.wake(rows, moment, Place(self.input.name, number, self.partitions))
        assert isinstance(reading.detail, tuple)
        found, place = reading.detail
        if found is None:
            tick = reading.facts[0]
            assert isinstance(tick, ClockTicked)
            return intake.ticked(rows, moment, tick, place)
        assert isinstance(found, Read)
        return intake.fold(rows, moment, found, place)

    def first_rows(self, partition: int, wall: datetime) -> Mapping[RowKey, Row]:
        """On the wall clock a partition wakes by itself, to say how far it was heard."""
        if self.clock == "facts":
            return {}
        return {RowKey(ProgressRow.KIND, "", str(partition)): ProgressRow(wake_at=wall)}


def _at_clock(fact: Fact, clock: datetime) -> Fact:
    return changed(fact, seen_at=max(fact.at, clock))
