"""Was this item handed in, and when?  The latest hand-ins of a course are kept with their time, those before as marks.

Work that is in must never look missed: not where a whole term's work came in the first week, and not where a date is
moved long after.  So nothing is forgotten, only its time; and what was late for one date need not be for another.
Two items that share a mark both count as handed in.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from nudging.course_rows import MAX_ITEMS, MAX_MARKS, Course
from nudging.marks import each, known, mark
from schemas.rows import changed
from schemas.terms import EARLIEST, LATEST

LATE = "late/"  # before the item's name in the mark of what was late, in rows by an earlier release
NONE_LATE: Mapping[str, datetime] = {}


def handed_in(course: Course, item: str, due_at: datetime | None = None) -> datetime | None:
    """When the item was first handed in; None = it was not.

    Of a mark the time is gone: LATEST = late for this date, else EARLIEST.
    """
    at = course.submitted.get(item)
    if at is not None or not course.marks:
        return at
    marks = known(course.marks)
    if mark(item) not in marks:
        return LATEST if mark(LATE + item) in marks else None
    late = due_at is not None and course.late and mark(_for(item, due_at)) in known(course.late)
    return LATEST if late else EARLIEST


def _for(item: str, due_at: datetime) -> str:
    return f"{item}/{due_at.timestamp():.0f}"


def with_hand_in(course: Course, item: str, at: datetime) -> Course:
    """The course with this hand-in; the very same object if it says nothing new."""
    before = handed_in(course, item)
    if before is not None and (before <= at or item not in course.submitted):
        return course
    submitted = {**course.submitted, item: at}
    course = changed(course, submitted=submitted)
    if len(submitted) <= MAX_ITEMS:
        return course
    return as_marks(course, [min(submitted, key=lambda one: (submitted[one], one))])


def as_marks(course: Course, items: Iterable[str], late: Mapping[str, datetime] = NONE_LATE) -> Course:
    """Turns these hand-ins into marks, without their times; `late` names those of them that were late, and for which date."""
    gone = set(items)
    if not gone:
        return course
    return changed(
        course,
        submitted={item: at for item, at in course.submitted.items() if item not in gone},
        marks=_joined(each(course.marks), map(mark, gone)),
        late=_joined(each(course.late), (mark(_for(item, due_at)) for item, due_at in late.items())),
    )


def _joined(marks: Iterable[str], more: Iterable[str]) -> str | None:
    return "".join(sorted({*marks, *more})[-MAX_MARKS:]) or None


def without_marks(course: Course, dates: Mapping[str, datetime]) -> Course:
    """The course without any marks but those of these items, and without lateness but for these dates of theirs."""
    if not course.marks:
        return course
    names = (mark(name) for item in dates for name in (item, LATE + item))
    marks = _joined(set(each(course.marks)).intersection(names), ())
    late = course.late and _joined(
        set(each(course.late)).intersection(mark(_for(item, due_at)) for item, due_at in dates.items()), ()
    )
    if marks == course.marks and late == course.late:
        return course
    return changed(course, marks=marks, late=late)
