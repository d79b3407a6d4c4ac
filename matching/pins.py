"""Who must have whom?  Pinned pairs are made before anything is solved, and no round moves them.

A pin goes before every wish and every rule but four: nobody beyond a mentor's hours or number, nobody
blocked, nobody without consent, no mentor who is away.  A pin that meets one of them is refused with that
reason, kept, and honoured once the reason ends; until then the learner has nobody else.
"""

from typing import NamedTuple

from matching.announce import ask_round
from matching.pairs import confirm
from matching.places import fits
from matching.rows import LearnerRow, MentorRow
from matching.transfer import Transfer, transfer
from matching.views import learner_view
from schemas.fact import Fact, Moment, caused_by
from schemas.pairs import PairPinned, PairUnpinned, PinRefused
from schemas.rows import Rows, changed
from schemas.terms import Binding


def pinned(rows: Rows, moment: Moment, fact: PairPinned) -> list[Fact]:
    row = rows.find(LearnerRow, fact.pool, fact.learner) or LearnerRow(programme=fact.programme)
    if row.pinned_at is not None and fact.at <= row.pinned_at:
        return []
    pin = {"pinned": fact.mentor, "pinned_at": fact.at, "pinned_until": fact.until, "pin_told": ""}
    row = changed(row, **pin)
    rows.put(row, fact.pool, fact.learner)
    if row.studies and row.pin_at(moment.now):
        ask_round(rows, moment, fact.pool)
        if fact.until is not None:  # who still waits for the pinned mentor then is free for others
            ask_round(rows, moment, fact.pool, fact.until)
    return []


def unpinned(rows: Rows, moment: Moment, fact: PairUnpinned) -> list[Fact]:
    row = rows.find(LearnerRow, fact.pool, fact.learner) or LearnerRow(programme=fact.programme)
    if row.pinned_at is not None and fact.at <= row.pinned_at:
        return []
    mine = row.pinned in (None, fact.mentor)
    row = changed(row, pinned=None if mine else row.pinned, pinned_at=fact.at if mine else row.pinned_at)
    rows.put(row, fact.pool, fact.learner)
    if mine and row.waiting_since is not None:
        ask_round(rows, moment, fact.pool)
    return []


class Honoured(NamedTuple):
    said: list[Fact]
    refused: dict[str, Binding]  # learners who wait for their pinned mentor, and why
    later: set[str]  # whose pin this transaction has no room for; the next round follows at once
    waited: list[int]  # minutes, of each who waited and has the pinned mentor now
    made: int


def honour(rows: Rows, moment: Moment, pool: str, pins: dict[str, LearnerRow]) -> Honoured:
    """The earliest pin first.  `pins` are those of learners who do not have their pinned mentor for sure."""
    said: list[Fact] = []
    refused: dict[str, Binding] = {}
    later: set[str] = set()
    waited: list[int] = []
    made, round = 0, caused_by(moment.cause.id, "round")
    for learner, seen in sorted(pins.items(), key=lambda pin: (pin[1].pinned_at or moment.now, pin[0])):
        row = rows.find(LearnerRow, pool, learner) or seen
        mentor = row.pin_at(moment.now) or ""
        if row.mentor == mentor:
            said += confirm(rows, moment, pool, learner, row, "pinned")
        elif (why := _refusal(rows, moment, pool, learner, row, mentor)) is not None:
            refused[learner] = why
            if row.pin_told != why:
                rows.put(changed(row, pin_told=why), pool, learner)
                said.append(_refused(moment, pool, learner, row, mentor, why))
        elif made < moment.policy.pool.round_limit:
            made += 1
            if row.waiting_since is not None:
                waited.append(row.waited_at(moment.now))
            said += transfer(
                rows,
                moment,
                pool,
                [Transfer(learner_view(learner, row, moment.policy, moment.now), mentor)],
                round,
                "pinned",
            )
        else:
            later.add(learner)
    return Honoured(said, refused, later, waited, made)


def _refusal(
    rows: Rows, moment: Moment, pool: str, learner: str, row: LearnerRow, mentor: str
) -> Binding | None:
    helper = rows.find(MentorRow, pool, mentor)
    if not row.consents(moment.policy):
        return "no_consent"
    if helper is None or not helper.takes_at(moment.now):
        return "no_eligible_mentor"
    if mentor in row.avoids or mentor in row.never or learner in helper.avoids:
        return "blocked"
    if not fits(rows, moment, pool, learner_view(learner, row, moment.policy, moment.now), mentor):
        return "no_capacity"
    return None


def _refused(
    moment: Moment, pool: str, learner: str, row: LearnerRow, mentor: str, why: Binding
) -> PinRefused:
    return moment.fact(
        PinRefused, learner, pool=pool, programme=row.programme, learner=learner, mentor=mentor, reason=why
    )
