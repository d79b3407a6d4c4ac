"""Who stands in for a mentor who is away?

The pair stays; the cover has a pair id and hours of their own, either side may decline, and it ends when
the mentor is back.  Looked for only after a mentor went away or hours came free, and after all who
have no mentor at all.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from matching.affinity import terms
from matching.announce import pair_id
from matching.market import Market, open_market
from matching.places import fits
from matching.remembering import with_past
from matching.rows import LearnerRow, MentorRow
from matching.standing import takers
from matching.table import table_of
from matching.views import Learner, learner_view
from schemas.fact import Fact, Moment, caused_by
from schemas.matches import MatchState, PairAnnounced
from schemas.pairs import CoverEnded, CoverOffered
from schemas.rows import Rows, changed
from schemas.terms import Side

EndOfCover = Literal["mentor_back", "declined", "pair_ended", "cover_left", "cover_paused"]


def needs_cover(row: LearnerRow, mentor: MentorRow | None, moment: Moment) -> bool:
    """A confirmed pair whose mentor is away for long, and nobody stands in yet."""
    days = moment.policy.pool.cover_days
    if row.state != "confirmed" or row.cover is not None or mentor is None or not days:
        return False
    if not mentor.here or mentor.takes_at(moment.now) or mentor.paused_at is None:
        return False
    return mentor.paused_until is None or mentor.paused_until - mentor.paused_at >= timedelta(days=days)


def end_cover(
    rows: Rows, moment: Moment, pool: str, learner: str, row: LearnerRow, reason: EndOfCover
) -> list[Fact]:
    if row.cover is None or row.cover_pair is None or row.mentor is None:
        return []
    cover = rows.find(MentorRow, pool, row.cover)
    if cover is not None:
        covers = {other: minutes for other, minutes in cover.covers.items() if other != learner}
        rows.put(changed(cover, covers=covers), pool, row.cover)
    past = with_past(row.past, row.cover, moment.now, reason) if reason == "declined" else row.past
    rows.put(changed(row, cover=None, cover_pair=None, past=past), pool, learner)
    ended = moment.fact(
        CoverEnded, str(row.cover_pair), pool=pool, programme=row.programme, pair=row.cover_pair,
        learner=learner, mentor=row.mentor, cover=row.cover, reason=reason,
    )  # fmt: skip
    return [ended, *_told(moment, pool, learner, row, row.cover, row.cover_pair, "ended")]


def end_needless(
    rows: Rows, moment: Moment, pool: str, covered: dict[str, LearnerRow], mentors: dict[str, MentorRow]
) -> list[Fact]:
    """Cover ends where the mentor is back."""
    said: list[Fact] = []
    for learner, row in covered.items():
        mentor = mentors.get(row.mentor or "")
        if mentor is not None and mentor.takes_at(moment.now):
            said += end_cover(rows, moment, pool, learner, row, "mentor_back")
    return said


class Covers(NamedTuple):
    """What was said, how many learners got a cover and how many nobody, and whether some were not looked at yet."""

    said: list[Fact]
    made: int
    none: int
    more: bool


NO_COVERS = Covers([], 0, 0, False)


def offer(rows: Rows, moment: Moment, pool: str) -> Covers:
    """Cover for every learner who needs it, with the hours that are left.

    One call offers at most as many as a round may place.  Those for whom nobody is found keep nobody else waiting;
    they are looked at again when hours come free.
    """
    policy, now = moment.policy, moment.now
    mentors = dict(rows.scan(MentorRow, pool))
    alone = [
        (id, row)
        for mentor in mentors.values()
        if mentor.here and not mentor.takes_at(now)
        for id in mentor.mentees
        if (row := rows.find(LearnerRow, pool, id)) is not None and needs_cover(row, mentor, moment)
    ]
    alone.sort(key=lambda each: (each[1].paired_at or now, each[0]))
    if not alone:
        return NO_COVERS
    table = table_of(pool, takers(mentors, now), policy, now)
    for first in range(0, len(alone), policy.pool.round_limit):
        some = alone[first : first + policy.pool.round_limit]
        market = open_market([learner_view(id, row, policy, now) for id, row in some], table, policy.pool)
        if said := _offer(rows, moment, pool, market, dict(some), mentors):
            found = sum(isinstance(fact, CoverOffered) for fact in said)
            return Covers(said, found, len(alone) - found, len(alone) > first + len(some))
    return Covers([], 0, len(alone), False)


def _offer(
    rows: Rows, moment: Moment, pool: str, market: Market, alone: Mapping[str, LearnerRow],
    mentors: Mapping[str, MentorRow],
) -> list[Fact]:  # fmt: skip
    said: list[Fact] = []
    outcome = market.solve([moment.policy.pool.unmatched_cost] * len(alone))
    for learner, chosen in zip(market.learners, outcome.chosen, strict=True):
        cover = None if chosen is None else market.mentors[chosen]
        if cover is None or not fits(rows, moment, pool, learner, cover.id):
            continue
        row = alone[learner.id]
        until = mentors[row.mentor or ""].paused_until
        shown = terms(learner, cover, moment.policy.pool)
        said += _offered(rows, moment, pool, learner, row, cover.id, until, shown)
    return said


def _offered(
    rows: Rows, moment: Moment, pool: str, learner: Learner, row: LearnerRow, cover: str, until: datetime | None,
    shown: tuple[tuple[str, int], ...],
) -> list[Fact]:  # fmt: skip
    pair = pair_id(pool, learner.id, cover, row.spell)
    helper = rows.find(MentorRow, pool, cover)
    if helper is not None:
        rows.put(changed(helper, covers={**helper.covers, learner.id: learner.effort}), pool, cover)
    rows.put(changed(row, cover=cover, cover_pair=pair, spell=row.spell + 1), pool, learner.id)
    offered = moment.fact(
        CoverOffered, str(pair), pool=pool, programme=row.programme, pair=pair, learner=learner.id,
        mentor=row.mentor, cover=cover, until=until, minutes=learner.effort, terms=shown,
        round=caused_by(moment.cause.id, "round"),
    )  # fmt: skip
    return [offered, *_told(moment, pool, learner.id, row, cover, pair, "confirmed")]


def _told(
    moment: Moment, pool: str, learner: str, row: LearnerRow, cover: str, pair: UUID, state: MatchState
) -> list[Fact]:
    """Each side's inbox; the pulse goes on with the pair itself."""
    sides: tuple[tuple[Side, str, str], ...] = (("learner", learner, cover), ("mentor", cover, learner))
    return [
        moment.fact(
            PairAnnounced, str(pair), role, state, rev=row.rev, pool=pool, programme=row.programme,
            person=person, role=role, other=other, pair=pair, state=state, reason="cover",
        )
        for role, person, other in sides
    ]  # fmt: skip
