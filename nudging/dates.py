"""How does a deadline stand after one more word on it, and which are kept where there are too many?"""

from datetime import datetime

from nudging.course_rows import Deadline
from schemas.activity import DeadlineRemoved, DeadlineSet
from schemas.rows import changed
from schemas.terms import EARLIEST


def told_date(before: Deadline | None, fact: DeadlineSet | DeadlineRemoved) -> Deadline | None:
    """The date as it now stands, or None where the fact says nothing new."""
    if before is not None and before.told_at >= fact.at:
        return None
    if isinstance(fact, DeadlineSet):
        return Deadline(
            due_at=fact.due_at, told_at=fact.at, required=fact.graded and fact.required, coarse=fact.coarse
        )
    if before is None:  # its date, told before and heard later, is not to stand
        return Deadline(due_at=EARLIEST, told_at=fact.at, removed=True)
    return changed(before, told_at=fact.at, removed=True)


def kept(dates: dict[str, Deadline], most: int, now: datetime) -> dict[str, Deadline]:
    """All but one where there is one too many: the longest past, or while all are to come the last of them.

    A date of which only the removal is known goes before all others.
    """
    if len(dates) <= most:
        return dates

    def due(item: str) -> tuple[datetime, str]:
        return dates[item].due_at, item

    first = min(dates, key=due)
    gone = first if dates[first].due_at <= now else max(dates, key=due)
    return {item: date for item, date in dates.items() if item != gone}
