"""Through when was everything heard?  Absence is judged against that, and not at all while a feed is silent."""

from datetime import datetime, timedelta

from nudging.dead_feed import DeadFeed, still_told
from nudging.episodes import Heard
from nudging.pulse_rows import PulseRow
from nudging.reference_rows import READER, HeardRow
from schemas.control import SourceProgressed
from schemas.fact import Fact, Moment
from schemas.rows import Rows, blank, changed

MAX_SOURCES = 64
RETRY, RETRY_AT_MOST = timedelta(seconds=60), timedelta(hours=1)


def heard(rows: Rows, moment: Moment, pulse: PulseRow) -> Heard:
    """Through when all was heard; None while a source partition is unheard, or the learner's platform is silent as a whole.

    A platform that goes by another name now may never again speak of who is silent, so the policy tells the new name.
    """
    row = rows.find(HeardRow, READER)
    through = row.heard() if row is not None else None
    if row is None or through is None:
        return Heard(None, moment.now + RETRY)
    source = moment.policy.renamed_sources.get(pulse.source, pulse.source)
    last = row.last_heard.get(source)
    if last is not None and through - last > timedelta(hours=moment.policy.pulse.dead_feed_hours):
        return Heard(None, moment.now + RETRY_AT_MOST, DeadFeed(source, last))
    return Heard(min(through, moment.now), _again(moment.now, through))


def _again(now: datetime, through: datetime) -> datetime:
    """Each minute while all is heard; the longer an intake stands still, the seldomer all who wait for it look."""
    return now + min(max(RETRY, (now - through) / 16), RETRY_AT_MOST)


def progressed(rows: Rows, moment: Moment, fact: SourceProgressed) -> list[Fact]:
    """Notes how far a partition was heard, and which silences that ends.

    Anybody may make up a source's name, so the row keeps `MAX_SOURCES`, and those that the policy lists before all others.
    """
    row = rows.find(HeardRow, fact.reader) or blank(HeardRow)
    parts = row.through.get(fact.input_topic, {})
    number = str(fact.input_partition)
    if number in parts and parts[number] >= fact.heard_through:
        return []
    last = dict(row.last_heard)
    for source, at in fact.last_heard:
        if source not in last or last[source] < at:
            last[source] = at
    known = moment.policy.sources
    kept = sorted(last, key=lambda name: (name in known, last[name], name))[-MAX_SOURCES:]
    last = {name: last[name] for name in kept}
    told, said = still_told(moment, row, last)
    rows.put(
        changed(
            row,
            through={**row.through, fact.input_topic: {**parts, number: fact.heard_through}},
            partitions={**row.partitions, fact.input_topic: fact.partitions},
            last_heard=last,
            told=told,
        ),
        fact.reader,
    )
    return said
