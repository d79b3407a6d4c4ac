"""Through when was everything heard?  Absence is judged against that, and not at all while a feed is silent."""

from datetime import timedelta

from nudging.episodes import Heard
from nudging.pulse_rows import PulseRow
from nudging.reference_rows import HeardRow
from schemas.control import SourceProgressed
from schemas.fact import Fact, Moment
from schemas.rows import Rows, blank, changed

READER = "intake"
RETRY, DEAD_RETRY = timedelta(seconds=60), timedelta(hours=1)


def heard(rows: Rows, moment: Moment, pulse: PulseRow) -> Heard:
    """Not at all while a source partition is unheard, or while this learner's platform is silent as a whole."""
    row = rows.find(HeardRow, READER)
    through = row.heard() if row is not None else None
    if row is None or through is None:
        return Heard(None, moment.now + RETRY)
    last = row.last_heard.get(pulse.source)
    if last is not None and through - last > timedelta(hours=moment.policy.pulse.dead_feed_hours):
        return Heard(None, moment.now + DEAD_RETRY)
    return Heard(min(through, moment.now), moment.now + RETRY)


def progressed(rows: Rows, fact: SourceProgressed) -> list[Fact]:
    row = rows.find(HeardRow, fact.reader) or blank(HeardRow)
    parts = row.through.get(fact.input_topic, {})
    number = str(fact.input_partition)
    if number in parts and parts[number] >= fact.heard_through:
        return []
    last = dict(row.last_heard)
    for source, at in fact.last_heard:
        if source not in last or last[source] < at:
            last[source] = at
    rows.put(
        changed(
            row,
            through={**row.through, fact.input_topic: {**parts, number: fact.heard_through}},
            partitions={**row.partitions, fact.input_topic: fact.partitions},
            last_heard=last,
        ),
        fact.reader,
    )
    return []
