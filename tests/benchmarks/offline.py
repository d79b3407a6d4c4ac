"""Speed of the real path of one ledger without a broker: read, decide, evolve, route, rows, bytes."""

import resource
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid5

from nudging import inbox, pulse
from schemas.activity import ActivitySeen
from schemas.advice import AdviceGiven
from schemas.codec import decode, encode
from schemas.control import SourceProgressed
from schemas.fact import Fact
from schemas.learners import CourseJoined
from schemas.nudges import PersonProfiled
from schemas.policy import Policy
from schemas.rows import Row
from streams.garbage import Sweeper
from streams.intake_role import IntakeRole
from streams.ledger import Ledger
from streams.log import RawHeaders
from streams.memory_log import MemoryBroker, MemoryLog
from streams.oulad import Source
from streams.partition import row_bytes
from streams.role import FactRole, Role
from streams.row_sizes import of_partitions
from tests.ledger.schedule import SEED
from tests.memory import START

PARTITIONS = 4
SAMPLE = 20_000
NOON = (12 - START.hour) % 24  # hours after the start of a day of the benchmark


def drive(
    role: Role, facts: Iterator[Fact], most: int = 10**9, hours: float = 0
) -> tuple[int, float, Ledger]:
    """Folds all of it through a real ledger on a log in memory: facts, CPU seconds, and the ledger."""
    written = [0]

    def tap(topic: str, line: Any) -> None:
        written[0] += 1

    broker = MemoryBroker(PARTITIONS, [role.input.name], tap)
    policy = Policy()
    ledger = Ledger(
        role,
        MemoryLog(broker),
        partitions=PARTITIONS,
        policy=lambda: policy,
        wall=lambda: START + timedelta(days=9, hours=hours),
    )
    ledger.join()
    ledger.turn()
    spent, count, held = 0.0, 0, 0
    sweeper = Sweeper()  # as a worker has it
    lines: list[tuple[bytes, bytes, RawHeaders]] = []
    for fact in facts:
        wire = encode(fact)
        lines.append((wire.key, wire.value, [*wire.headers]))
        held += 1
        if held == 5000 or count + held >= most:
            spent += _fold(broker, ledger, role, lines, sweeper)
            count, held = count + held, 0
            lines.clear()
            if count >= most:
                break
    if lines:
        spent += _fold(broker, ledger, role, lines, sweeper)
        count += held
    return count, spent, ledger


def _fold(
    broker: MemoryBroker,
    ledger: Ledger,
    role: Role,
    lines: list[tuple[bytes, bytes, RawHeaders]],
    sweeper: Sweeper,
) -> float:
    for key, value, headers in lines:
        broker.append(role.input.name, None, key, value, headers)
    started = time.process_time()
    while ledger.turn():
        sweeper.look()
    return time.process_time() - started


def beside(
    name: str, a_second: float, facts: Iterator[Fact], rows: Sequence[Row] = ()
) -> dict[str, int | float]:
    """A speed, and beside it that of a consumer that decides nothing: it reads such facts, writes each again, and with
    it one of these rows."""
    wires = [encode(fact) for fact in islice(facts, SAMPLE)]
    written = list(islice(cycle(rows), len(wires)))
    started = time.process_time()
    for wire in wires:
        fact = decode(wire.value, wire.headers)
        assert isinstance(fact, Fact)
        encode(fact)
    for row in written:
        row_bytes(row)
    alone = len(wires) / (time.process_time() - started)
    return {name: round(a_second), "without_deciding": round(alone), "ratio": round(a_second / alone, 3)}


def rows_of(ledger: Ledger, kind: str) -> list[Row]:
    """Some rows of one kind, as they stand in the ledger."""
    found = (part.read(key) for part in ledger.owned.values() for key in part.stored if key.kind == kind)
    return [row for row in islice(found, SAMPLE) if row is not None]


