"""Since when does a wait within a pair count?  A break from every open course excuses the learner there, too."""

from datetime import datetime

from nudging.pulse_rows import PulseRow


def back_from_all(pulse: PulseRow, now: datetime) -> datetime | None:
    """When the first of the open courses' breaks ends, or ended; None if one of these courses has none declared."""
    ends = [course.break_end(now) for course in pulse.courses.values() if course.active]
    known = [end for end in ends if end is not None]
    return min(known) if known and len(known) == len(ends) else None


def rests(pulse: PulseRow, now: datetime) -> bool:
    back = back_from_all(pulse, now)
    return back is not None and back > now


def counts_from(pulse: PulseRow, since: datetime, now: datetime) -> datetime | None:
    """From when a wait counts: its beginning, or the end of a break that fell into it; None while the break lasts."""
    back = back_from_all(pulse, now)
    if back is None or back <= since:
        return since
    return back if back <= now else None
