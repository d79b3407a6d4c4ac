"""Do rows grow over a year?  A made-up programme lives one in the whole pipeline; its rows are weighed each month."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from schemas.fact import Fact
from schemas.policy import Policy
from streams.garbage import Sweeper
from streams.log import Stored
from streams.replay import Replay, windows
from streams.settings import Settings
from streams.simulate import Shape, lives

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


def year(learners: int, mentors: int, days: int = 365, seed: int = 7, partitions: int = 2) -> list[Weight]:
    """After each month of a year in which all who joined in its first weeks go on learning."""

    def told(topic: str, fact: Fact, line: Stored) -> None:
        pass

    replay, sweeper, found = (
        Replay(Settings(partitions=partitions), Policy(), told),
        Sweeper(),
        list[Weight](),
    )
    ends = START + MONTH
    for through, facts in windows(lives(Shape(seed, learners, mentors, days), START), EVERY):
        replay.step(through, facts)
        sweeper.look()
        if through >= ends:
            found += weigh(replay, len(found) // sum(len(kinds) for kinds in KINDS.values()) + 1)
            ends += MONTH
    return found


def measure(learners: int, mentors: int) -> list[dict[str, Any]]:
    return [
        {"benchmark": "rows over a year", "learners": learners, **weight._asdict()}
        for weight in year(learners, mentors)
    ]
