"""Made-up people: seeded mentors and learners with languages, skills, goals, zones and hours.

Nobody here exists.  The same seed always makes the same people.
"""

from datetime import datetime
from random import Random
from typing import NamedTuple

from schemas.learners import LearnerProfiled
from schemas.mentors import MentorJoined
from schemas.terms import Goal
from streams.dialects.reading import event_id

ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata")
LANGUAGES = ("en", "en", "en", "es", "de", "pt", "hi")
SKILLS = ("algebra", "essays", "java", "python", "research", "spanish", "statistics", "study-habits")
GOALS: tuple[Goal, ...] = ("finish", "grade", "career", "confidence", "network", "tools")
EVENINGS = tuple(24 * day + hour for day in range(5) for hour in (18, 19, 20))
WEEKEND = tuple(24 * day + hour for day in (5, 6) for hour in range(9, 17))


class Person(NamedTuple):
    id: str
    languages: tuple[str, ...]
    skills: tuple[tuple[str, int], ...]
    goals: tuple[Goal, ...]
    time_zone: str
    hours: tuple[int, ...]


def person(
    chance: Random, id: str, zones: tuple[str, ...] = ZONES, languages: tuple[str, ...] = LANGUAGES
) -> Person:
    spoken = dict.fromkeys(chance.choices(languages, k=2))
    skills = sorted((skill, chance.randint(1, 5)) for skill in chance.sample(SKILLS, 3))
    hours = sorted(chance.sample(EVENINGS, 6) + chance.sample(WEEKEND, 4))
    goals = tuple(chance.sample(GOALS, 2))
    return Person(id, tuple(spoken), tuple(skills), goals, chance.choice(zones), tuple(hours))


def mentor_joined(
    someone: Person, at: datetime, programme: str, source: str, capacity_minutes: int
) -> MentorJoined:
    return MentorJoined(
        id=event_id(source, f"mentor/{programme}/{someone.id}"), at=at, seen_at=at, source=source,
        programme=programme, mentor=someone.id, languages=someone.languages, skills=someone.skills,
        guides=someone.goals, time_zone=someone.time_zone, available_hours=someone.hours,
        capacity_minutes=capacity_minutes, max_mentees=max(1, capacity_minutes // 20),
    )  # fmt: skip


def learner_profiled(someone: Person, at: datetime, programme: str, source: str) -> LearnerProfiled:
    return LearnerProfiled(
        id=event_id(source, f"profile/{programme}/{someone.id}"), at=at, seen_at=at, source=source,
        programme=programme, learner=someone.id, languages=someone.languages, skills_wanted=someone.skills,
        goals=someone.goals, time_zone=someone.time_zone, available_hours=someone.hours,
    )  # fmt: skip


def british_mentors(
    seed: int, count: int, programme: str, at: datetime, hours: tuple[int, int] = (3, 8)
) -> list[MentorJoined]:
    """Mentors for the Open University's learners: the data set has none, so these are made up."""
    chance = Random(f"{seed}/{programme}")
    return [
        mentor_joined(
            person(chance, f"ou:mentor-{programme}-{number}", ("Europe/London",), ("en",)),
            at, programme, "mentors", 60 * chance.randint(*hours),
        )
        for number in range(count)
    ]  # fmt: skip
