"""What would another policy have decided over the events that the topics still hold?"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from schemas.fact import Fact
from schemas.learners import LearnerEnrolled
from schemas.policy import Policy
from schemas.topics import PLATFORM_EVENTS
from streams.dialects.recognise import read
from streams.errors import Trouble, Usage
from streams.log import Stored
from streams.reading import records
from streams.replay import TICK, Replay, windows
from streams.report import Report
from streams.settings import Settings
from streams.volume import People, Stretch, Volume
from streams.what_if import WhatIf

Steps = Callable[[list[tuple[datetime, list[Fact]]], str], Iterable[tuple[datetime, list[Fact]]]]

FAR = timedelta(days=36_500)


class Kept(NamedTuple):
    facts: list[Fact]  # in the order they happened; a repeat once
    since: datetime | None  # what was told before is gone, by retention; None = all there ever was is held


def _as_they_are(records: Iterator[Any]) -> Iterator[Any]:
    return records


def kept(
    settings: Settings, policy: Policy, steps: Callable[[Iterator[Any]], Iterator[Any]] = _as_they_are
) -> Kept:
    """The canonical facts of every raw event that intake takes.  `steps` passes records on, to show how far it is."""
    key = settings.id_key.get_secret_value().encode()
    found: dict[Any, Fact] = {}
    begins: dict[int, datetime | None] = {}  # by partition
    # on the facts' clock an event may be of any time; on the wall clock intake parks one from the future
    ahead = FAR if settings.clock == "facts" else timedelta(0)
    for record in steps(records(settings, settings.topic(PLATFORM_EVENTS.name))):
        seen_at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        facts = tuple(read(record.value, record.headers, seen_at + ahead, policy, key).facts)
        if record.partition not in begins:
            told_at = facts[0].at if facts and settings.clock == "facts" else seen_at
            begins[record.partition] = told_at if record.offset else None
        for fact in facts:
            found.setdefault(fact.id, fact)
    lost = [at for at in begins.values() if at is not None]
    return Kept(sorted(found.values(), key=lambda fact: (fact.at, str(fact.id))), max(lost, default=None))


def events(settings: Settings, policy: Policy) -> list[Fact]:
    return kept(settings, policy).facts


def compared(
    settings: Settings, old: Policy, new: Policy, steps: Steps
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The report of the same history under each policy, in figures by name."""
    held = list(windows(_some(events(settings, old)), TICK))
    return _decided(settings, old, held, steps), _decided(settings, new, held, steps)


def nudged(
    settings: Settings, facts: list[Fact], old: Policy, new: Policy, steps: Steps,
    since: datetime | None = None, until: datetime | None = None,
) -> WhatIf:  # fmt: skip
    """What people hear in a stretch of the history under each policy; the time before it is replayed, too, and not counted."""
    facts = _some(facts)
    first, last = facts[0].at, facts[-1].at
    stretch = Stretch(since or first, min(until or last + TICK, last + TICK))
    if stretch.since >= stretch.until:
        raise Usage(
            f"the events held are from {first:%Y-%m-%d} to {last:%Y-%m-%d}: choose --from and --until within"
        )
    held = list(windows(facts, TICK))
    volumes = []
    for policy in (old, new):
        volume = Volume(stretch)
        _live(settings, policy, held, steps, volume.hear)
        volumes.append(volume)
    operators = len({each.id for policy in (old, new) for each in policy.operators})
    return WhatIf(
        old.version, new.version, stretch, People(facts), volumes[0], volumes[1], last, operators
    )  # fmt: skip


def _some(facts: list[Fact]) -> list[Fact]:
    if not facts:
        raise Trouble(
            "the topics hold no events any more: raise their retention, or preview the pools as they stand"
        )
    return facts


def _decided(
    settings: Settings, policy: Policy, held: list[tuple[datetime, list[Fact]]], steps: Steps
) -> dict[str, Any]:
    report = Report()
    for _, facts in held:
        for fact in facts:
            if isinstance(fact, LearnerEnrolled):
                report.enrolled.setdefault(fact.learner, fact.at)
    _live(settings, policy, held, steps, report.hear)
    return _flat(report.as_json())


def _live(
    settings: Settings, policy: Policy, held: list[tuple[datetime, list[Fact]]], steps: Steps,
    hear: Callable[[Fact], None],
) -> None:  # fmt: skip
    """`hear` is told every outside fact that the policy decides over the history."""

    def told(topic: str, fact: Fact, line: Stored) -> None:
        hear(fact)

    replay = Replay(settings, policy, told)
    for through, facts in steps(held, f"under {policy.version}"):
        replay.step(through, facts)


def _flat(figures: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in figures.items():
        if isinstance(value, dict):
            flat |= {f"{name.replace('_', ' ')}: {part}": count for part, count in value.items()}
        else:
            flat[name.replace("_", " ")] = value
    return flat
