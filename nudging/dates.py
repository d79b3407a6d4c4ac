"""How does a deadline stand after one more word on it?"""

from nudging.course_rows import Deadline
from schemas.activity import DeadlineRemoved, DeadlineSet
from schemas.rows import changed


def told_date(before: Deadline | None, fact: DeadlineSet | DeadlineRemoved) -> Deadline | None:
    """The date as it now stands, or None where the fact says nothing new."""
    if before is not None and before.told_at >= fact.at:
        return None
    if isinstance(fact, DeadlineSet):
        return Deadline(
            due_at=fact.due_at, told_at=fact.at, required=fact.graded and fact.required, coarse=fact.coarse
        )
    return None if before is None else changed(before, told_at=fact.at, removed=True)
