"""Was this item handed in, and when?  The latest hand-ins of a course are kept with their time, those before as marks.

A learner may hand in a whole term's work in its first week, and none of it may look missed later, nor what was handed
in long ago, should its date be moved.  Two items that share a mark are both taken as handed in.
"""

from collections.abc import Set
from datetime import datetime

from nudging.course_rows import MAX_ITEMS, MAX_MARKS, Course
from nudging.marks import each, known, mark
from schemas.rows import changed
from schemas.terms import EARLIEST, LATEST

LATE = "late/"  # before the item's name in the mark of what came after its date and grace


def handed_in(course: Course, item: str) -> datetime | None:
    """The earliest hand-in; of what is kept as a mark, no more than that it was long ago, or was late."""
    at = course.submitted.get(item)
    if at is not None or not course.marks:
        return at
    marks = known(course.marks)
    if mark(item) in marks:
        return EARLIEST
    return LATEST if mark(LATE + item) in marks else None


def with_hand_in(course: Course, item: str, at: datetime) -> Course:
    """The very same course if this says nothing new."""
    before = handed_in(course, item)
    if before is not None and (before <= at or item not in course.submitted):
        return course
    submitted = {**course.submitted, item: at}
    course = changed(course, submitted=submitted)
    if len(submitted) <= MAX_ITEMS:
        return course
    return as_marks(course, {min(submitted, key=lambda one: (submitted[one], one))})


def as_marks(course: Course, items: Set[str], late: Set[str] = frozenset()) -> Course:
    """These hand-ins without their times; `late` are those of them that were."""
    if not items:
        return course
    submitted = {item: at for item, at in course.submitted.items() if item not in items}
    names = (LATE + item if item in late else item for item in items)
    marks = sorted({*each(course.marks), *map(mark, names)})[-MAX_MARKS:]
    return changed(course, submitted=submitted, marks="".join(marks))


def without_marks(course: Course, but: Set[str]) -> Course:
    """With the marks of these items alone."""
    if not course.marks:
        return course
    marks = "".join(
        sorted({*each(course.marks)} & {mark(name) for item in but for name in (item, LATE + item)})
    )
    return course if marks == course.marks else changed(course, marks=marks or None)
