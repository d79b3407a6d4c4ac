"""Was this item handed in, and when?  The latest hand-ins of a course are kept with their time, those before as marks.

A learner may hand in a whole term's work in its first week, and none of it may look missed later.  A mark is 24 bits of
the item's hash: two items in 16 million share one, and are then both taken as handed in.
"""

from base64 import urlsafe_b64encode
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b

from nudging.course_rows import MAX_ITEMS, MAX_MARKS, Course
from schemas.rows import changed
from schemas.terms import EARLIEST

LETTERS = 4


def handed_in(course: Course, item: str) -> datetime | None:
    """The earliest hand-in; of what is kept as a mark, no more than that it was long ago."""
    at = course.submitted.get(item)
    return EARLIEST if at is None and course.marks and mark(item) in _marks(course) else at


def with_hand_in(course: Course, item: str, at: datetime) -> Course:
    """The very same course if this says nothing new."""
    before = handed_in(course, item)
    if before is not None and before <= at:
        return course
    submitted = {**course.submitted, item: at}
    if len(submitted) <= MAX_ITEMS:
        return changed(course, submitted=submitted)
    first = min(submitted, key=lambda one: (submitted[one], one))
    del submitted[first]
    marks = sorted({*_marks(course), mark(first)})[-MAX_MARKS:]
    return changed(course, submitted=submitted, marks="".join(marks))


def without_marks(course: Course, but: Collection[str]) -> Course:
    """With the marks of these items alone."""
    if not course.marks:
        return course
    marks = "".join(sorted(_marks(course) & {mark(item) for item in but}))
    return course if marks == course.marks else changed(course, marks=marks or None)


def _marks(course: Course) -> set[str]:
    marks = course.marks or ""
    return {marks[n : n + LETTERS] for n in range(0, len(marks), LETTERS)}


@lru_cache(maxsize=4096)
def mark(item: str) -> str:
    return urlsafe_b64encode(blake2b(item.encode("utf-8", "surrogatepass"), digest_size=3).digest()).decode()
