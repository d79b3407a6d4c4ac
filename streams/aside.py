"""Who works out what takes too long for a ledger's turn?  A process of its own, on a copy of a pool's rows.

A committed row that asks is seen after a turn.  A thread hands its rows over in slices, so the ledger's
turns go on; the answer is a fact for the ledger's own input, and goes the way of every other.  Nothing is
remembered here: where the worker dies meanwhile, the row's wake-up asks anew.  On the facts' clock the half
hour that an answer may take can pass in a moment, so a row is taken only once it has asked for a second.
"""

import logging
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Protocol

from confluent_kafka import Producer

from schemas.codec import encode
from schemas.fact import Fact, Moment
from schemas.policy import Policy
from schemas.rows import Row, RowKey, Rows, wake_of
from streams.draft import Draft
from streams.partition import Partition
from streams.settings import Settings, Share

SLICE = 1000  # rows handed over at once: a millisecond or so
LEAST = 19  # niceness
FLUSH_S = 5.0
REMEMBERED = 64
STANDS_S = 1.0

Work = Callable[[Rows, Moment], Fact]  # the cause of the moment is the row that asks

log = logging.getLogger("mentorway")


class Asked(Protocol):
    """What of a role is looked at."""

    name: str
    kinds: Mapping[str, type[Row]]
    asides: Mapping[str, Work]  # by the kind of the row that asks


class Aside:
    """One worker's; `look` after each turn, then `answers` are to be sent."""

    def __init__(
        self, role: Asked, policy: Callable[[], Policy], share: Share = "idle", stands_s: float = STANDS_S
    ) -> None:
        self.role, self.policy, self.share, self.stands_s = role, policy, share, stands_s
        self.answers: queue.SimpleQueue[Fact] = queue.SimpleQueue()
        self.taken: deque[tuple[RowKey, bytes]] = deque(maxlen=REMEMBERED)
        self.thread: threading.Thread | None = None
        self.process: SpawnProcess | None = None
        self.newest: tuple[tuple[RowKey, bytes], float] | None = None  # what asks next, and since when
        self.over = False  # the worker ends
        self.late = False  # was this one ended, as nobody waits for it any more?

    def look(self, owned: Mapping[int, Partition]) -> None:
        """Begins with the first row that asks and was not taken yet, if nothing is under way."""
        if self.thread is not None and self.thread.is_alive():
            self._end_if_late(owned)
            return
        first = next(self._asking(owned), None)
        if first is not None and self._stands((first[1], first[2])):
            partition, key, raw = first
            self.taken.append((key, raw))
            self._begin(partition, key)

    def _asking(self, owned: Mapping[int, Partition]) -> Iterator[tuple[Partition, RowKey, bytes]]:
        """Rows that ask and were not taken yet."""
        for partition in owned.values():
            for (kind, routing), ids in partition.indexed.items():
                for id in sorted(ids) if kind in self.role.asides else ():
                    key = RowKey(kind, routing, id)
                    raw = partition.stored.get(key)
                    if raw is not None and (key, raw) not in self.taken:
                        yield partition, key, raw

    def end(self) -> None:
        """With the worker: what is under way is asked for anew by the next."""
        self.over = True
        if self.process is not None:
            self.process.kill()

    def _stands(self, ask: tuple[RowKey, bytes]) -> bool:
        if self.newest is None or self.newest[0] != ask:
            self.newest = ask, time.monotonic()
        return time.monotonic() - self.newest[1] >= self.stands_s

    def _end_if_late(self, owned: Mapping[int, Partition]) -> None:
        """Who asked has asked anew, or is not ours any more: nobody waits for this answer.

        What got no time from an idle class in all that while is not left to it a second time.
        """
        key, raw = self.taken[-1]
        if self.process is not None and all(each.stored.get(key) != raw for each in owned.values()):
            self.late = True
            self.process.kill()

    def _begin(self, partition: Partition, key: RowKey) -> None:
        rows = [(other, raw) for other, raw in partition.stored.items() if other.routing == key.routing]
        clock = partition.progress.clock
        assert clock is not None
        self.thread = threading.Thread(
            target=self._work, args=(rows, key, clock, self.policy()), name="aside", daemon=True
        )
        self.thread.start()

    def _work(self, rows: list[tuple[RowKey, bytes]], key: RowKey, clock: datetime, policy: Policy) -> None:
        ours, theirs = get_context("spawn").Pipe()
        share = "nice" if self.late and self.share == "idle" else self.share
        self.late = False
        process = get_context("spawn").Process(
            target=_solve, args=(theirs, dict(self.role.kinds), self.role.asides[key.kind], self.role.name, key, clock, policy, share),
            daemon=True,
        )  # fmt: skip
        process.start()
        theirs.close()
        self.process = process
        try:
            for start in range(0, len(rows), SLICE):
                ours.send(rows[start : start + SLICE])
            ours.send(None)
            self.answers.put(ours.recv())
        except (EOFError, OSError):
            if not self.over:
                log.log(
                    logging.INFO if self.late else logging.WARNING,
                    "%s: what was asked for aside by %s was not answered",
                    self.role.name,
                    "/".join(key),
                )
        finally:
            ours.close()
            self.process = None
            process.join()


def speaker(settings: Settings) -> Callable[[Fact], None]:
    """Sends a fact to its topic outside of any transaction: a repeat is harmless, and a lost one asked for anew."""
    made: list[Producer] = []

    def say(fact: Fact) -> None:
        if not made:
            made.append(
                Producer(
                    {**settings.confluent(), "enable.idempotence": True, "partitioner": "murmur2_random"}
                )
            )
        topic, key, value, headers = encode(fact)
        made[0].produce(settings.topic(topic), value, key, headers=headers)
        made[0].flush(FLUSH_S)

    return say


def give_way(share: Share) -> None:
    """Lets the ledgers go first on this machine: at equal priority a review would slow down every match."""
    if share == "idle" and hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    elif share != "equal":
        os.nice(LEAST)


def _solve(
    told: Connection, kinds: dict[str, type[Row]], work: Work, source: str, key: RowKey, clock: datetime, policy: Policy,
    share: Share,
) -> None:  # fmt: skip
    give_way(share)
    partition = Partition(0, kinds)
    while (rows := told.recv()) is not None:
        partition.stored.update(rows)
    partition.restored()
    told.send(work(Draft(partition), Moment(wake_of(key, clock), clock, policy, source)))
