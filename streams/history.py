"""What would another policy have decided over the events that the topics still hold?"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.fact import Fact
from schemas.learners import LearnerEnrolled
from schemas.policy import Policy
from schemas.topics import PLATFORM_EVENTS
from streams.dialects.recognise import read
from streams.errors import Trouble
from streams.log import Stored
from streams.reading import records
from streams.replay import Replay, windows
from streams.report import Report
from streams.settings import Settings

TICK = timedelta(hours=6)
Steps = Callable[[list[tuple[datetime, list[Fact]]], str], Iterable[tuple[datetime, list[Fact]]]]


def events(settings: Settings, policy: Policy) -> list[Fact]:
    """The canonical facts of every raw event there is, in the order they happened; a repeat once."""
    key = settings.id_key.get_secret_value().encode()
    found: dict[Any, Fact] = {}
    for record in records(settings, settings.topic(PLATFORM_EVENTS.name)):
        seen_at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        for fact in read(record.value, record.headers, seen_at + timedelta(days=36_500), policy, key).facts:
            found.setdefault(fact.id, fact)
    return sorted(found.values(), key=lambda fact: (fact.at, str(fact.id)))


def compared(
    settings: Settings, old: Policy, new: Policy, steps: Steps
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The report of the same history under each policy, in figures by name."""
    facts = events(settings, old)
    if not facts:
        raise Trouble(
            "the topics hold no events any more: raise their retention, or preview without --history"
        )
    held = list(windows(facts, TICK))
    return _decided(settings, old, held, steps), _decided(settings, new, held, steps)


def _decided(
    settings: Settings, policy: Policy, held: list[tuple[datetime, list[Fact]]], steps: Steps
) -> dict[str, Any]:
    report = Report()

    def told(topic: str, fact: Fact, line: Stored) -> None:
        report.hear(fact)

    replay = Replay(settings, policy, told)
    for through, facts in steps(held, f"under {policy.version}"):
        for fact in facts:
            if isinstance(fact, LearnerEnrolled):
                report.enrolled.setdefault(fact.learner, fact.at)
        replay.step(through, facts)
    return _flat(report.as_json())


def _flat(figures: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in figures.items():
        if isinstance(value, dict):
            flat |= {f"{name.replace('_', ' ')}: {part}": count for part, count in value.items()}
        else:
            flat[name.replace("_", " ")] = value
    return flat
