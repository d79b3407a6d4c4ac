"""How large are the rows of a ledger?  Bytes of their values as they stand in its changelog."""

from collections.abc import Iterable, Mapping
from typing import Any

from streams.ledger import Ledger
from streams.partition import Partition


def of_ledgers(ledgers: Mapping[str, Ledger]) -> dict[str, Any]:
    """Figures by name: how many rows each ledger holds, and their bytes at the middle, the 99th percentile and the most."""
    found: dict[str, Any] = {}
    for name, ledger in ledgers.items():
        sizes = of_partitions(ledger.owned.values())
        if sizes:
            found[f"{name}: rows"] = len(sizes)
            found[f"{name}: row bytes p50"] = sizes[len(sizes) // 2]
            found[f"{name}: row bytes p99"] = sizes[len(sizes) * 99 // 100]
            found[f"{name}: row bytes at most"] = sizes[-1]
    return found


def of_partitions(partitions: Iterable[Partition]) -> list[int]:
    """The bytes of each row, from the smallest on."""
    return sorted(len(raw) for partition in partitions for raw in partition.stored.values())
