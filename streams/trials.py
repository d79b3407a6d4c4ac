"""What do the topics hold of the experiments?  Committed records only; learners in no experiment are passed over.

Decisions first, consents from the inboxes' rows (facts of a consent may be older than their topic), and then
what the learners in an experiment did.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from nudging.inbox_rows import InboxRow
from schemas.control import SourceProgressed
from schemas.topics import LEARNER_FACTS, MATCHES, NUDGES, changelog
from streams.effect import Effect
from streams.partition import key_of
from streams.progress import PROGRESS
from streams.reading import fact_in, records
from streams.settings import Settings

PROGRESSED = SourceProgressed.TYPE.encode()
Steps = Callable[[Iterator[Any], str], Iterator[Any]]


class Trials(NamedTuple):
    effect: Effect
    since: datetime | None  # from when what learners did is held; None = from the first
    through: datetime | None  # until when it was heard; None = nothing was
    decided_since: datetime | None  # from when decisions are held; None = from the first


def read(settings: Settings, steps: Steps) -> Trials:
    """`steps` passes records on, to show how far it is."""
    effect = Effect()
    begins: dict[tuple[str, int], datetime | None] = {}
    for topic in (NUDGES, MATCHES):
        for record in steps(records(settings, settings.topic(topic.name)), topic.name):
            decision, place = fact_in(record), (topic.name, record.partition)
            begins.setdefault(place, decision.seen_at if record.offset > 0 else None)
            effect.decided(decision)
    rows = changelog("inboxes").name
    for record in steps(records(settings, settings.topic(rows)), rows):
        _consent(effect, record.key, record.value)
    first: dict[int, datetime | None] = {}
    last: dict[int, datetime] = {}  # by partition of the platform's topic
    for record in steps(records(settings, settings.topic(LEARNER_FACTS.name)), LEARNER_FACTS.name):
        number = record.partition
        if number not in first:  # a partition that does not begin at 0 has lost its oldest
            first[number] = fact_in(record).seen_at if record.offset > 0 else None
        if dict(record.headers).get("ce_type") == PROGRESSED:
            told = fact_in(record)
            assert isinstance(told, SourceProgressed)
            of = told.input_partition
            last[of] = max(last.get(of, told.heard_through), told.heard_through)
        elif (record.key or b"").decode("utf-8", "replace") in effect.of:
            effect.happened(fact_in(record))
    return Trials(effect, _latest(first.values()), min(last.values(), default=None), _latest(begins.values()))


def _latest(begins: Iterable[datetime | None]) -> datetime | None:
    """From when on every partition holds all."""
    return max((at for at in begins if at is not None), default=None)


def _consent(effect: Effect, key: bytes, value: bytes | None) -> None:
    """The last word of each learner on experiments; a row that is gone leaves what was said of it."""
    if key == PROGRESS or value is None or b'"experiments"' not in value:
        return
    place = key_of(key)
    if place.kind == InboxRow.KIND and place.routing in effect.of:
        word = InboxRow.model_validate_json(value).experiments
        if word is not None:
            effect.agreed(place.routing, word.at, word.yes)
