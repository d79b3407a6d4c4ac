"""Who was erased, and how do they stay so?  A mark in every partition of every ledger, kept for ever.

The mark is a hash of the id: what is left of a person does not name them.  A fact about somebody marked is
not folded, however late it comes; where it only mentions them, it is folded without the mention.
"""

from datetime import timedelta
from functools import cache, lru_cache
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Strict

from schemas.fact import Fact, Moment, Wake
from schemas.ids import named
from schemas.matches import MatchAnnounced, PairAnnounced
from schemas.rows import Row, RowKey, Rows, blank, changed
from schemas.study import QuestionAnswered
from schemas.terms import Instant, Person

MARKS = UUID("2f4b1f0e-6a5d-5c3e-9b0a-8d1c7e5f4a21")
STEP = 200  # rows that one transaction clears; a mentor may be named in thousands
AGAIN = timedelta(milliseconds=1)
_ABOUT = ("learner", "mentor", "person", "recipient", "subject")  # whom a fact is about
_MENTIONS = ("avoids", "prefers", "pairs", "by")  # lists, a mentor's pairs, and who answered a question

Place = Annotated[tuple[str, str, str], Strict(False)]


class ErasuresRow(Row):
    """That anybody was erased here at all, so that a partition without costs one look."""

    KIND: ClassVar[str] = "erasures"

    count: int = 0


class ErasedRow(Row):
    """One person, by mark.  `person` and `after` only while rows that name them are left."""

    KIND: ClassVar[str] = "erased"

    at: Instant
    person: Person | None = None
    after: Place | None = None  # the row key through which this was done


ROWS: dict[str, type[Row]] = {row.KIND: row for row in (ErasuresRow, ErasedRow)}


@lru_cache(maxsize=100_000)
def mark_of(person: Person) -> str:
    return named(MARKS, person).hex


def is_erased(rows: Rows, person: Person) -> bool:
    return rows.find(ErasedRow, "", mark_of(person)) is not None


def begin(rows: Rows, moment: Moment, person: Person) -> bool:
    """Marks the person; False if that was done before."""
    if is_erased(rows, person):
        return False
    rows.put(ErasedRow(at=moment.now), "", mark_of(person))
    known = rows.find(ErasuresRow, "") or blank(ErasuresRow)
    rows.put(changed(known, count=known.count + 1), "")
    return True


def resumed(rows: Rows, wake: Wake) -> Person | None:
    """Who is named in more rows than one step cleared."""
    known = rows.find(ErasedRow, wake.routing, wake.row)
    return None if known is None else known.person


def naming(rows: Rows, moment: Moment, person: Person) -> list[RowKey]:
    """The next rows to clear of the person; asks for a wake-up where there are more."""
    mark = mark_of(person)
    known = rows.find(ErasedRow, "", mark) or ErasedRow(at=moment.now)
    after = known.after or ("", "", "")
    left = [key for key in rows.naming(person) if key.kind != ErasedRow.KIND and tuple(key) > after]
    rest: dict[str, Any] = {"person": None, "after": None, "wake_at": None}
    if len(left) > STEP:
        rest = {"person": person, "after": tuple(left[STEP - 1]), "wake_at": moment.now + AGAIN}
    rows.put(changed(known, **rest), "", mark)
    return left[:STEP]


def spared(rows: Rows, fact: Fact) -> Fact | None:
    """The fact as it may be folded; None if it is about somebody erased."""
    if rows.find(ErasuresRow, "") is None:
        return fact
    fields, (about, lists) = fact.__dict__, _looked_at(type(fact))
    gone = [name for name in about if (who := fields[name]) is not None and is_erased(rows, who)]
    if gone == ["mentor"] and isinstance(
        fact, MatchAnnounced
    ):  # the learner's pair is over, whatever it says
        return changed(fact, state="ended", mentor=None)
    if gone:
        return None
    if isinstance(fact, PairAnnounced) and fact.state != "ended" and is_erased(rows, fact.other):
        return None
    return _without_mentions(rows, fact, lists) if lists else fact


@cache
def _looked_at(cls: type[Fact]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that say whom a fact is about, and those that mention others."""
    names = cls.model_fields
    return tuple(n for n in _ABOUT if n in names), tuple(n for n in _MENTIONS if n in names)


def _without_mentions(rows: Rows, fact: Fact, lists: tuple[str, ...]) -> Fact:
    news: dict[str, object] = {}
    for name in lists:
        listed = fact.__dict__[name]
        if not listed:
            continue
        if name == "by":
            news[name] = None if isinstance(fact, QuestionAnswered) and is_erased(rows, listed) else listed
        elif name == "pairs":
            news[name] = tuple(pair for pair in listed if not is_erased(rows, pair[1]))
        else:
            news[name] = tuple(person for person in listed if not is_erased(rows, person))
    return changed(fact, **news) if news else fact
