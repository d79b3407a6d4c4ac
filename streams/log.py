"""What does a ledger need of a log?  The port, with the order of calls that keeps a ledger exact.

Three implementations ship: `kafka_log` (confluent-kafka), `memory_log` (one process, for replays) and
`simulated_log` (in memory, with crashes, for tests).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

FORGET = "python -m streams topics forget-group"
RawHeaders = list[tuple[str, bytes | None]]
Partitions = Sequence[int]


class Record(Protocol):
    """One record as read; confluent-kafka's `Message` has this shape."""

    def partition(self) -> int: ...

    def offset(self) -> int: ...

    def key(self) -> bytes | None: ...

    def value(self) -> bytes | None: ...

    def headers(self) -> RawHeaders | None: ...


@dataclass
class Stored:
    """A `Record` kept in memory, as both logs without a broker hold it."""

    where: int
    at: int
    raw_key: bytes | None
    raw_value: bytes | None
    raw_headers: RawHeaders

    def partition(self) -> int:
        return self.where

    def offset(self) -> int:
        return self.at

    def key(self) -> bytes | None:
        return self.raw_key

    def value(self) -> bytes | None:
        return self.raw_value

    def headers(self) -> RawHeaders:
        return self.raw_headers


class LogFailed(Exception):
    """The log refused or failed a call: the process ends, and the next one restores."""


class Fenced(LogFailed):
    """Another process owns the partition now: what was decided here must not count."""


class Expired(Exception):
    """What was to be read next was deleted: no restart mends it, an operator decides."""


def out_of_range(
    ledger: str, topic: str, partition: int, wanted: int, first: int, end: int
) -> Expired | LogFailed:
    """Why an offset cannot be read.  One past the end may be there again soon, after a change of leaders."""
    stands = f"partition {partition} stands at offset {wanted} of {topic}, which now"
    mend = f"stop every process of {ledger}, run `{FORGET} {ledger}`, and start them again"
    if wanted < first:
        return Expired(
            f"{stands} begins at {first}: up to {first - wanted} facts were deleted before they were read. "
            f"To go on with what is left {mend}"
        )
    return LogFailed(f"{stands} ends at {end}. If this stays, it was deleted and made anew: {mend}")


class Changelog(Protocol):
    """Reads changelog partitions, committed records only, up to the ends asked for."""

    def slice(self, limit: int) -> tuple[Iterable[Record], set[int]]:
        """Some records, and the partitions now read to their end."""

    def close(self) -> None: ...


class Log(Protocol):
    """One worker's connection: a member of the ledger's group, and a transactional producer."""

    def join(
        self, topic: str, on_assigned: Callable[[Partitions], None], on_lost: Callable[[Partitions], None]
    ) -> None:
        """Joins the group.  Both callbacks run inside `poll` alone."""

    def poll(self, limit: int, wait_s: float) -> Sequence[Record]:
        """Serves rebalances, then committed records of resumed partitions, in order.

        Raises `Expired` where the next one is not there any more.
        """

    def at_end(self, partition: int) -> bool:
        """Has `poll` handed out all that the input partition holds, as the broker says now?"""

    def committed(self, partitions: Partitions) -> Mapping[int, int | None]:
        """The group's offsets, once no transaction of a former owner is pending on them."""

    def ends(self, topic: str, partitions: Partitions) -> Mapping[int, int]:
        """High watermarks, open transactions included (never the last stable offset)."""

    def bounds(self, topic: str, partitions: Partitions) -> Mapping[int, tuple[int, int]]:
        """Where partitions begin, as retention deleted what lay before, and their high watermarks."""

    def changelog(self, topic: str, ends: Mapping[int, int]) -> Changelog: ...

    def assign(self, offsets: Mapping[int, int | None]) -> None:
        """Inside `on_assigned`: takes the partitions at these offsets (None = start), paused."""

    def resume(self, partition: int) -> None: ...

    def membership(self) -> object:
        """The group's metadata as of now; transactions are fenced by it."""

    def begin(self) -> None: ...

    def write(
        self, topic: str, partition: int | None, key: bytes | None, value: bytes | None, headers: RawHeaders
    ) -> None:
        """Adds a record to the transaction; without a partition the key's hash chooses."""

    def offsets(self, offsets: Mapping[int, int], membership: object) -> None:
        """Adds the group's offsets to the transaction; raises `Fenced` for a former member."""

    def commit(self) -> None: ...

    def close(self) -> None:
        """Leaves the group at once."""
