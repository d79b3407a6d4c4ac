"""How do the pools stand now?  Their rows as the ledger's changelog holds them, read and not touched."""

from collections.abc import Iterator
from datetime import datetime

from matching.pool import ROWS
from matching.pool_rows import PoolRow
from schemas.topics import changelog
from streams.draft import Draft
from streams.partition import Partition
from streams.reading import records
from streams.settings import Settings


def pools_now(settings: Settings) -> Iterator[tuple[str, Draft, datetime | None]]:
    """Each pool with the rows of its partition and that partition's clock, in the pools' order."""
    partitions: dict[int, Partition] = {}
    for record in records(settings, settings.topic(changelog("pools").name)):
        partition = partitions.setdefault(record.partition, Partition(record.partition, ROWS))
        partition.restore(record.key, record.value)
    found: dict[str, Partition] = {}
    for partition in partitions.values():
        partition.restored()
        found |= {key.routing: partition for key in partition.stored if key.kind == PoolRow.KIND}
    for pool in sorted(found):
        yield pool, Draft(found[pool]), found[pool].progress.clock
