"""Do rows grow over a year?  A made-up programme lives one in the whole pipeline; its rows are weighed each month.

The events of 10,000 learners are some five million: they are made life by life, and wait on disk for their month.
"""

import pickle
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, NamedTuple

from schemas.codec import decode, encode
from schemas.fact import Fact
from schemas.policy import Policy
from streams.garbage import Sweeper
from streams.log import Stored
from streams.replay import Replay, windows
from streams.settings import Settings
from streams.simulate import Shape, lived

START = datetime(2026, 1, 5, tzinfo=UTC)
EVERY, MONTH = timedelta(days=1), timedelta(days=30)
KINDS = {"pulses": ("pulse", "course", "cohort", "forum"), "inboxes": ("inbox", "pending")}


class Weight(NamedTuple):
    """The rows of one kind after so many months; bytes as they stand in the changelog."""

    month: int
    kind: str
    rows: int
    mean: int
    p99: int
    most: int
    total: int


def weigh(replay: Replay, month: int) -> Iterator[Weight]:
    for ledger, kinds in KINDS.items():
        sizes: dict[str, list[int]] = {kind: [] for kind in kinds}
        for part in replay.ledgers[ledger].owned.values():
            for key, raw in part.stored.items():
                if key.kind in sizes:
                    sizes[key.kind].append(len(raw))
        for kind, found in sizes.items():
            ordered = sorted(found) or [0]
            yield Weight(
                month, kind, len(found), sum(found) // len(ordered), ordered[len(ordered) * 99 // 100], ordered[-1],
                sum(found),
            )  # fmt: skip


def year(
    learners: int, mentors: int, days: int = 365, seed: int = 7, partitions: int = 2
) -> Iterator[Weight]:
    """After each month of a year in which all who joined in its first weeks go on learning."""

    def told(topic: str, fact: Fact, line: Stored) -> None:
        pass

    replay, sweeper = Replay(Settings(partitions=partitions), Policy(), told), Sweeper()
    month = 1
    with TemporaryDirectory() as folder:
        facts = by_month(Shape(seed, learners, mentors, days), Path(folder))
        for through, held in windows(facts, EVERY):
            replay.step(through, held)
            sweeper.look()
            if through >= START + month * MONTH:
                yield from weigh(replay, month)
                month += 1


def by_month(shape: Shape, folder: Path) -> Iterator[Fact]:
    """All events in order of time, of which one month's are in memory."""
    with ExitStack() as stack:
        files: dict[int, IO[bytes]] = {}
        for fact in lived(shape, START):
            if isinstance(fact, Fact):
                month = (fact.at - START) // MONTH
                if month not in files:
                    files[month] = stack.enter_context((folder / str(month)).open("w+b"))
                wire = encode(fact)
                pickle.dump((wire.value, wire.headers), files[month])
        for month in sorted(files):
            yield from sorted(_read(files[month]), key=lambda fact: (fact.at, fact.id))


def _read(file: IO[bytes]) -> Iterator[Fact]:
    end = file.tell()
    file.seek(0)
    while file.tell() < end:
        value, headers = pickle.load(file)
        fact = decode(value, headers)
        assert isinstance(fact, Fact)
        yield fact


def measure(learners: int, mentors: int) -> Iterator[dict[str, Any]]:
    for weight in year(learners, mentors):
        yield {"benchmark": "rows over a year", "learners": learners, **weight._asdict()}
