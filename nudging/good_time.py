"""Would this nudge be heard better at an hour at which the learner is usually active?

Only what is not pressing waits, only within the policy's window, never into quiet hours nor beyond expiry.
Without known hours, or without such an hour in the window, it goes at once.
"""

from datetime import datetime, timedelta

from nudging.pending import PendingRow
from nudging.person_rows import Profile
from nudging.quiet_hours import DAY, instant_of, local_day, zone_of
from schemas.inbox_policy import InboxPolicy


def better_at(item: PendingRow, person: Profile, now: datetime, policy: InboxPolicy) -> tuple[datetime, ...]:
    """Starts of usual hours worth waiting for, soonest first; none = now is as good as any.

    The window counts from when nothing else held the nudge, so that it ends whatever happens meanwhile.
    """
    hours, within = item.usual_hours, policy.usual_within_hours
    if not hours or not within or item.critical or item.priority >= policy.immediate_priority:
        return ()
    if now.astimezone(zone_of(person.time_zone)).hour in hours:
        return ()
    last = (item.ready_at or now) + timedelta(hours=within)
    today = local_day(now, person.time_zone)
    starts = (
        instant_of(today + day * DAY, hour * 60, person.time_zone) for day in range(3) for hour in hours
    )
    return tuple(sorted(at for at in starts if now < at <= last and at < item.expires_at))
