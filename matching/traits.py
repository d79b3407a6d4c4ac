"""What does each side bring, as integers that can be compared in bulk?

Learners and mentors become matrices over shared columns, so that what two share is an inner product:
small whole numbers, exact in any order of summing.  Hours are quarters of the week in UTC at one
instant, so two zones meet to the quarter and daylight saving moves with the person.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from matching.rows import LearnerRow, MentorRow
from schemas.policy import Defaults, Policy

Matrix = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

GOALS = ("career", "confidence", "finish", "grade", "network", "tools")
LEVELS = 5
QUARTERS = 7 * 24 * 4  # of a week


class Traits(NamedTuple):
    """One side of a pool, a row each; `avoids` names who of the other side is ruled out."""

    ids: tuple[str, ...]
    languages: Matrix  # 0 or 1
    skills: Matrix  # one column a skill and level: 1 up to the level wanted or offered
    goals: Matrix  # learners: the first goal weighs most; mentors: 0 or 1
    hours: Matrix  # 0 or 1, quarters of the week in UTC
    declared: Flags  # said when they are free
    avoids: tuple[frozenset[str], ...]
    paused: Flags
    left: Flags

    def take(self, start: int, stop: int) -> "Traits":
        return Traits(*(field[start:stop] for field in self))


class Both(NamedTuple):
    learners: Traits
    mentors: Traits


def of_both(
    learners: Sequence[tuple[str, LearnerRow]],
    mentors: Sequence[tuple[str, MentorRow]],
    policy: Policy,
    now: datetime,
) -> Both:
    rows = [row for _, row in learners], [row for _, row in mentors]
    speaks = [[_spoken(row.languages, policy.defaults) for row in side] for side in rows]
    wants = [row.skills_wanted or () for row in rows[0]], [row.skills or () for row in rows[1]]
    languages = _columns(tag for side in speaks for tags in side for tag in tags)
    skills = _columns(skill for side in wants for pairs in side for skill, _ in pairs)
    made = []
    for side, of in enumerate((learners, mentors)):
        hours = [_hours(row.available_hours, row.time_zone or policy.defaults.time_zone, now) for _, row in of]
        made.append(
            Traits(
                ids=tuple(id for id, _ in of),
                languages=_marks(speaks[side], languages),
                skills=_levels(wants[side], skills),
                goals=_ranked([row.goals or () for row in rows[0]])
                if side == 0
                else _marks([row.guides or () for row in rows[1]], _columns(GOALS)),
                hours=np.array(hours, np.float32).reshape(len(of), QUARTERS),
                declared=np.array([line.any() for line in hours], bool),
                avoids=tuple(
                    row.barred if isinstance(row, LearnerRow) else frozenset(row.avoids or ())
                    for _, row in of
                ),
                paused=np.array([isinstance(row, MentorRow) and row.paused(now) for _, row in of], bool),
                left=np.array([isinstance(row, MentorRow) and row.left for _, row in of], bool),
            )
        )
    return Both(*made)


def _columns(names: object) -> dict[str, int]:
    return {name: at for at, name in enumerate(sorted(set(names)))}  # type: ignore[call-overload]


def _spoken(tags: tuple[str, ...] | None, defaults: Defaults) -> list[str]:
    """Primary subtags: who speaks en-GB and who speaks en share a language."""
    return [tag.split("-")[0].lower() for tag in tags or (defaults.language,)]


def _marks(lists: Sequence[Sequence[str]], columns: dict[str, int]) -> Matrix:
    out = np.zeros((len(lists), len(columns)), np.float32)
    for row, names in enumerate(lists):
        for name in names:
            out[row, columns[name]] = 1
    return out


def _ranked(lists: Sequence[Sequence[str]]) -> Matrix:
    out = np.zeros((len(lists), len(GOALS)), np.float32)
    columns = _columns(GOALS)
    for row, goals in enumerate(lists):
        for rank, goal in enumerate(goals):
            out[row, columns[goal]] = max(out[row, columns[goal]], len(goals) - rank)
    return out


def _levels(lists: Sequence[Sequence[tuple[str, int]]], columns: dict[str, int]) -> Matrix:
    out = np.zeros((len(lists), len(columns) * LEVELS), np.float32)
    for row, pairs in enumerate(lists):
        for skill, level in pairs:
            at = columns[skill] * LEVELS
            out[row, at : at + level] = 1
    return out


def _hours(hours: tuple[int, ...] | None, zone: str, now: datetime) -> Matrix:
    """Nothing declared, or a zone nobody knows: no hours, and the rule on hours does not apply."""
    offset = _offset_quarters(zone, now)
    return _week(hours or () if offset is not None else (), offset or 0)


def _offset_quarters(zone: str, now: datetime) -> int | None:
    try:
        offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return None if offset is None else int(offset.total_seconds() // 900)


@lru_cache(maxsize=4096)
def _week(hours: tuple[int, ...], offset: int) -> Matrix:
    line = np.zeros(QUARTERS, np.float32)
    for hour in hours:
        for quarter in range(4):
            line[(hour * 4 + quarter - offset) % QUARTERS] = 1
    line.setflags(write=False)
    return line
