"""L10: work through the night, or too many courses at once.  For the mentor alone, and only where the learner lets us.

No threshold of a known system was found: these are proposals.  Nights are counted only with consent to look
at sensitive things and a zone that was told.
"""

from collections.abc import Iterator
from datetime import datetime

from nudging.days import begins
from nudging.ladder import DAY, Ladder, Step
from nudging.pulse_rows import Own, PulseRow
from nudging.quiet_hours import zone_of
from nudging.sight import Sight
from schemas.activity import ActivitySeen
from schemas.fact import Fact
from schemas.pulse_policy import PulsePolicy
from schemas.rows import changed

NIGHT_ENDS = 5  # hours after midnight, local
KEPT = (1 << 21) - 1  # nights
WEEKLY = 4  # times it is told, a week apart
JUDGED = 2  # days after a week's end, all have been judged


def worked_at(own: Own, fact: Fact) -> Own:
    """Notes a night with work; the very same if it is no news, or may not be looked at."""
    if not own.sensitive or not own.time_zone or getattr(fact, "precision", "second") == "day":
        return own
    if isinstance(fact, ActivitySeen) and fact.kind == "login":
        return own
    local = fact.at.astimezone(zone_of(own.time_zone))
    if local.hour >= NIGHT_ENDS:
        return own
    night = local.toordinal() - 1
    ahead = night - own.night
    if ahead > 0:
        return changed(own, night=night, nights=(own.nights << min(ahead, 64) | 1) & KEPT)
    nights = (own.nights | 1 << min(-ahead, 64)) & KEPT
    return own if nights == own.nights else changed(own, nights=nights)


def judged(pulse: PulseRow, week: int, policy: PulsePolicy) -> PulseRow:
    """The pulse with its week judged: too many nights, or too many open courses."""
    own = pulse.own
    if own is None or not own.sensitive or own.judged >= week:
        return pulse
    worked = nights_of(own, week)
    strained = worked > policy.balance_nights or _open(pulse, begins(week + 1)) > policy.balance_courses
    since = (own.strained_at or begins(week + 1)) if strained else None
    return changed(pulse, own=changed(own, judged=week, worked=worked, strained_at=since))


def nights_of(own: Own, week: int) -> int:
    shift = own.night - (7 * week + 6)
    return ((own.nights >> shift if shift >= 0 else own.nights << min(-shift, 64)) & 0x7F).bit_count()


def _open(pulse: PulseRow, at: datetime) -> int:
    return sum(1 for course in pulse.courses.values() if course.active and (course.begins_at or at) < at)


def ladders(sight: Sight) -> Iterator[Ladder]:
    own = sight.pulse.own
    if own is None or own.strained_at is None or not sight.pulse.studies:
        return
    since = own.strained_at
    yield Ladder(
        "L10", "week", "", since, since,
        tuple(Step(n + 1, since + (7 * n + JUDGED if n else 0) * DAY, ("mentor",)) for n in range(WEEKLY)),
        (("nights", own.worked), ("open_courses", _open(sight.pulse, sight.now))),
        absence=False, private=True,
    )  # fmt: skip
