"""A platform has fallen silent as a whole, so absence opens nothing: do the operators of its learners know?

Each hears of a silence once: as soon as an absence waits that would open or climb by now, had the platform been heard.
So a platform that rests while nobody is to be missed is no news.  Every partition of the pulses tells it by itself under
the same ids, made of the platform and its last word, and an inbox takes one advice once: no partition is in charge, and
none waits for another.  A partition knows its own learners alone, so how many are concerned is not told.
That the platform speaks again is told to nobody, as nothing is left to do: what was told and not said yet is taken back.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from nudging.ladder import Ladder
from nudging.pulse_rows import Episode
from nudging.reference_rows import READER, HeardRow
from nudging.settled import EPISODES, Settled, programme_of, recipients_of
from nudging.table import BY_NAME
from schemas.advice import AdviceGiven, AdviceWithdrawn
from schemas.fact import Fact, Moment, Wake
from schemas.ids import named
from schemas.rows import Rows, blank, changed

NAME = "dead_feed"
GOOD_FOR = timedelta(days=7)


class DeadFeed(NamedTuple):
    """`since`: the last word of the platform, the same for whoever has heard every partition through its silence."""

    source: str
    since: datetime


def tell(out: Settled, ladder: Ladder, episode: Episode | None, rows: Rows, dead: DeadFeed) -> None:
    """Tells the operator who answers for this learner, unless that one knows.

    Only when woken: a fact may be the first that the platform says again, ahead of the word that all was heard.
    """
    policy = out.moment.policy.pulse
    if NAME in policy.off or not isinstance(out.moment.cause, Wake):
        return
    if not _waits(ladder, episode, out.moment.now, policy.too_late_days) or not _in_term(out):
        return
    found = next(recipients_of(out, ladder, "operator"), None)
    if found is None:
        return
    row = rows.find(HeardRow, READER) or blank(HeardRow)
    told = row.told.get(dead.source, ())
    if found[0] in told:
        return
    rows.put(changed(row, told={**row.told, dead.source: (*told, found[0])}), READER)
    about, id = BY_NAME[NAME], _episode(dead.source, dead.since)
    days = (out.moment.now - dead.since).days
    out.said.append(
        out.moment.fact(
            AdviceGiven, str(id), found[0], advice=named(id, found[0]), episode=id, signal=NAME, rung=1,
            recipient=found[0], role=found[1], kind=about.kind, priority=about.priority,
            programme=programme_of(out, ladder) or None, expires_at=out.moment.now + GOOD_FOR,
            figures=(("source", dead.source), ("since", dead.since.date().isoformat()), ("days", days)),
        )
    )  # fmt: skip


def still_told(
    moment: Moment, row: HeardRow, last: Mapping[str, datetime]
) -> tuple[dict[str, tuple[str, ...]], list[Fact]]:
    """Who was told of the silences that go on.  What was told of the others, and may not have been said yet, is taken back.

    One ends when the platform speaks, or goes by another name now.
    """
    lasting, said = dict[str, tuple[str, ...]](), list[Fact]()
    for source, told in row.told.items():
        renamed = source in moment.policy.renamed_sources
        if last.get(source) == row.last_heard[source] and not renamed:
            lasting[source] = told
            continue
        id = _episode(source, row.last_heard[source])
        said += [
            moment.fact(
                AdviceWithdrawn, str(id), operator, advice=named(id, operator), episode=id, recipient=operator,
                reason="superseded" if renamed else "recovered",
            )
            for operator in told
        ]  # fmt: skip
    return lasting, said


def _episode(source: str, since: datetime) -> UUID:
    return named(EPISODES, f"{NAME}/{source}/{since.isoformat()}")


def _waits(ladder: Ladder, episode: Episode | None, now: datetime, too_late_days: int) -> bool:
    """Would this open, or its next rung fire, had all been heard through now?"""
    if episode is None and ladder.absence:
        return ladder.opens_at <= now and not ladder.too_late(now, too_late_days)
    fired = 0 if episode is None else episode.rung
    return ladder.due(now, now, fired) != ladder.due(now, None, fired)


def _in_term(out: Settled) -> bool:
    """Does the learner have a place that has begun, is on no break, and whose told end has not passed?

    Else the platform may well be silent, though a proposed match or a pair waits all the same.
    """
    now = out.moment.now
    for course in out.pulse.courses.values():
        begins, ends = course.begins_at, course.last_end
        begun = begins is not None and begins <= now and (ends is None or now < ends)
        if begun and course.active and not course.on_break(now):
            return True
    return False
