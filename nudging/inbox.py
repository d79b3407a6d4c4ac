"""May we speak to this person now, and about what first?

Pure: (rows, moment) -> facts.  Facts only change what is known and what waits; all speaking happens
on the wake-up, in order of priority and then age, so that the order of arrival decides nothing.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from nudging import erasing
from nudging.inbox_rows import (
    MAX_PENDING,
    MAX_UNDELIVERED,
    MAX_WITHDRAWN,
    InboxRow,
    ring,
    short,
)
from nudging.knowing import OF_PERSON, learn, sooner
from nudging.outgoing import speak, suppressed
from nudging.pending import PendingRow
from schemas import erased
from schemas.advice import AdviceGiven, AdviceWithdrawn, LearnerGone
from schemas.erased import ErasedRow, resumed, spared
from schemas.erasure import InboxesErased, PersonErased
from schemas.fact import Fact, Moment, Wake, caused_by
from schemas.matches import PairAnnounced
from schemas.nudges import NudgeFailed, NudgeUndelivered
from schemas.rows import Row, Rows, blank, changed
from schemas.terms import LATEST

ROWS: dict[str, type[Row]] = {"inbox": InboxRow, "pending": PendingRow, **erased.ROWS}
MATCH_PRIORITY, MATCH_GOOD_FOR_HOURS = 60, 168


def fold(rows: Rows, moment: Moment) -> list[Fact]:
    if isinstance(moment.cause, Wake):
        return _woken(rows, moment, moment.cause)
    if isinstance(moment.cause, PersonErased | InboxesErased):
        return erasing.from_inboxes(rows, moment, moment.cause)
    cause = spared(rows, moment.cause)
    if cause is None:
        return erasing.unsaid(moment, moment.cause)
    if isinstance(cause, AdviceGiven):
        return _given(rows, moment, cause)
    if isinstance(cause, AdviceWithdrawn):
        return _withdrawn(rows, moment, cause)
    if isinstance(cause, LearnerGone):
        return _gone(rows, moment, cause)
    if isinstance(cause, PairAnnounced):
        return _announced(rows, moment, cause)
    if isinstance(cause, NudgeFailed):
        return _failed(rows, moment, cause)
    if isinstance(cause, OF_PERSON):
        learn(rows, moment, cause)
    return []


def _woken(rows: Rows, moment: Moment, wake: Wake) -> list[Fact]:
    if wake.kind != ErasedRow.KIND:
        return speak(rows, moment, wake.routing)
    person = resumed(rows, wake)
    return [] if person is None else erasing.clear_inboxes(rows, moment, person)


# --- what waits ----------------------------------------------------------------------------


def _given(rows: Rows, moment: Moment, fact: AdviceGiven) -> list[Fact]:
    inbox = rows.find(InboxRow, fact.recipient) or blank(InboxRow)
    if inbox.knows(fact.advice) and not inbox.may_come_back(fact.advice, fact.at):
        return []
    item = PendingRow.of(fact, fact.seen_at)
    if short(fact.advice) in inbox.withdrawn:
        rows.put(inbox.having_seen(fact.advice, moment.now), fact.recipient)
        return [suppressed(moment, fact.recipient, item, "resolved")]
    return _queue(rows, moment, fact.recipient, inbox, item)


def _queue(rows: Rows, moment: Moment, person: str, inbox: InboxRow, item: PendingRow) -> list[Fact]:
    rows.put(item, person, str(item.advice))
    inbox = inbox.having_seen(item.advice, moment.now)
    said: list[Fact] = []
    waiting = inbox.waiting + 1
    if waiting > MAX_PENDING:
        last = max((row for _, row in rows.scan(PendingRow, person)), key=lambda row: row.order)
        rows.drop(PendingRow, person, str(last.advice))
        said, waiting = [suppressed(moment, person, last, "overflow")], MAX_PENDING
    ready = max(moment.now, item.not_before or moment.now)
    wake_at = sooner(inbox.wake_at, min(ready, max(moment.now, item.expires_at)))
    rows.put(changed(inbox, waiting=waiting, wake_at=wake_at), person)
    return said


def _withdrawn(rows: Rows, moment: Moment, fact: AdviceWithdrawn) -> list[Fact]:
    known = rows.find(InboxRow, fact.recipient) or blank(InboxRow)
    inbox = known.having_ended(fact.episode)
    if inbox is not known:
        rows.put(inbox, fact.recipient)
    # what still waits may be unknown, where many came since
    if not inbox.knows(fact.advice) and rows.find(PendingRow, fact.recipient, str(fact.advice)) is None:
        withdrawn = ring(inbox.withdrawn, short(fact.advice), MAX_WITHDRAWN)
        rows.put(changed(inbox, withdrawn=withdrawn), fact.recipient)
        return []
    reason = "erased" if fact.reason == "erased" else "resolved"
    said = _take_back(rows, moment, fact.recipient, inbox, fact.advice, reason)
    if said and fact.reason == "withdrew":
        inbox = rows.find(InboxRow, fact.recipient) or inbox
        rows.put(inbox.having_left(fact.advice, fact.at), fact.recipient)
    return said


def _take_back(
    rows: Rows, moment: Moment, person: str, inbox: InboxRow, advice: UUID, reason: Any = "resolved"
) -> list[Fact]:
    item = rows.find(PendingRow, person, str(advice))
    if item is None:  # said, or dropped, before
        return []
    rows.drop(PendingRow, person, str(advice))
    waiting = max(0, inbox.waiting - 1)
    wake_at = inbox.wake_at if waiting else None
    rows.put(changed(inbox, waiting=waiting, wake_at=wake_at), person)
    return [suppressed(moment, person, item, reason)]


def _gone(rows: Rows, moment: Moment, fact: LearnerGone) -> list[Fact]:
    """Takes back all that waits to be said of a course the learner left: of praise no closing episode does it."""
    said: list[Fact] = []
    for _, item in list(rows.scan(PendingRow, fact.person)):
        inbox = rows.find(InboxRow, fact.person)
        if item.role == "learner" and item.course == fact.course and inbox is not None:
            said += _take_back(rows, moment, fact.person, inbox, item.advice)
    return said


def _announced(rows: Rows, moment: Moment, fact: PairAnnounced) -> list[Fact]:
    """A match that began or ended is told once; one that ended before it was told begins no more.

    A learner who left or finished hears nothing more, nor that the match ended by it.
    """
    if fact.state not in ("confirmed", "ended"):
        return []
    inbox = rows.find(InboxRow, fact.person) or blank(InboxRow)
    told = _told_by(fact, fact.state)
    if inbox.knows(told) or inbox.knows(_told_by(fact, "ended")) or inbox.was_told(fact.pair, fact.state):
        return []
    said: list[Fact] = []
    if fact.state == "ended":
        said = _take_back(rows, moment, fact.person, inbox, _told_by(fact, "confirmed"))
        inbox = rows.find(InboxRow, fact.person) or inbox
    if fact.role == "learner" and fact.reason in ("withdrew", "completed"):
        rows.put(inbox.having_seen(told, moment.now), fact.person)
        return said
    learner, mentor = (fact.person, fact.other) if fact.role == "learner" else (fact.other, fact.person)
    item = PendingRow(
        advice=told, episode=fact.pair, signal="match", step=fact.state,
        rung=1 if fact.state == "confirmed" else 2, role=fact.role, kind="match", learner=learner,
        mentor=mentor, priority=MATCH_PRIORITY, since=fact.seen_at, evidence=(fact.id,),
        expires_at=min(LATEST, fact.seen_at + timedelta(hours=MATCH_GOOD_FOR_HOURS)),
        figures=(("reason", fact.reason[:128]),) if fact.reason else (), programme=fact.programme or None,
    )  # fmt: skip
    return said + _queue(rows, moment, fact.person, inbox, item)


def _told_by(fact: PairAnnounced, state: str) -> UUID:
    return caused_by(fact.pair, "told", state, fact.person)


def _failed(rows: Rows, moment: Moment, fact: NudgeFailed) -> list[Fact]:
    """Tells readers outside, once.  No cap is freed: a carrier that saw no answer may have delivered all the same."""
    inbox = rows.find(InboxRow, fact.person)
    name = f"{short(fact.nudge)}/{fact.webhook or ''}"
    if inbox is None or not fact.permanent or name in inbox.undelivered:
        return []
    rows.put(changed(inbox, undelivered=ring(inbox.undelivered, name, MAX_UNDELIVERED)), fact.person)
    fields = {"nudge": fact.nudge, "recipient": fact.person, "channel": fact.channel, "code": fact.code}
    return [moment.fact(NudgeUndelivered, name, webhook=fact.webhook, **fields)]
