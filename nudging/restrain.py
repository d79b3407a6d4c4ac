"""Should this person hear this now, later or never?  The first rule that says no wins.

Pure: (inbox, advice, now, policy) -> Send, Hold or Suppress.  A hold always ends later than now.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from nudging.good_time import better_at
from nudging.inbox_rows import InboxRow, PendingRow, Profile
from nudging.quiet_hours import DAY, instant_of, local_day, quiet_until
from schemas.policy import InboxPolicy
from schemas.terms import HoldReason, SuppressReason

MINUTE = timedelta(minutes=1)
LOOK_AHEAD = 8  # local days; after seven without a nudge every cap above nought is free


@dataclass(frozen=True)
class Send:
    digest: bool = False


@dataclass(frozen=True)
class Hold:
    """`reason` None = not worth a word: the advice is for later, or we wait to learn who this is."""

    until: datetime
    reason: HoldReason | None = None


@dataclass(frozen=True)
class Suppress:
    reason: SuppressReason


Verdict = Send | Hold | Suppress


def restrain(
    inbox: InboxRow, item: PendingRow, person: Profile | None, now: datetime, policy: InboxPolicy
) -> Verdict:
    """`person` is None while nobody has told us who this is."""
    if item.expires_at <= now:
        return Suppress("expired")
    if inbox.opted_out(item.kind):
        return Suppress("opted_out")
    if not inbox.consents():
        return Suppress("no_consent")
    if item.not_before is not None and item.not_before > now:
        return Hold(item.not_before)
    if person is None:
        known_by = item.since + timedelta(hours=policy.unknown_person_hours)
        return Hold(known_by) if known_by > now else Suppress("unknown_person")
    if not person.channels:
        return Suppress("no_channel")
    if (ends := quiet(inbox, person, now, policy)) is not None and not item.critical:
        return Hold(ends, "quiet_hours")
    if item.role == "learner":
        return _learner(inbox, item, person, now, policy)
    return _at_once_or_digest(inbox, item, person, now, policy)


def quiet(inbox: InboxRow, person: Profile, now: datetime, policy: InboxPolicy) -> datetime | None:
    """When the quiet hours of this moment end: the person's own, or the policy's."""
    if inbox.quiet is None:
        return quiet_until(now, person.time_zone, policy.quiet_from, policy.quiet_to)
    own = inbox.quiet
    return quiet_until(now, person.time_zone, own.from_minute, own.to_minute, own.days)


def _learner(
    inbox: InboxRow, item: PendingRow, person: Profile, now: datetime, policy: InboxPolicy
) -> Verdict:
    if item.kind != "match" and inbox.heard_of(item.episode) >= policy.rungs_per_episode:
        return Suppress("rung_cap")
    today = local_day(now, person.time_zone)
    if inbox.free_day(today, policy.learner_a_day, policy.learner_a_week):
        better = (
            at for at in better_at(item, person, now, policy) if quiet(inbox, person, at, policy) is None
        )
        at = next(better, None)
        return Send() if at is None else Hold(at, "usual_hour")
    ahead = (today + n * DAY for n in range(1, LOOK_AHEAD + 1))
    free = next(
        (day for day in ahead if inbox.free_day(day, policy.learner_a_day, policy.learner_a_week)),
        today + LOOK_AHEAD * DAY,
    )
    opens = max(instant_of(free, 0, person.time_zone), now + MINUTE)
    reason: HoldReason = "daily_cap" if inbox.on(today).learner >= policy.learner_a_day else "weekly_cap"
    return Hold(quiet(inbox, person, opens, policy) or opens, reason)


def _at_once_or_digest(
    inbox: InboxRow, item: PendingRow, person: Profile, now: datetime, policy: InboxPolicy
) -> Verdict:
    """An operator hears anything at once, a mentor what is pressing, each up to so many a day."""
    today = inbox.on(local_day(now, person.time_zone))
    if item.role == "operator":
        at_once, heard, a_day = True, today.operator, policy.operator_a_day
    else:
        at_once = item.critical or item.priority >= policy.immediate_priority
        heard, a_day = today.mentor, policy.mentor_immediate_a_day
    due = item.digest_at is not None and item.digest_at <= now and not today.digests
    if due and quiet(inbox, person, now, policy) is None:
        return Send(digest=True)
    if at_once and heard < a_day:
        return Send()
    if item.digest_at is not None and item.digest_at > now:
        until = item.digest_at
    else:
        until = next_digest(inbox, person, now, policy)
    return Hold(until, "mentor_cap" if at_once and item.role == "mentor" else "digest")


def next_digest(inbox: InboxRow, person: Profile, now: datetime, policy: InboxPolicy) -> datetime:
    """The digest's next minute after now, on a local day without one, out of quiet hours."""
    day = local_day(now, person.time_zone)
    for ahead in range(LOOK_AHEAD):
        at = instant_of(day + ahead * DAY, policy.digest_minute, person.time_zone)
        at = quiet(inbox, person, at, policy) or at
        if at > now and not inbox.on(local_day(at, person.time_zone)).digests:
            return at
    return now + DAY
