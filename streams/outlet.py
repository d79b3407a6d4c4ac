"""Where does a fact go?  Topic, partition, key and bytes of every output of a ledger."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.codec import encode
from schemas.control import ClockTicked, FactParked
from schemas.fact import Fact, caused_by
from schemas.rows import changed
from schemas.topics import DEAD_LETTERS, LEDGERS, readers_of_clock
from streams.log import RawHeaders, Record

HEADERS_OF_OURS, MOST_HEADERS_OF_OURS = 800, 13  # bytes and count at the most: sources and keys are bounded


class Outlet(NamedTuple):
    """One record to be written; partition None = the key's hash chooses."""

    topic: str
    partition: int | None
    key: bytes | None
    value: bytes | None
    headers: RawHeaders

    def size(self) -> int:
        """Bytes on the wire, rather too many than too few."""
        size = len(self.value or b"") + HEADERS_OF_OURS
        if len(self.headers) > MOST_HEADERS_OF_OURS:  # a dead letter: it carries the original's, too
            size += sum(len(name) + len(value or b"") for name, value in self.headers)
        return size


def outlets(fact: Fact, partitions: int) -> list[Outlet]:
    """One record a fact; a course-wide fact has one copy for each partition, with an id of its own."""
    if fact.COURSE_WIDE and getattr(fact, "learner", None) is None:
        return [
            _outlet(changed(fact, id=caused_by(fact.id, str(number))), number) for number in range(partitions)
        ]
    return [_outlet(fact, None)]


def _outlet(fact: Fact, partition: int | None) -> Outlet:
    topic, key, value, headers = encode(fact)
    return Outlet(topic, partition, key, value, headers)


def tick_outlets(tick: ClockTicked, partitions: int) -> Iterator[Outlet]:
    """A tick goes to every partition of every ledger that waits for its writer."""
    wire = encode(tick)
    for reader in readers_of_clock(tick.writer):
        for number in range(partitions):
            yield Outlet(LEDGERS[reader].name, number, wire.key, wire.value, [*wire.headers])


def parked_outlet(parked: FactParked, record: Record | None) -> Outlet:
    """The original bytes, with where they came from and why they were set aside as headers."""
    wire = encode(parked)
    headers: RawHeaders = [
        *wire.headers,
        ("parked_topic", parked.topic.encode()),
        ("parked_partition", str(parked.partition).encode()),
        ("parked_offset", str(parked.offset).encode()),
        ("parked_reason", parked.reason.encode()),
        ("parked_dialect", parked.dialect.encode()),
    ]
    value: bytes | None = None
    if record is not None:
        value = record.value()
        headers += [(f"orig_{name}", raw) for name, raw in record.headers() or []]
        headers.append(("orig_key", record.key()))  # the last of all, None too: a header may be named `key`
    return Outlet(DEAD_LETTERS.name, None, wire.key, value, headers)
