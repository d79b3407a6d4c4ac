"""Workers on the simulated log, stopped, crashed and frozen at every call by a seeded schedule."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, ClassVar
from uuid import UUID, uuid5

from greenlet import GreenletExit, getcurrent, greenlet

from schemas.activity import ActivitySeen
from schemas.codec import decode, encode
from schemas.control import ClockTicked
from schemas.fact import Fact, Moment, Wake
from schemas.matches import LearnerWaitlisted
from schemas.policy import Policy
from schemas.rows import Row, Rows, blank, changed
from streams.ledger import Ledger
from streams.log import LogFailed
from streams.partition import PROGRESS, key_of
from streams.role import FactRole
from streams.simulated_broker import SimulatedBroker
from streams.simulated_log import SimulatedLog
from streams.takeover import Mismatch

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
SEED = UUID("7d7f7a0a-5d3c-5c57-9d4c-0d8a3f2b9e11")
WAKES_A_ROW = 3
TOPICS = {"learner-facts": 2, "pulses-rows": 2, "matches": 2, "dead-letters": 2, "person-facts": 2}


class CountRow(Row):
    """Facts and wake-ups folded under one key, in order: nothing can hide in it."""

    KIND: ClassVar[str] = "count"
    seen: tuple[str, ...] = ()
    wakes: int = 0


def fold(rows: Rows, moment: Moment) -> list[Fact]:
    cause = moment.cause
    if isinstance(cause, ClockTicked):
        return []
    key = cause.routing if isinstance(cause, Wake) else cause.key
    row = rows.find(CountRow, key) or blank(CountRow)
    if isinstance(cause, Wake):
        again = moment.now + timedelta(seconds=1) if row.wakes + 1 < WAKES_A_ROW else None
        row = changed(row, wakes=row.wakes + 1, wake_at=again)
    else:
        assert isinstance(cause, ActivitySeen)
        rows.put(changed(row, seen=(*row.seen, "broken")), key)
        if cause.kind == "forum":
            raise RuntimeError("a poison fact")
        wake = row.wake_at or (moment.now + timedelta(seconds=1) if row.wakes < WAKES_A_ROW else None)
        row = changed(row, seen=(*row.seen, str(cause.id)), wake_at=wake)
    rows.put(row, key)
    return [
        moment.fact(
            LearnerWaitlisted, learner=key, since=moment.now, binding="no_capacity",
            would_change=f"{'wake' if isinstance(cause, Wake) else 'fact'} {cause.id}",
        )
    ]  # fmt: skip


ROLE = FactRole("pulses", {"count": CountRow}, fold)


@cache  # the same in every schedule
def activity(number: int, at: float, poison: bool = False) -> ActivitySeen:
    when = EPOCH + timedelta(seconds=max(0.0, at - 0.5 * (number % 4 == 3)))  # some were seen out of order
    return ActivitySeen(
        id=uuid5(SEED, str(number)), at=when, seen_at=when, source="p", learner=f"p:{number % 3}",
        kind="forum" if poison else "view",
    )  # fmt: skip


wire = cache(encode)  # the same in every schedule, too


class Died(GreenletExit):
    pass


class Schedule:
    """One seeded run: `facts` are appended as time passes, workers do what chance lets them."""

    def __init__(
        self, seed: int, *, workers: int = 2, facts: int = 12, clock: str = "wall", chaos: bool = True,
        crashing: bool = True, freezing: bool = True, ledger: type[Ledger] = Ledger, log: type[SimulatedLog] = SimulatedLog, poison: Sequence[int] = (5,),
    ) -> None:  # fmt: skip
        self.chance = Random(seed)
        self.broker = SimulatedBroker(TOPICS, self.chance)
        self.ledger_class, self.log_class, self.clock, self.chaos = ledger, log, clock, chaos
        self.crashing, self.freezing = crashing, freezing
        self.todo = [activity(n, 0.3 * n, n in poison) for n in range(facts)]
        self.told = list(self.todo)
        self.alive: dict[str, greenlet] = {}
        self.frozen: dict[str, float] = {}
        self.asleep: dict[str, str] = {}
        self.idle: set[str] = set()
        self.started = self.crashes = self.freezes = self.mismatches = 0
        self.workers = workers
        self.ticked = EPOCH
        self.main = getcurrent()
        self.failures: list[BaseException] = []

    # --- workers -------------------------------------------------------------------------------

    def start(self) -> None:
        self.started += 1
        name = f"w{self.started}"

        def pause(call: str) -> None:
            self.main.switch(call)

        def work() -> None:
            log = self.log_class(self.broker, name, pause)
            ledger = self.ledger_class(
                ROLE, log, partitions=2, policy=lambda: POLICY, wall=lambda: EPOCH + timedelta(seconds=self.broker.now),
                clock=self.clock,
            )  # fmt: skip
            try:
                ledger.join()
                while True:
                    ledger.turn()
            except Mismatch:
                self.mismatches += 1
            except LogFailed:
                pass  # crash-only: the process ends

        self.alive[name] = greenlet(work, self.main)

    def crash(self, name: str) -> None:
        """As kill -9: not one more call of its reaches the broker."""
        worker = self.alive.pop(name)
        self.frozen.pop(name, None)
        self.broker.connected.pop(name, None)
        if worker:
            worker.throw(Died)
        self.crashes += 1

    # --- the run -------------------------------------------------------------------------------

    def run(self, limit: int = 6000) -> None:
        for _ in range(self.workers):
            self.start()
        for step in range(limit):
            calm = not self.chaos or step > limit // 2
            self._world(calm)
            if not self.todo and self.alive.keys() <= self.idle and self._done():
                break
            self._one(calm)
        for name in list(self.alive):
            self.crash(name)

    def _world(self, calm: bool) -> None:
        if calm:
            self.broker.tick(0.1)
        elif self.alive.keys() <= self.idle | self.frozen.keys():  # all wait: broker, fact or hour
            for _ in range(3 if self.broker.transactions else 10):
                self.broker.tick(0.1)
        else:
            self.broker.tick(self.chance.choice((0.0, 0.01, 0.05, 0.3)))
        while self.todo and 0.3 * (len(self.told) - len(self.todo)) <= self.broker.now:
            self._append(self.todo.pop(0))
        if self.chaos and self.chance.random() < 0.01:
            self.broker.compact("pulses-rows")
        while len(self.alive) < self.workers:
            self.start()

        if self.clock == "facts":
            self._tick()

    def _tick(self) -> None:
        """The feed's word, one for each writer's partition, that all facts before it were told."""
        through = (
            self.told[len(self.told) - len(self.todo)].seen_at if self.todo else EPOCH + timedelta(seconds=60)
        )
        through -= timedelta(seconds=1)
        if through <= self.ticked:
            return
        self.ticked = through
        for writer in ("intake", "pools"):
            for number in range(2):
                tick = ClockTicked(
                    id=uuid5(SEED, f"{writer}{number}{through}"), at=through, seen_at=through, source=writer,
                    writer=writer, partition=number, partitions=2, through=through,
                )  # fmt: skip
                _, key, value, headers = wire(tick)
                for partition in range(2):
                    self.broker.append("learner-facts", partition, key, value, [*headers])

    def _append(self, fact: Fact) -> None:
        topic, key, value, headers = wire(fact)
        self.broker.append(topic, ord(fact.key[-1]) % 2, key, value, [*headers])

    def _one(self, calm: bool) -> None:
        for name, until in list(self.frozen.items()):
            if until <= self.broker.now:  # awake again: its own threads go on, where they were
                del self.frozen[name]
                if name in self.asleep:
                    self.broker.connected[name] = self.asleep.pop(name)
        awake = [name for name in self.alive if name not in self.frozen]
        if not awake:
            self.broker.tick(0.5)
            return
        name = self.chance.choice(awake)
        worker, call = self.alive[name], ""
        self.idle.discard(name)
        for _ in range(self.chance.randrange(1, 12)):
            before, call = call, worker.switch()
            if worker.dead:
                self.alive.pop(name, None)
                self.broker.connected.pop(name, None)
                return
            dice = 0.5 if calm else self.chance.random()
            if dice < (0.006 if self.crashing else 0.0):
                self.crash(name)
                return
            if self.freezing and dice > (0.94 if call in RISKY else 0.9975):
                self.freeze(name)
                return
            if (before, call) in IN_VAIN:  # until time has passed, another would be the same
                self.idle.add(name)
                return

    def freeze(self, name: str) -> None:
        """As SIGSTOP: nothing of it moves, its heartbeats included."""
        self.frozen[name] = self.broker.now + self.chance.choice((0.5, 5.5, 7.0, 14.0))
        if (topic := self.broker.connected.pop(name, None)) is not None:
            self.asleep[name] = topic
        self.freezes += 1

    def _done(self) -> bool:
        if self.todo or self.broker.transactions:
            return False
        return all(
            self.broker.committed.get(p, 0) >= len(log.entries)
            for p, log in enumerate(self.broker.topics["learner-facts"])
        ) and all(r.wake_at is None for r in self.rows().values())

    # --- what the committed log says -------------------------------------------------------------

    def committed(self, topic: str, partition: int) -> list[Any]:
        return self.broker.readable(topic, partition, 0, 1 << 30)[0]

    def rows(self) -> dict[str, CountRow]:
        """Of every key the last record: what a restored worker would know."""
        last = {
            record.key(): record.value()
            for number in range(2)
            for record in self.committed("pulses-rows", number)
            if record.key() not in (None, PROGRESS)
        }
        return {
            key_of(key).routing: CountRow.model_validate_json(raw)
            for key, raw in last.items()
            if raw is not None
        }

    def outputs(self) -> list[LearnerWaitlisted]:
        found = []
        for number in range(2):
            for record in self.committed("matches", number):
                fact = decode(record.value(), record.headers())
                assert isinstance(fact, LearnerWaitlisted)
                found.append(fact)
        return found

    def parked(self) -> list[str]:
        return [
            dict(r.headers())["parked_reason"].decode()
            for n in range(2)
            for r in self.committed("dead-letters", n)
        ]

    def verdict(self) -> list[str]:
        """Everything that is wrong; empty = every fact and wake-up in effect once, every output once, in order."""
        wrong: list[str] = []
        if not self._done():
            wrong.append("did not settle")
        rows, outs = self.rows(), self.outputs()
        good = [f for f in self.told if f.kind != "forum"]
        for learner in sorted({f.learner for f in self.told}):
            want = tuple(str(f.id) for f in good if f.learner == learner)
            row = rows.get(learner, CountRow())
            if row.seen != want:
                wrong.append(f"{learner}: folded {len(row.seen)} of {len(want)}, or out of order")
            mine = [o for o in outs if o.learner == learner]
            told = [o.would_change.split()[1] for o in mine if o.would_change.startswith("fact")]
            if tuple(told) != want:
                wrong.append(f"{learner}: told {len(told)} of {len(want)} outputs, or out of order")
            wakes = [o for o in mine if o.would_change.startswith("wake")]
            if len(wakes) != row.wakes or (want and row.wakes != WAKES_A_ROW):
                wrong.append(f"{learner}: {len(wakes)} wake outputs for {row.wakes} wake-ups")
            first: dict[str, datetime] = {str(f.id): f.seen_at for f in good}
            late = EPOCH
            for out in mine:  # no wake-up ahead of a fact that was seen before it fell due
                kind, cause = out.would_change.split()
                late = max(late, out.at) if kind == "wake" else late
                if kind == "fact" and late > first[cause] + ARRIVES:
                    wrong.append(f"{learner}: a wake-up fired ahead of a fact in the log")
                    break
        at = {o.would_change.split()[1]: o.at for o in outs}
        for number in range(2):
            times = [at[str(f.id)] for f in good if ord(f.key[-1]) % 2 == number and str(f.id) in at]
            if self.clock == "wall" and times != sorted(times):
                wrong.append(f"partition {number}: the clock went back")
        if len({o.id for o in outs}) != len(outs):
            wrong.append("an output stands twice")
        poison = [f for f in self.told if f.kind == "forum"]
        if len(self.parked()) != len(poison):
            wrong.append(f"parked {len(self.parked())} of {len(poison)}")
        return wrong


ARRIVES = timedelta(seconds=1.2)
POLICY = Policy()
# the call before and this one: a turn that found nothing to do, or a wait that is not over
IN_VAIN = {("polled", "poll"), *((f"waiting for {what}",) * 2 for what in ("markers", "stable offsets"))}
RISKY = frozenset(
    {"polled", "at_end", "begin", "offsets", "offsets sent", "committed, answered", "ends, answered"}
    | {"waiting for markers"}
)
