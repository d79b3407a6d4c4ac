"""What does a person hear at this wake-up, in whose name, in which wording, and what waits on?

Advice of a held-out learner goes the same way up to the last step: what would be sent is withheld then, and said
so.  To a learner it counts as heard, so that caps leave both arms alike in all but what the experiment is about.
"""

from datetime import datetime

from nudging.inbox_rows import InboxRow
from nudging.pending import PendingRow
from nudging.person_rows import Profile
from nudging.restrain import MINUTE, Hold, Present, Send, Suppress, Verdict, restrain
from schemas.fact import Fact, Moment, caused_by
from schemas.nudges import NudgeHeld, NudgeItem, NudgeSent, NudgeSuppressed
from schemas.policy import Policy
from schemas.rows import Rows, changed
from schemas.terms import EARLIEST, LATEST, SuppressReason


def speak(rows: Rows, moment: Moment, recipient: str) -> list[Fact]:
    """Judges what waits, what matters most first; each nudge sent counts for the next verdict.

    What is held is left alone until then: nothing frees it sooner but a word of the person or another policy.
    """
    inbox = rows.find(InboxRow, recipient)
    if inbox is None:
        return []
    now, policy = moment.now, moment.policy.inbox
    present = Present(inbox, _person(recipient, inbox, moment.policy), now, policy)
    said: list[Fact] = []
    digest: list[PendingRow] = []
    looks: list[datetime] = []  # when something that waits is looked at again
    waiting = [row for _, row in rows.scan(PendingRow, recipient)]
    left, again = len(waiting), inbox.judged != moment.policy.version
    for item in sorted(waiting, key=lambda row: row.order):
        if not again and item.look_at is not None and item.look_at > now:
            looks.append(item.look_at)
            continue
        if item.arm is not None and not _counts(item, present.inbox, moment):
            item = changed(item, arm=None)
        verdict: Verdict = restrain(present, item)
        withheld = item.held_out and isinstance(verdict, Send)
        if isinstance(verdict, Send) and verdict.digest and not withheld:
            if len(digest) < policy.digest_items:
                digest.append(item)
                continue
            full = present.having(present.inbox.having_sent(present.today, "digests", ()))
            verdict = Hold(full.next_digest, "digest")
        if isinstance(verdict, Hold):
            looks.append(min(verdict.until, item.expires_at))
            said += _hold(rows, moment, recipient, item, verdict)
            continue
        rows.drop(PendingRow, recipient, str(item.advice))
        left -= 1
        if isinstance(verdict, Suppress):
            said.append(suppressed(moment, recipient, item, verdict.reason))
        elif withheld:
            present, fact = _withhold(moment, recipient, present, item)
            said.append(fact)
        else:
            present, nudge = _send(moment, recipient, present, [item], item.role)
            said.append(nudge)
    if digest:
        for item in digest:
            rows.drop(PendingRow, recipient, str(item.advice))
        left -= len(digest)
        present, nudge = _send(moment, recipient, present, digest, "digests")
        said.append(nudge)
    wake_at = max(min(looks), now + MINUTE) if looks else None
    rows.put(changed(present.inbox, waiting=left, wake_at=wake_at, judged=moment.policy.version), recipient)
    return said


def suppressed(
    moment: Moment,
    recipient: str,
    item: PendingRow,
    reason: SuppressReason,
    withheld: NudgeItem | None = None,
) -> NudgeSuppressed:
    fields = {"advice": item.advice, "recipient": recipient, "kind": item.kind, "reason": reason}
    return moment.fact(
        NudgeSuppressed, str(item.advice), role=item.role, arm=item.arm, withheld=withheld, **fields
    )


def _counts(item: PendingRow, inbox: InboxRow, moment: Moment) -> bool:
    """Does the arm still hold?  Not once the experiment is over, nor once the learner takes back the consent."""
    own = inbox.experiments if item.role == "learner" else None
    return moment.policy.running(item.arm, moment.now) and (own is None or own.yes)


def _withhold(
    moment: Moment, recipient: str, present: Present, item: PendingRow
) -> tuple[Present, NudgeSuppressed]:
    told = _worded(present.inbox, [item], moment.policy.inbox.wordings)
    if item.role == "learner":
        present = present.having(present.inbox.having_sent(present.today, "learner", told))
    return present, suppressed(moment, recipient, item, "holdout", told[0])


def _person(recipient: str, inbox: InboxRow, policy: Policy) -> Profile | None:
    """What the person told, else the policy's list of operators, else what was derived."""
    told = inbox.profile
    if told is not None and told.told:
        return told
    for operator in policy.operators:
        if operator.id == recipient:
            return Profile(
                role="operator", time_zone=operator.time_zone, language=operator.language,
                channels=policy.defaults.channels, at=EARLIEST, told=False,
            )  # fmt: skip
    return told


def _hold(rows: Rows, moment: Moment, recipient: str, item: PendingRow, hold: Hold) -> list[Fact]:
    """Keeps with the advice when it is looked at again, the digest's time, and since when a usual hour is waited for;
    says each reason once."""
    kept: dict[str, object] = {"look_at": min(hold.until, item.expires_at)}
    if hold.reason is not None:
        kept["ready_at"] = (item.ready_at or moment.now) if hold.reason == "usual_hour" else None
    if hold.reason in ("digest", "mentor_cap"):
        kept["digest_at"] = hold.until
    reason = None if hold.reason in item.held else hold.reason
    if reason is not None:
        kept["held"] = (*item.held, reason)
    rows.put(changed(item, **kept), recipient, str(item.advice))
    if reason is None:
        return []
    until = min(hold.until, LATEST)
    fields = {"advice": item.advice, "recipient": recipient, "kind": item.kind, "until": until}
    return [
        moment.fact(
            NudgeHeld,
            str(item.advice),
            reason,
            reason=reason,
            role=item.role,
            arm=item.arm,
            **fields,
        )
    ]


def _send(
    moment: Moment, recipient: str, present: Present, items: list[PendingRow], counts_as: str
) -> tuple[Present, NudgeSent]:
    first, digest = items[0], counts_as == "digests"
    inbox, person = present.inbox, present.person
    assert person is not None  # nothing is sent to who is not known
    told = _worded(inbox, items, moment.policy.inbox.wordings)
    nudge = moment.fact(
        NudgeSent,
        str(first.advice),
        nudge=caused_by(first.advice, "digest" if digest else "nudge", recipient),
        recipient=recipient,
        role=first.role,
        channel=person.channels[0],
        language=person.language,
        items=told,
        expires_at=min(item.expires_at for item in items),
        priority=max(item.priority for item in items),
        digest=digest,
        critical=any(item.critical for item in items),
        in_name_of=first.mentor if first.role == "learner" else None,
        arm=first.arm if all(item.arm == first.arm for item in items) else None,
        local_day=present.today.isoformat(),
    )
    return present.having(inbox.having_sent(present.today, counts_as, told)), nudge


def _worded(inbox: InboxRow, items: list[PendingRow], wordings: int) -> tuple[NudgeItem, ...]:
    """Each template's next wording, within one digest too."""
    last = dict(inbox.variants)
    told = []
    for item in items:
        variant = (last.get(item.template, -1) + 1) % wordings
        last[item.template] = variant
        told.append(
            NudgeItem(
                advice=item.advice, episode=item.episode, kind=item.kind, signal=item.signal, rung=item.rung,
                learner=item.learner, mentor=item.mentor, course=item.course, programme=item.programme,
                template=item.template, variant=variant, evidence=item.evidence, figures=item.figures,
                arm=item.arm,
            )
        )  # fmt: skip
    return tuple(told)
