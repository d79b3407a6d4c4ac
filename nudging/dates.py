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
    if before is None:  # its setting, told before this and not heard yet, must not bring it back
        return Deadline(due_at=EARLIEST, told_at=fact.at, removed=True)
    return changed(before, told_at=fact.at, removed=True)


def kept(dates: dict[str, Deadline], most: int, now: datetime) -> dict[str, Deadline]:
    """Drops one date where there are more than `most`: the one longest past, or if none is past the last to come.

    A date of which only the removal is known is dropped before all others.
    """
    if len(dates) <= most:
        return dates

    def due(item: str) -> tuple[datetime, str]:
        return dates[item].due_at, item

    first = min(dates, key=due)
    gone = first if dates[first].due_at <= now else max(dates, key=due)
    return {item: date for item, date in dates.items() if item != gone}
