"""The log port for one process and no broker: what is committed is a list that the next ledger reads.

Same ledgers, same rows, same partitions as on Kafka; no crashes, no time of its own.  For replays.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from kafka.partitioner.default import murmur2

from streams.log import Partitions, RawHeaders, Record, Stored


@lru_cache(maxsize=200_000)
def partition_of(key: bytes, count: int) -> int:
    """The partition a key's hash chooses: murmur2, as Java clients and librdkafka's `murmur2` do."""
    return int(murmur2(key) & 0x7FFFFFFF) % count


class MemoryBroker:
    """Topics as lists.  `tap` is told every committed record of a topic that no ledger reads, or that is `overheard`."""

    def __init__(
        self,
        partitions: int,
        read: Iterable[str],
        tap: Callable[[str, Stored], None],
        overheard: Iterable[str] = (),
    ) -> None:
        self.partitions, self.tap, self.overheard = partitions, tap, frozenset(overheard)
        self.waiting: dict[str, list[Stored]] = {topic: [] for topic in read}
        self.ends: dict[tuple[str, int], int] = {}

    def append(
        self, topic: str, partition: int | None, key: bytes | None, value: bytes | None, headers: RawHeaders
    ) -> None:
        number = partition_of(key or b"", self.partitions) if partition is None else partition
        offset = self.ends.get((topic, number), 0)
        self.ends[topic, number] = offset + 1
        line = Stored(number, offset, key, value, headers)
        if topic in self.waiting:
            self.waiting[topic].append(line)
        if topic not in self.waiting or topic in self.overheard:
            self.tap(topic, line)


class MemoryLog:
    """Implements `streams.log.Log` for the one reader of a topic, which owns all its partitions."""

    def __init__(self, broker: MemoryBroker) -> None:
        self.broker = broker
        self.topic = ""
        self.open: list[tuple[str, int | None, bytes | None, bytes | None, RawHeaders]] = []
        self._start: Callable[[Partitions], None] | None = None

    def join(
        self, topic: str, on_assigned: Callable[[Partitions], None], on_lost: Callable[[Partitions], None]
    ) -> None:
        self.topic, self._start = topic, on_assigned

    def poll(self, limit: int, wait_s: float) -> Sequence[Record]:
        if self._start is not None:
            start, self._start = self._start, None
            start(range(self.broker.partitions))
            return ()
        lines = self.broker.waiting[self.topic]
        self.broker.waiting[self.topic] = lines[limit:]
        return lines[:limit]

    def at_end(self, partition: int) -> bool:
        return not self.broker.waiting[self.topic]

    def committed(self, partitions: Partitions) -> Mapping[int, int | None]:
        return dict.fromkeys(partitions)

    def ends(self, topic: str, partitions: Partitions) -> Mapping[int, int]:
        return dict.fromkeys(partitions, 0)

    def bounds(self, topic: str, partitions: Partitions) -> Mapping[int, tuple[int, int]]:
        return dict.fromkeys(partitions, (0, 0))

    def changelog(self, topic: str, ends: Mapping[int, int]) -> "NoChangelog":
        return NoChangelog()

    def assign(self, offsets: Mapping[int, int | None]) -> None:
        """All of a topic is ours."""

    def resume(self, partition: int) -> None:
        """Nothing is ever paused."""

    def membership(self) -> object:
        return None

    def begin(self) -> None:
        self.open = []

    def write(
        self, topic: str, partition: int | None, key: bytes | None, value: bytes | None, headers: RawHeaders
    ) -> None:
        self.open.append((topic, partition, key, value, headers))

    def offsets(self, offsets: Mapping[int, int], membership: object) -> None:
        """Nobody else reads."""

    def commit(self) -> None:
        for record in self.open:
            self.broker.append(*record)

    def close(self) -> None:
        """Nothing is held."""


class NoChangelog:
    """A replay starts empty."""

    def slice(self, limit: int) -> tuple[Iterable[Record], set[int]]:
        return (), set()

    def close(self) -> None:
        """Nothing is held."""
