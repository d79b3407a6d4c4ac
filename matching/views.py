"""What does one round need to know of each person, worked out once and not once a pair?"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from matching.rows import LearnerRow, MentorRow
from schemas.policy import Policy

SLOTS = 168 * 4  # quarters of an hour in a week: no zone is finer
ALL = (1 << SLOTS) - 1


@dataclass(frozen=True, slots=True)
class Learner:
    id: str
    languages: frozenset[str]
    wants: tuple[tuple[str, int], ...]
    skills: frozenset[str]
    goals: tuple[str, ...]
    free: int  # bits of free quarters of the week in UTC; 0 = not told
    effort: int  # minutes a week
    avoids: frozenset[str]
    courses: frozenset[str]
    since: datetime


@dataclass(frozen=True, slots=True)
class Mentor:
    id: str
    languages: frozenset[str]
    levels: dict[str, int]
    skills: frozenset[str]
    guides: frozenset[str]
    free: int
    used: int  # minutes a week promised
    capacity: int
    places: int  # mentees that may still come, whatever their minutes
    avoids: frozenset[str]
    courses: frozenset[str]

    @property
    def minutes(self) -> int:
        return max(0, self.capacity - self.used)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def week_in_utc(hours: tuple[int, ...] | None, zone: str | None, fallback: str, now: datetime) -> int:
    """Local hours of the week as bits of UTC quarters, by the zone's offset at `now`."""
    if not hours:
        return 0
    bits = 0
    for hour in hours:
        bits |= 0b1111 << (hour * 4)
    known = zone_of(zone or fallback) or zone_of(fallback) or zone_of("UTC")
    offset = now.astimezone(known).utcoffset()
    shift = (round(offset.total_seconds() / 900) if offset else 0) % SLOTS
    return ((bits >> shift) | (bits << (SLOTS - shift))) & ALL


def tongues(languages: tuple[str, ...] | None, fallback: str) -> frozenset[str]:
    """Languages without their regions: a reader of en-GB is served in en."""
    return frozenset(each.partition("-")[0].lower() for each in languages or (fallback,))


def learner_view(id: str, row: LearnerRow, policy: Policy, now: datetime) -> Learner:
    wanted = row.wanted_minutes
    return Learner(
        id=id,
        languages=tongues(row.languages, policy.defaults.language),
        wants=tuple(row.skills_wanted),
        skills=frozenset(skill for skill, _ in row.skills_wanted),
        goals=tuple(row.goals),
        free=week_in_utc(row.available_hours, row.time_zone, policy.defaults.time_zone, now),
        effort=policy.pool.effort_minutes if wanted is None else wanted,
        avoids=frozenset((*row.avoids, *(mentor for mentor, (_, on) in row.blocked.items() if on))),
        courses=frozenset(course for course, (_, is_open) in row.courses.items() if is_open),
        since=row.waiting_since or now,
    )


def capacity_of(row: MentorRow, policy: Policy) -> int:
    return policy.pool.capacity_minutes if row.capacity_minutes is None else row.capacity_minutes


def places_of(row: MentorRow, policy: Policy) -> int:
    most = policy.pool.max_mentees if row.max_mentees is None else row.max_mentees
    return max(0, most - len(row.mentees))


def mentor_view(id: str, row: MentorRow, policy: Policy, now: datetime) -> Mentor:
    return Mentor(
        id=id,
        languages=tongues(row.languages, policy.defaults.language),
        levels=dict(row.skills),
        skills=frozenset(skill for skill, _ in row.skills),
        guides=frozenset(row.guides),
        free=week_in_utc(row.available_hours, row.time_zone, policy.defaults.time_zone, now),
        used=sum(row.mentees.values()),
        capacity=capacity_of(row, policy),
        places=places_of(row, policy),
        avoids=frozenset(row.avoids),
        courses=frozenset(row.courses),
    )
