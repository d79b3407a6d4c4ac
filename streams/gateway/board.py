"""What does the console show?  Matches, rounds, nudges and dead letters folded into one Faust table.

Every row is small and its key names the partition it came from, so the table is bounded, and folding a
record again changes nothing: latest rows go by offset, counts remember through which offset they count.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any

from schemas.erased import mark_of
from schemas.erasure import PersonForgotten
from schemas.fact import Fact
from schemas.rounds import RoundReported
from streams.gateway.shown import counted_as, listed, round_of
from streams.outside import fact_of

KEPT = 200  # latest rows of each list kept a partition
SHOWN = 200
NAMES = 100  # counters of one partition; a reason that comes later is counted as "other"
OTHER = "other"
Rows = MutableMapping[str, Any]


def take(
    rows: Rows,
    topic: str,
    partition: int,
    offset: int,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes]],
) -> None:
    """One outside record.  What cannot be read (of a newer release, say) is counted and left."""
    try:
        fact = fact_of(topic, value, headers)
    except ValueError:  # a dead letter whose place is no number
        fact = None
    if fact is None:
        _count(rows, topic, partition, offset, "unreadable")
    else:
        fold(rows, topic, partition, offset, fact)


def fold(rows: Rows, topic: str, partition: int, offset: int, fact: Fact) -> None:
    """One outside fact; `rows` is the table (or a dict in tests)."""
    _count(rows, topic, partition, offset, counted_as(fact))
    if isinstance(fact, PersonForgotten):
        _forget(rows, fact.person)
    line = listed(fact)
    if line is not None and not any(_forgotten(person) in rows for person in _persons(fact)):
        name, row = line
        seq_key = f"seq/{partition}/{name}"
        seq, through = rows.get(seq_key) or (0, -1)
        if offset > through:
            rows[f"{name}/{partition}/{seq % KEPT}"] = {**row, "at": fact.at.isoformat(), "id": str(fact.id)}
            rows[seq_key] = [seq + 1, offset]
    if isinstance(fact, RoundReported):
        key = f"pool/{fact.pool}"
        if offset >= (rows.get(key) or {"offset": -1})["offset"]:
            rows[key] = {**round_of(fact), "offset": offset}


def _forget(rows: Rows, person: str) -> None:
    """Lists read later, of another topic, do not show the person either."""
    rows[_forgotten(person)] = True
    word = re.compile(rf"(?<![^\s;,(]){re.escape(person)}(?![^\s;,)])")
    for key, row in list(rows.items()):
        if key.startswith(("match/", "nudge/")) and any(word.search(str(text)) for text in row.values()):
            del rows[key]


def _forgotten(person: str) -> str:
    return f"forgotten/{mark_of(person)}"


def _persons(fact: Fact) -> Iterator[str]:
    for one in (fact, *getattr(fact, "items", ())):
        for name in ("learner", "mentor", "recipient", "cover", "runner_up"):
            if (person := getattr(one, name, None)) is not None:
                yield person


def _count(rows: Rows, topic: str, partition: int, offset: int, name: str) -> None:
    """One row of counters a partition and topic, with the offset through which it counts."""
    key = f"count/{partition}/{topic}"
    row = rows.get(key) or {"offset": -1, "counts": {}}
    if offset <= row["offset"]:
        return
    counts = dict(row["counts"])
    name = name if name in counts or len(counts) < NAMES else OTHER
    counts[name] = counts.get(name, 0) + 1
    rows[key] = {"offset": offset, "counts": counts}


def picture(
    rows: Mapping[str, Any],
    lag: Mapping[str, int],
    webhooks: Sequence[Mapping[str, Any]] = (),
    note: str = "",
) -> dict[str, Any]:
    """All that the console shows, as JSON: newest first, counts summed over partitions.  `note` goes before all."""
    lists: dict[str, list[dict[str, Any]]] = {"match": [], "nudge": []}
    pools: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    for key, row in list(rows.items()):
        kind, _, _ = key.partition("/")
        if kind == "count":
            counts.update(row["counts"])
        elif kind == "pool":
            pools.append(row)
        elif kind in lists:
            lists[kind].append(row)
    newest = {name: sorted(found, key=_newest, reverse=True)[:SHOWN] for name, found in lists.items()}
    return {
        "note": note,
        "pools": sorted(pools, key=lambda row: row["pool"]),
        "matches": newest["match"],
        "nudges": newest["nudge"],
        "counts": dict(sorted(counts.items())),
        "parked": {
            name.removeprefix("parked: "): n
            for name, n in sorted(counts.items())
            if name.startswith("parked: ")
        },
        "lag": dict(lag),
        "webhooks": list(webhooks),
    }


def _newest(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["at"], row["id"]
