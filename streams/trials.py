"""What do the topics hold of the experiments?  Committed records only; learners in no experiment are passed over.

Decisions first, consents from the inboxes' rows (facts of a consent may be older than their topic), and then
what the learners in an experiment did.
"""

from collections.abc import Callable, Iterator
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


def read(settings: Settings, steps: Steps) -> Trials:
    """`steps` passes records on, to show how far it is."""
    effect = Effect()
    for topic in (NUDGES, MATCHES):
        for record in steps(records(settings, settings.topic(topic.name)), topic.name):
            effect.decided(fact_in(record))
    rows = changelog("inboxes").name
    for record in steps(records(settings, settings.topic(rows)), rows):
        _consent(effect, record.key, record.value)
    first: dict[int, datetime | None] = {}
    last: dict[int, datetime] = {}  # by partition of the platform's topic
    for record in steps(records(settings, settings.topic(LEARNER_FACTS.name)), LEARNER_FACTS.name):
        number = record.partition
        if number not in first:  # a topic that does not begin at 0 has lost its oldest
            first[number] = fact_in(record).seen_at if record.offset > 0 else None
        if dict(record.headers).get("ce_type") == PROGRESSED:
            told = fact_in(record)
            assert isinstance(told, SourceProgressed)
            place = told.input_partition
            last[place] = max(last.get(place, told.heard_through), told.heard_through)
        elif (record.key or b"").decode("utf-8", "replace") in effect.of:
            effect.happened(fact_in(record))
    cut = [at for at in first.values() if at is not None]
    return Trials(effect, max(cut, default=None), min(last.values(), default=None))


def _consent(effect: Effect, key: bytes, value: bytes | None) -> None:
    """The last word of each learner on experiments; a row that is gone leaves what was said of it."""
    if key == PROGRESS or value is None or b'"experiments"' not in value:
        return
    place = key_of(key)
    if place.kind == InboxRow.KIND and place.routing in effect.of:
        word = InboxRow.model_validate_json(value).experiments
        if word is not None:
            effect.agreed(place.routing, word.at, word.yes)
