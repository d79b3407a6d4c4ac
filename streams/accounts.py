"""Is every raw record accounted for?  Folded, of no interest by name, or parked: the three add up."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from streams.intake import ROWS, TallyRow
from streams.outside import Reader
from streams.partition import Partition, key_of
from streams.progress import PROGRESS
from streams.settings import Settings


def of_partitions(partitions: Iterable[Partition]) -> list[TallyRow]:
    """The tally rows of partitions held in this process."""
    return [
        TallyRow.model_validate_json(raw)
        for partition in partitions
        for key, raw in partition.stored.items()
        if key.kind == TallyRow.KIND
    ]


def of_changelog(settings: Settings) -> list[TallyRow]:
    """The tally rows as intake's changelog holds them."""
    reader = Reader(settings, ["intake-rows"])
    found: dict[tuple[int, bytes], bytes] = {}
    for _, message in reader.all():
        key = message.key()
        if key is not None and key != PROGRESS and key_of(key).kind in ROWS and message.value() is not None:
            found[message.partition(), key] = message.value()
    reader.close()
    return [
        TallyRow.model_validate_json(raw)
        for (_, key), raw in found.items()
        if key_of(key).kind == TallyRow.KIND
    ]


def add_up(tallies: Iterable[TallyRow]) -> dict[str, Any]:
    """Sums over partitions.  Each record here carried one event, so records = folded + ignored + parked."""
    records = folded = parked = 0
    ignored: Counter[str] = Counter()
    for tally in tallies:
        records, folded, parked = records + tally.records, folded + tally.folded, parked + tally.parked
        ignored.update(tally.ignored)
    return {
        "records": records,
        "folded": folded,
        "parked": parked,
        "ignored": sum(ignored.values()),
        **{f"ignored: {name}": n for name, n in sorted(ignored.items())},
    }