def learners(count: int, facts: int) -> Iterator[Fact]:
    """Many learners of one course: each joins, then activity of random ones."""
    chance = Random(5)
    for number in range(PARTITIONS):
        yield SourceProgressed(
            id=uuid5(SEED, f"heard{number}"), at=START, seen_at=START, source="intake", reader="intake",
            input_topic="platform-events", input_partition=0, partitions=1, heard_through=START,
        )  # fmt: skip
    for number in range(count):
        yield CourseJoined(
            id=uuid5(SEED, f"j{number}"), at=START, seen_at=START, source="academy", learner=f"academy:learner-{number}",
            course="course-1", programme="programme-1",
        )  # fmt: skip
    for number in range(facts):
        at = START + timedelta(seconds=number // 40)
        yield ActivitySeen(
            id=uuid5(SEED, f"a{number}"), at=at, seen_at=at, source="academy", course="course-1", item="item-7",
            learner=f"academy:learner-{chance.randrange(count)}", kind="view",
        )  # fmt: skip


def pulses(count: int = 100_000, facts: int = 200_000) -> dict[str, Any]:
    """Pulses over `count` learners: facts a CPU second, and the process's memory after them."""
    made, spent, ledger = drive(FactRole("pulses", pulse.ROWS, pulse.fold), learners(count, facts))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rows = of_partitions(ledger.owned.values())
    return {
        "benchmark": "pulses", "learners": count, "facts": made,
        **beside("facts_a_cpu_second", made / spent, learners(count // 10, facts), rows_of(ledger, "pulse")),
        "megabytes": megabytes,
        "row_bytes_p50": rows[len(rows) // 2], "row_bytes_p99": rows[len(rows) * 99 // 100],
    }  # fmt: skip


def intake(facts: int = 100_000) -> dict[str, Any]:
    """Intake of canonical events: recognise, check, re-key, route."""
    made, spent, _ = drive(IntakeRole(PARTITIONS, "wall", b""), learners(10_000, facts))
    speed = beside("facts_a_cpu_second", made / spent, learners(1000, facts))
    return {"benchmark": "intake", "facts": made, **speed}


def advised(people: int, count: int) -> Iterator[Fact]:
    """Profiles of as many learners, then advice to random ones at noon, of an episode each."""
    chance, noon = Random(6), START + timedelta(days=9, hours=NOON)
    for number in range(people):
        yield PersonProfiled(
            id=uuid5(SEED, f"p{number}"), at=START, seen_at=START, source="academy", person=f"academy:learner-{number}",
            role="learner", time_zone="UTC", language="en",
        )  # fmt: skip
    for number in range(count):
        learner = f"academy:learner-{chance.randrange(people)}"
        yield AdviceGiven(
            id=uuid5(SEED, f"g{number}"), at=noon, seen_at=noon, source="pulses", advice=uuid5(SEED, f"v{number}"),
            episode=uuid5(SEED, f"e{number}"), signal="L2", rung=1, recipient=learner, role="learner", kind="reengage",
            learner=learner, course="course-1", expires_at=noon + timedelta(days=14), figures=(("days", 7),),
        )  # fmt: skip


def inboxes(people: int = 20_000, count: int = 60_000) -> dict[str, Any]:
    """Inboxes over advice: one of three is said at once, the others are held for another day."""
    role = FactRole("inboxes", inbox.ROWS, inbox.fold)
    facts = advised(people, count)
    _, before, _ = drive(role, islice(facts, people))
    _, spent, ledger = drive(role, advised(people, count), hours=NOON)
    waits = sum(key.kind == "pending" for part in ledger.owned.values() for key in part.stored)
    return {
        "benchmark": "inboxes", "people": people, "advices": count, "held": waits,
        **beside(
            "advices_a_cpu_second", count / (spent - before), islice(advised(people, count), people, None),
            rows_of(ledger, "inbox"),
        ),
    }  # fmt: skip


def oulad_pulses(folder: Path, most: int = 200_000) -> dict[str, Any]:
    """The same over real learners' clicks, in their real order."""
    made, spent, ledger = drive(FactRole("pulses", pulse.ROWS, pulse.fold), Source(folder).events(), most)
    speed = beside("facts_a_cpu_second", made / spent, Source(folder).events(), rows_of(ledger, "pulse"))
    return {"benchmark": "pulses, real clicks", "facts": made, **speed}
