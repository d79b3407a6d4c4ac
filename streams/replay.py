"""What would be decided over a stretch of history?  All four ledgers in one process, no Kafka between.

The same ledgers over a log in memory, on the facts' clock: between two ticks each ledger folds what
it got and fires what fell due, in the order intake, pools, pulses, inboxes.  Every run decides the same.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from schemas.codec import encode
from schemas.control import ClockTicked
from schemas.fact import Fact
from schemas.policy import Policy
from schemas.terms import EARLIEST
from schemas.topics import CLOCK_WRITERS, LEDGERS
from streams.dialects.reading import event_id
from streams.intake_role import TICK_HEADER
from streams.ledger import Ledger
from streams.log import RawHeaders, Stored
from streams.memory_log import MemoryBroker, MemoryLog
from streams.outside import fact_of
from streams.role import Role
from streams.roles import NAMES, role_of
from streams.settings import Settings

Told = Callable[[str, Fact, Stored], None]
TICK = timedelta(hours=6)  # of virtual time between two ticks, where nobody asks for another


def tick(partition: int, partitions: int, through: datetime) -> tuple[bytes, RawHeaders]:
    """The feed's word to one partition of platform-events: all before `through` was told."""
    fact = ClockTicked(
        id=event_id("feed", f"{partition}/{through.isoformat()}"), at=through, seen_at=through, source="feed",
        writer=CLOCK_WRITERS["intake"][0], partition=partition, partitions=partitions, through=through,
    )  # fmt: skip
    wire = encode(fact)
    return wire.value, [*wire.headers, (TICK_HEADER, b"1")]


def event(fact: Fact) -> tuple[bytes, bytes, RawHeaders]:
    """A canonical fact as a platform writes it; one person's events share a key, so they stay in order."""
    wire = encode(fact)
    person = getattr(fact, "learner", None) or getattr(fact, "mentor", None)
    return wire.key if person is None else person.encode(), wire.value, [*wire.headers]


def windows(facts: Iterable[Fact], every: timedelta) -> Iterator[tuple[datetime, list[Fact]]]:
    """Facts in order of time as (tick, what happened up to it); ticks without facts between are told too."""
    through: datetime | None = None
    held: list[Fact] = []
    for fact in facts:
        if through is None:
            through = fact.at.replace(hour=0, minute=0, second=0, microsecond=0)
            yield through, []
            through += every
        while fact.at > through:
            yield through, held
            held, through = [], through + every
        held.append(fact)
    if through is not None:
        yield through, held


class Replay:
    """The pipeline in one process.  `told` hears every fact on the outside topics, and on the `overheard` inner ones.

    `instead`: other roles in the place of a ledger's own, by its name.
    """

    def __init__(
        self,
        settings: Settings,
        policy: Policy,
        told: Told,
        *,
        instead: Mapping[str, Role] | None = None,
        overheard: Collection[str] = (),
    ) -> None:
        settings = settings.model_copy(update={"clock": "facts"})
        self.partitions = settings.partitions
        self.broker = MemoryBroker(
            self.partitions, [t.name for t in LEDGERS.values()], self._tap, overheard=overheard
        )
        self.told = told
        self.through = EARLIEST
        self.ledgers = {
            name: Ledger(
                (instead or {}).get(name) or role_of(name, settings), MemoryLog(self.broker), partitions=self.partitions, policy=lambda: policy,
                wall=self._wall, clock="facts",
            )
            for name in NAMES
        }  # fmt: skip
        for ledger in self.ledgers.values():
            ledger.join()
            ledger.turn()

    def _wall(self) -> datetime:
        return self.through

    def _tap(self, topic: str, line: Stored) -> None:
        if topic.endswith("-rows"):
            return
        fact = fact_of(topic, line.value(), [(n, v) for n, v in line.headers() if v is not None])
        assert fact is not None, topic
        self.told(topic, fact, line)

    def run(
        self, facts: Iterable[Fact], every: timedelta, progress: Callable[[datetime, int], None] | None = None
    ) -> None:
        """Feeds all of it, tick by tick; `progress` hears each tick and how many facts it brought."""
        for through, held in windows(facts, every):
            self.step(through, held)
            if progress is not None:
                progress(through, len(held))
        while any(ledger.turn() for ledger in self.ledgers.values()):
            pass  # what pulses say to pools at the last tick

    def step(self, through: datetime, held: Iterable[Fact]) -> None:
        self.through = through
        topic = LEDGERS["intake"].name
        for fact in held:
            self.broker.append(topic, None, *event(fact))
        for number in range(self.partitions):
            value, headers = tick(number, self.partitions, through)
            self.broker.append(topic, number, b"tick", value, headers)
        for name in NAMES:
            while self.ledgers[name].turn():
                pass
