"""Should this person hear this now, later or never?  The first rule that says no wins.

Pure: (a person's present, advice) -> Send, Hold or Suppress.  A hold always ends later than now.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from nudging.good_time import better_at
from nudging.inbox_rows import SAID_ONCE, InboxRow
from nudging.pending import PendingRow
from nudging.person_rows import Profile
from nudging.quiet_hours import DAY, instant_of, local_day, quiet_until
from schemas.inbox_policy import InboxPolicy
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


class Present:
    """One person at one moment: what is asked again for each piece of advice that waits is worked out once.

    `person` is None while nobody has told us who this is.  After a nudge, `having` gives the next one.
    """

    def __init__(self, inbox: InboxRow, person: Profile | None, now: datetime, policy: InboxPolicy) -> None:
        self.inbox, self.person, self.now, self.policy = inbox, person, now, policy
        self.zone = "UTC" if person is None else person.time_zone

    def having(self, inbox: InboxRow) -> "Present":
        return Present(inbox, self.person, self.now, self.policy)

    @cached_property
    def consents(self) -> bool:
        return self.inbox.consents()

    @cached_property
    def today(self) -> date:
        return local_day(self.now, self.zone)

    @cached_property
    def quiet_ends(self) -> datetime | None:
        return self.quiet(self.now)

    def quiet(self, at: datetime) -> datetime | None:
        """When the quiet hours of that moment end: the person's own, or the policy's."""
        own, policy = self.inbox.quiet, self.policy
        if own is None:
            return quiet_until(at, self.zone, policy.quiet_from, policy.quiet_to)
        return quiet_until(at, self.zone, own.from_minute, own.to_minute, own.days)

    @cached_property
    def learner_cap(self) -> Hold | None:
        """Until when the caps of a learner hold all back; None = one more may be heard today."""
        inbox, policy = self.inbox, self.policy
        if inbox.free_day(self.today, policy.learner_a_day, policy.learner_a_week):
            return None
        ahead = (self.today + n * DAY for n in range(1, LOOK_AHEAD + 1))
        free = next(
            (day for day in ahead if inbox.free_day(day, policy.learner_a_day, policy.learner_a_week)),
            self.today + LOOK_AHEAD * DAY,
        )
        opens = max(instant_of(free, 0, self.zone), self.now + MINUTE)
        over_today = inbox.on(self.today).learner >= policy.learner_a_day
        return Hold(opens, "daily_cap" if over_today else "weekly_cap")

    @cached_property
    def next_digest(self) -> datetime:
        """The digest's next minute after now, on a local day without one, out of quiet hours."""
        for ahead in range(LOOK_AHEAD):
            at = instant_of(self.today + ahead * DAY, self.policy.digest_minute, self.zone)
            at = self.quiet(at) or at
            if at > self.now and not self.inbox.on(local_day(at, self.zone)).digests:
                return at
        return self.now + DAY


def restrain(present: Present, item: PendingRow) -> Verdict:
    inbox, person, now = present.inbox, present.person, present.now
    if item.expires_at <= now:
        return Suppress("expired")
    if inbox.opted_out(item.kind):
        return Suppress("opted_out")
    if not present.consents:
        return Suppress("no_consent")
    if item.not_before is not None and item.not_before > now:
        return Hold(item.not_before)
    if person is None:
        known_by = item.since + timedelta(hours=present.policy.unknown_person_hours)
        return Hold(known_by) if known_by > now else Suppress("unknown_person")
    if not person.channels:
        return Suppress("no_channel")
    if not item.critical and (ends := present.quiet_ends) is not None:
        return Hold(ends, "quiet_hours")
    if item.role == "learner":
        return _learner(present, item, person)
    return _at_once_or_digest(present, item)


def _learner(present: Present, item: PendingRow, person: Profile) -> Verdict:
    if (
        item.kind not in SAID_ONCE
        and present.inbox.heard_of(item.episode) >= present.policy.rungs_per_episode
    ):
        return Suppress("rung_cap")
    if (cap := present.learner_cap) is not None:
        return cap if item.critical else Hold(present.quiet(cap.until) or cap.until, cap.reason)
    hours = better_at(item, person, present.now, present.policy)
    at = next((at for at in hours if present.quiet(at) is None), None)
    return Send() if at is None else Hold(at, "usual_hour")


def _at_once_or_digest(present: Present, item: PendingRow) -> Verdict:
    """An operator hears anything at once, a mentor what is pressing, each up to so many a day."""
    policy, now, today = present.policy, present.now, present.inbox.on(present.today)
    if item.role == "operator":
        at_once, heard, a_day = True, today.operator, policy.operator_a_day
    else:
        at_once = item.critical or item.priority >= policy.immediate_priority
        heard, a_day = today.mentor, policy.mentor_immediate_a_day
    due = item.digest_at is not None and item.digest_at <= now and not today.digests
    if due and present.quiet_ends is None:
        return Send(digest=True)
    if at_once and heard < a_day:
        return Send()
    if item.digest_at is not None and item.digest_at > now:
        until = item.digest_at
    else:
        until = present.next_digest
    return Hold(until, "mentor_cap" if at_once and item.role == "mentor" else "digest")
