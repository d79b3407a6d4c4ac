"""One real learner's term from the Open University's tables: the presentation is replayed, and the learner's part kept.

`outcome` reads what the data set says of the end; it is for the caption alone, and no decision ever sees it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from pathlib import Path
from typing import Any

from schemas.activity import DeadlineSet
from schemas.advice import AdviceGiven, EpisodeClosed, EpisodeOpened
from schemas.fact import Fact
from schemas.policy import Policy
from schemas.topics import PERSON_FACTS
from streams.errors import Trouble
from streams.oulad import SOURCE, Source
from streams.oulad_tables import Presentation, Tables
from streams.people import british_mentors
from streams.replay import TICK, Replay
from streams.settings import Settings
from streams.timeline.life import Life

ABOUT = (EpisodeOpened, EpisodeClosed, AdviceGiven)


class NoSuchLearner(Trouble):
    """The tables do not hold this learner."""


def lives_of(
    source: Source, people: Sequence[str], settings: Settings, policy: Policy, mentors: int, seed: int,
    progress: Callable[[datetime, int], None],
) -> list[Life]:  # fmt: skip
    """All learners of these people's presentations are replayed: cohorts and mentors' hours are shared.

    A person is named as ou:ID or by the bare id of the tables.
    """
    lives = {name: Life(name) for name in (f"{SOURCE}:{each.removeprefix(f'{SOURCE}:')}" for each in people)}
    places: dict[str, Presentation] = {}
    for person in lives:
        place = source.presentation_of(person.removeprefix(f"{SOURCE}:"))
        if place is None:
            raise NoSuchLearner(
                f"{source.folder} holds no learner {person!r}: name one as {SOURCE}:ID, ID being an id_student"
            )
        places[place.course] = place

    def hear(topic: str, fact: Fact, line: Any) -> None:
        if topic != PERSON_FACTS.name or isinstance(fact, ABOUT):
            for life in lives.values():
                life.hear(fact)

    events = _events(source, places, mentors, seed, lives)
    Replay(settings, policy, hear, overheard=(PERSON_FACTS.name,)).run(events, TICK, progress)
    return list(lives.values())


def _events(
    source: Source, places: Mapping[str, Presentation], mentors: int, seed: int, lives: Mapping[str, Life]
) -> Iterator[Fact]:
    people = [
        one
        for place in places.values()
        for one in british_mentors(seed, mentors, place.programme, place.at(-200))
    ]
    people.sort(key=lambda one: one.at)
    for fact in merge(people, source.events(), key=lambda one: one.at):
        course = getattr(fact, "course", None)
        if course is not None and course not in places:
            continue
        if isinstance(fact, DeadlineSet):
            for each in lives.values():
                each.hear(fact)
        elif (life := lives.get(getattr(fact, "learner", ""))) is not None:
            life.hear(fact)
        yield fact


def outcome(folder: Path, person: str) -> str:
    """The data set's final result: Pass, Fail, Withdrawn or Distinction."""
    return Tables(folder).final_result_of(person.removeprefix(f"{SOURCE}:"))
