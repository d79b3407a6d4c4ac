"""At which hours of their own day is a learner usually active?

For each of 24 local hours the days of the last four weeks, as bits: an hour told twice, late or out of order
is one hour, what is older is forgotten, and a person who moves takes their hours along.
"""

from datetime import datetime

from nudging.quiet_hours import zone_of

# The latest day with activity, from the year 1; by hour, bit k is k days before.
Hours = tuple[int, tuple[int, ...]]
KEPT = (1 << 28) - 1  # days
MOST = 4  # hours told with advice


def seen_at(hours: Hours | None, at: datetime, zone: str) -> Hours:
    """The hours with this one; the very same object if it is known."""
    local = at.astimezone(zone_of(zone))
    day, hour = local.toordinal(), local.hour
    last, bits = (day, (0,) * 24) if hours is None else hours
    ahead = day - last
    if ahead > 0:
        last, bits = day, tuple(old << min(ahead, 64) & KEPT for old in bits)
    marked = (bits[hour] | 1 << min(max(0, -ahead), 64)) & KEPT
    if marked == bits[hour] and hours is not None and ahead <= 0:
        return hours
    return last, (*bits[:hour], marked, *bits[hour + 1 :])


def usual(hours: Hours | None, least_days: int) -> tuple[int, ...]:
    """Hours active on at least half as many days as the busiest; none where fewer days than `least_days` are known."""
    if hours is None:
        return ()
    days = 0
    for bits in hours[1]:
        days |= bits
    if days.bit_count() < least_days:
        return ()
    counts = [bits.bit_count() for bits in hours[1]]
    best = sorted(range(24), key=lambda hour: (-counts[hour], hour))[:MOST]
    return tuple(sorted(hour for hour in best if 2 * counts[hour] >= counts[best[0]]))
