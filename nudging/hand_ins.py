"""Was this item handed in, and when?  The latest hand-ins of a course are kept with their time, those before as marks.

Work that is in must never look missed: not where a whole term's work came in the first week, and not where a date is
moved long after.  So nothing is forgotten, only its time.  Two items that share a mark both count as handed in.
"""

from collections.abc import Set
from datetime import datetime

from nudging.course_rows import MAX_ITEMS, MAX_MARKS, Course
from nudging.marks import each, known, mark
from schemas.rows import changed
from schemas.terms import EARLIEST, LATEST

LATE = "late/"  # before the item's name in the mark of what came after its date and grace


def handed_in(course: Course, item: str) -> datetime | None:
    """When the item was first handed in; None = it was not.  Of a mark the time is gone: EARLIEST = in time, LATEST = late."""
    at = course.submitted.get(item)
    if at is not None or not course.marks:
        return at
    marks = known(course.marks)
    if mark(item) in marks:
        return EARLIEST
    return LATEST if mark(LATE + item) in marks else None


def with_hand_in(course: Course, item: str, at: datetime) -> Course:
    """The course with this hand-in; the very same object if it says nothing new."""
    before = handed_in(course, item)
    if before is not None and (before <= at or item not in course.submitted):
        return course
    submitted = {**course.submitted, item: at}
    course = changed(course, submitted=submitted)
    if len(submitted) <= MAX_ITEMS:
        return course
    return as_marks(course, {min(submitted, key=lambda one: (submitted[one], one))})


def as_marks(course: Course, items: Set[str], late: Set[str] = frozenset()) -> Course:
    """Turns these hand-ins into marks, without their times; `late` names those of them that were late."""
    if not items:
        return course
    submitted = {item: at for item, at in course.submitted.items() if item not in items}
    names = (LATE + item if item in late else item for item in items)
    marks = sorted({*each(course.marks), *map(mark, names)})[-MAX_MARKS:]
    return changed(course, submitted=submitted, marks="".join(marks))


def without_marks(course: Course, but: Set[str]) -> Course:
    """The course without any marks but those of these items."""
    if not course.marks:
        return course
    marks = "".join(
        sorted({*each(course.marks)} & {mark(name) for item in but for name in (item, LATE + item)})
    )
    return course if marks == course.marks else changed(course, marks=marks or None)
