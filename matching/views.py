"""What does one round need to know of each person, worked out once and not once a pair?

Hours of the week are local and clocks change, while a pair lasts for months: hours are looked at as the
clocks stand now and as they stand half a year from now, and shared is what is shared in both.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from matching.rows import HARD, LearnerRow, MentorRow
from schemas.policy import Policy
from schemas.pool_policy import PoolPolicy

SLOTS = 168 * 4  # quarters of an hour in a week: no zone is finer
ALL = (1 << SLOTS) - 1
HALF_A_YEAR = timedelta(days=182)  # the other side of every yearly change of clocks
FULL = 1000  # permille


@dataclass(frozen=True, slots=True)
class Learner:
    id: str
    languages: tuple[str, ...]  # ranked
    wants: tuple[tuple[str, int], ...]
    skills: frozenset[str]
    goals: tuple[str, ...]
    free: int  # bits of free quarters of the week in UTC, as the clocks stand now; 0 = not told
    free_later: int  # and half a year from now
    effort: int  # minutes a week
    avoids: frozenset[str]
    courses: frozenset[str]
    since: datetime
    say: int = FULL  # permille: how far this learner's own wishes count
    prefers: tuple[str, ...] = ()
    past: frozenset[str] = frozenset()  # earlier mentors, where they matter
    again: bool = True  # an earlier mentor rather than another; False = rather another
    in_need: bool = False
    urgent: bool = False
    conflicts: frozenset[str] = frozenset()  # ids of mentors, courses or programmes that exclude a mentor


@dataclass(frozen=True, slots=True)
class Mentor:
    id: str
    languages: tuple[str, ...]
    levels: dict[str, int]
    skills: frozenset[str]
    guides: frozenset[str]
    free: int
    free_later: int
    used: int  # minutes a week promised
    capacity: int
    places: int  # mentees that may still come, whatever their minutes
    avoids: frozenset[str]
    courses: frozenset[str]
    say: int = FULL  # permille: how far this mentor's strengths count
    helped: int = 0  # learners in need who stayed a while
    names: frozenset[str] = frozenset()  # what a conflict may name

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


def shared(learner: Learner, mentor: Mentor) -> int:
    """Quarters of an hour a week that both are free, at the worse of the two times of the year."""
    return min((learner.free & mentor.free).bit_count(), (learner.free_later & mentor.free_later).bit_count())


def tongues(languages: tuple[str, ...] | None, fallback: str) -> tuple[str, ...]:
    """Languages without their regions, ranked: a reader of en-GB is served in en."""
    return tuple(dict.fromkeys(each.partition("-")[0].lower() for each in languages or (fallback,)))


def say(hours: tuple[int, ...] | None, skills: int, policy: PoolPolicy) -> int:
    """Permille of say of a person who tells so many hours and skills: the square of what is told, of the less told."""
    told = FULL
    for count, asked in ((len(set(hours or ())), policy.told_hours), (skills, policy.told_skills)):
        if asked:
            told = min(told, FULL * min(count, asked) // asked)
    return policy.untold_permille + (FULL - policy.untold_permille) * told * told // (FULL * FULL)


def effort_of(row: LearnerRow, policy: PoolPolicy) -> int:
    """Minutes a week this learner costs: what a pulse said, else what is wanted or usual and the need on top."""
    if row.need_minutes is not None:
        return row.need_minutes
    usual = policy.effort_minutes if row.wanted_minutes is None else row.wanted_minutes
    return usual + policy.need.of(row.band, row.stage)


def _earlier(row: LearnerRow, policy: PoolPolicy) -> tuple[frozenset[str], bool]:
    """Earlier mentors who may come again, and whether that is wished; none where it does not matter."""
    wish = row.same_mentor
    if wish is None:
        if policy.past_pairs == "ignore":
            return frozenset(), True
        wish = policy.past_pairs == "welcome"
    return frozenset(row.past).difference(row.never), wish


def _against(names: set[str], policy: PoolPolicy) -> frozenset[str]:
    """What the policy's conflicts exclude for somebody with these names."""
    return frozenset(other for pair in policy.conflicts for one, other in (pair, pair[::-1]) if one in names)


def learner_view(id: str, row: LearnerRow, policy: Policy, now: datetime) -> Learner:
    zone, fallback = row.time_zone, policy.defaults.time_zone
    courses = frozenset(course for course, (_, is_open) in row.courses.items() if is_open)
    past, again = _earlier(row, policy.pool)
    return Learner(
        id=id,
        languages=tongues(row.languages, policy.defaults.language),
        wants=tuple(row.skills_wanted),
        skills=frozenset(skill for skill, _ in row.skills_wanted),
        goals=tuple(row.goals),
        free=week_in_utc(row.available_hours, zone, fallback, now),
        free_later=week_in_utc(row.available_hours, zone, fallback, now + HALF_A_YEAR),
        effort=effort_of(row, policy.pool),
        avoids=frozenset((*row.avoids, *row.never)),
        courses=courses,
        since=row.waiting_since or now,
        say=say(row.available_hours, len({skill for skill, _ in row.skills_wanted}), policy.pool),
        prefers=row.prefers,
        past=past,
        again=again,
        in_need=row.band in HARD,
        urgent=row.band == "urgent",
        conflicts=_against({id, row.programme, *map(row.programme_of, courses), *courses}, policy.pool)
        if policy.pool.conflicts
        else frozenset(),
    )


def offered_by(row: MentorRow, policy: Policy) -> int:
    """Minutes a week the mentor offers."""
    return policy.pool.capacity_minutes if row.capacity_minutes is None else row.capacity_minutes


def capacity_of(row: MentorRow, policy: Policy) -> int:
    """Minutes a week to be filled: what is offered, less for a mentor who bears too much."""
    return max(0, offered_by(row, policy) - row.fewer * policy.pool.effort_minutes)


def most_of(row: MentorRow, policy: Policy) -> int:
    return policy.pool.max_mentees if row.max_mentees is None else row.max_mentees


def places_of(row: MentorRow, policy: Policy) -> int:
    return max(0, most_of(row, policy) - row.charges)


def mentor_view(id: str, row: MentorRow, policy: Policy, now: datetime) -> Mentor:
    zone, fallback = row.time_zone, policy.defaults.time_zone
    return Mentor(
        id=id,
        languages=tongues(row.languages, policy.defaults.language),
        levels=dict(row.skills),
        skills=frozenset(skill for skill, _ in row.skills),
        guides=frozenset(row.guides),
        free=week_in_utc(row.available_hours, zone, fallback, now),
        free_later=week_in_utc(row.available_hours, zone, fallback, now + HALF_A_YEAR),
        used=row.promised,
        capacity=capacity_of(row, policy),
        places=places_of(row, policy),
        avoids=frozenset(row.avoids),
        courses=frozenset(row.courses),
        say=say(row.available_hours, len({skill for skill, _ in row.skills}), policy.pool),
        helped=row.helped,
        names=frozenset((id, row.programme, *row.courses)),
    )
