"""What does a pool forget when a person is erased?  The pairs end, and no row names the person any more.

Learners whose mentor is erased wait again.  A mentor may be named in very many rows, so some are cleared at
a time; the mentor gets nobody new meanwhile.
"""

from typing import Any

from matching.announce import ask_round
from matching.cover import end_cover
from matching.ending import end_pair
from matching.rows import AuditRow, ConsentRow, LearnerRow, MentorRow
from schemas.erased import begin, naming, resumed
from schemas.erasure import PoolsErased
from schemas.fact import Fact, Moment, Wake
from schemas.rows import Row, Rows, changed
from schemas.terms import Person

_OWN: dict[str, type[Row]] = {row.KIND: row for row in (LearnerRow, AuditRow, ConsentRow, MentorRow)}


def erased(rows: Rows, moment: Moment, fact: PoolsErased) -> list[Fact]:
    return _clear(rows, moment, fact.person) if begin(rows, moment, fact.person) else []


def woken(rows: Rows, moment: Moment, wake: Wake) -> list[Fact]:
    """Goes on with a person who is named in more rows than one step clears."""
    person = resumed(rows, wake)
    return [] if person is None else _clear(rows, moment, person)


def _clear(rows: Rows, moment: Moment, person: Person) -> list[Fact]:
    for pool in rows.routings(MentorRow):
        mentor = rows.find(MentorRow, pool, person)
        if mentor is not None and mentor.here:
            rows.put(changed(mentor, here=False), pool, person)
    said: list[Fact] = []
    own: list[tuple[type[Row], str]] = []
    for kind, pool, id in naming(rows, moment, person):
        if id == person and kind in _OWN:
            own.append((_OWN[kind], pool))
        elif kind == LearnerRow.KIND:
            said += _from_learner(rows, moment, pool, id, person)
        elif kind == MentorRow.KIND:
            _from_mentor(rows, pool, id, person)
    for cls, pool in own:
        if cls is LearnerRow:
            said += end_pair(rows, moment, pool, person, "erased")
            ask_round(rows, moment, pool)  # also where a learner only waited: the pool's report counts them
        rows.drop(cls, pool, person)
    return said


def _from_learner(rows: Rows, moment: Moment, pool: str, learner: str, mentor: Person) -> list[Fact]:
    """A learner's row without this mentor."""
    said: list[Fact] = []
    row = rows.find(LearnerRow, pool, learner)
    if row is not None and row.cover == mentor:
        said += end_cover(rows, moment, pool, learner, row, "cover_left")
        ask_round(rows, moment, pool, covers=True)
    if row is not None and row.mentor == mentor:
        said += end_pair(rows, moment, pool, learner, "erased")
    row = rows.find(LearnerRow, pool, learner)
    if row is not None:
        rest: dict[str, Any] = {
            "past": _but(row.past, mentor),
            "blocked": _but(row.blocked, mentor),
            "prefers": tuple(each for each in row.prefers if each != mentor),
            "avoids": tuple(each for each in row.avoids if each != mentor),
        }
        if row.pinned == mentor:
            rest |= {"pinned": None, "pinned_until": None, "pin_told": ""}
        rows.put(changed(row, **rest), pool, learner)
    return said


def _from_mentor(rows: Rows, pool: str, mentor: str, learner: Person) -> None:
    """A mentor's row without this learner; the hours come free when the pair ends."""
    row = rows.find(MentorRow, pool, mentor)
    if row is not None:
        avoids = tuple(each for each in row.avoids if each != learner)
        rows.put(changed(row, avoids=avoids), pool, mentor)


def _but(kept: dict[str, Any], name: str) -> dict[str, Any]:
    return {other: value for other, value in kept.items() if other != name}
