"""How do two runs over one history differ, and what came first?

Each decision that only one run made is assigned to a first cause, or to the cascade of one: a learner who
met other learners in a round takes another mentor, and from there all of the pool may differ.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson
from rich.console import Console
from rich.table import Table

from schemas.fact import PREFIX, Fact
from streams.errors import Trouble

COMPARED = ("matches", "rounds", "nudges")
NEED = "needs.changed.v1"  # what asked for a round, as its report says
IDS = frozenset({"pair", "round", "nudge", "advice", "episode"})

Cause = Literal[
    "who shared a round", "order of ticks", "cascade in a pool", "cascade at a person", "unexplained"
]


class Decision(NamedTuple):
    """One outside fact of a run; `body` is its own fields as they travelled."""

    topic: str
    type: str
    at: str
    subject: str
    pool: str
    body: str

    def line(self) -> bytes:
        return orjson.dumps(list(self)) + b"\n"

    def content(self) -> tuple[str, str, str, str]:
        """What was decided, without when and without ids."""
        return (
            self.topic,
            self.type,
            self.subject,
            orjson.dumps(_without_ids(orjson.loads(self.body))).decode(),
        )


def decision(topic: str, fact: Fact, value: bytes) -> Decision:
    pool = getattr(fact, "pool", None) or ""
    return Decision(
        topic, fact.TYPE.removeprefix(PREFIX), fact.at.isoformat(), fact.key, pool, value.decode()
    )


class Decisions:
    """Matches, rounds and nudges as canonical lines, so that two runs can be compared to the byte."""

    def __init__(self) -> None:
        self.made: list[Decision] = []

    def note(self, topic: str, fact: Fact, value: bytes) -> None:
        if topic in COMPARED:
            self.made.append(decision(topic, fact, value))

    def digest(self) -> str:
        """Of the sorted lines: a run through Kafka hears its topics in another order."""
        return hashlib.sha256(b"".join(sorted(each.line() for each in self.made))).hexdigest()

    def write(self, path: Path) -> None:
        path.write_bytes(b"".join(each.line() for each in self.made))


def read(path: Path) -> list[Decision]:
    """The decisions of a run, as `oulad --decisions` wrote them."""
    try:
        return [Decision(*orjson.loads(line)) for line in path.read_bytes().splitlines()]
    except (OSError, orjson.JSONDecodeError, TypeError) as error:
        raise Trouble(
            f"{path} holds no decisions: write them with `oulad --decisions {path}` ({error})"
        ) from None


@dataclass
class Comparison:
    """Decisions both made, and the others by cause, with the first of each cause."""

    same: int = 0
    causes: Counter[Cause] = field(default_factory=Counter)
    first: dict[Cause, Decision] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "decisions of both": self.same,
            "decisions of one alone": sum(self.causes.values()),
            **{f"alone: {cause}": count for cause, count in sorted(self.causes.items())},
        }

    def show(self, console: Console) -> None:
        table = Table("decisions", "count", "the first", title="Compared with the other run")
        table.add_row("of both", f"{self.same:,}", "")
        for cause, count in sorted(self.causes.items()):
            first = self.first[cause]
            table.add_row(cause, f"{count:,}", f"{first.at} {first.type} {first.subject}")
        console.print(table)


def compare(one: Iterable[Decision], other: Iterable[Decision]) -> Comparison:
    """Two runs over the same history, in any order."""
    ours, theirs = Counter(one), Counter(other)
    found = Comparison(same=(ours & theirs).total())
    alone = [(left, 0) for left in (ours - theirs).elements()] + [
        (left, 1) for left in (theirs - ours).elements()
    ]
    judge = _Judge((ours, theirs))
    for each, side in sorted(
        alone, key=lambda pair: (datetime.fromisoformat(pair[0].at), pair[0].topic != "rounds")
    ):
        cause = judge.cause(each, side)
        found.causes[cause] += 1
        found.first.setdefault(cause, each)
    return found


class _Judge:
    """Takes differences in order of time."""

    def __init__(self, runs: tuple[Counter[Decision], Counter[Decision]]) -> None:
        self.rounds = [
            {(each.pool, each.at): orjson.loads(each.body) for each in run if each.topic == "rounds"}
            for run in runs
        ]
        self.contents = [{each.content() for each in run} for run in runs]
        self.pool_of = {
            person: each.pool
            for run in runs
            for each in run
            if each.topic == "matches"
            for person in _persons(each)
        }
        self.pools: set[str] = set()  # that differ already
        self.people: set[str] = set()

    def cause(self, each: Decision, side: int) -> Cause:
        if each.topic in ("matches", "rounds"):
            return self._of_pool(each)
        if self.pool_of.get(each.subject) in self.pools:
            return "cascade in a pool"
        if each.subject in self.people:
            return "cascade at a person"
        self.people.add(each.subject)
        return "order of ticks" if each.content() in self.contents[1 - side] else "unexplained"

    def _of_pool(self, each: Decision) -> Cause:
        """A pool's clock does not wait for what pulses say of need (deploy/decisions/0002-history-by-ticks.md), so it
        may count in a round of one run and not yet in that of the other."""
        if each.pool in self.pools:
            return "cascade in a pool"
        self.pools.add(each.pool)
        one, other = (rounds.get((each.pool, each.at), {}) for rounds in self.rounds)
        if one.get("waiting") != other.get("waiting"):
            return "who shared a round"
        return "order of ticks" if NEED in (one.get("trigger"), other.get("trigger")) else "unexplained"


def _persons(each: Decision) -> Iterator[str]:
    body = orjson.loads(each.body)
    yield each.subject
    if "mentor" in body:
        yield body["mentor"]


def _without_ids(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _without_ids(value) for name, value in sorted(body.items()) if name not in IDS}
    if isinstance(body, list):
        return [_without_ids(value) for value in body]
    return body
