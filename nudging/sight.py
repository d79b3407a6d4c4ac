"""What may a signal look at?  One person's pulse, the course around it, the policy, and two instants.

`now` is the partition's clock; `horizon` is through when everything was heard, or `now` while that is
unknown (nothing opens then).  Reference rows are read once a look.
"""

from datetime import datetime, timedelta

from nudging.course_rows import Course, Deadline
from nudging.ladder import Ladder
from nudging.pulse_rows import PulseRow
from nudging.reference_rows import CourseRow
from schemas.pulse_policy import PulsePolicy
from schemas.rows import Rows, blank

AFTER_END = timedelta(days=7)  # so long after its told end the last work of a course may be due
_NO_DATES: dict[str, Deadline] = {}


class Sight:
    def __init__(
        self, rows: Rows, pulse: PulseRow, policy: PulsePolicy, now: datetime, horizon: datetime
    ) -> None:
        self.pulse, self.policy, self.now, self.horizon = pulse, policy, now, horizon
        self._rows = rows
        self._courses: dict[str, CourseRow] = {}
        self._dates: dict[str, dict[str, Deadline]] = {}

    def course(self, name: str) -> CourseRow:
        row = self._courses.get(name)
        if row is None:
            row = self._courses[name] = self._rows.find(CourseRow, name) or blank(CourseRow)
        return row

    def dates(self, name: str, course: Course) -> dict[str, Deadline]:
        """The learner's own dates before the course's.  What is due before they joined, or when they took it before, is
        none of theirs, nor what the course has due well after the told end: that is of the next term."""
        dates = self._dates.get(name)
        if dates is None:
            calendar, begun = self.course(name).dates, course.joined_at
            if begun is None or (not calendar and not course.own_dates):
                return _NO_DATES
            if course.earlier_until is not None:
                begun = max(begun, course.earlier_until)
            if course.ends_at is not None:
                through = course.ends_at + AFTER_END
                calendar = {item: date for item, date in calendar.items() if date.due_at <= through}
            merged = {**calendar, **course.own_dates} if course.own_dates else calendar
            dates = self._dates[name] = {
                item: date for item, date in merged.items() if not date.removed and date.due_at > begun
            }
        return dates

    def since(self, name: str, otherwise: datetime) -> datetime:
        """When the episode of this name opened, if it is open: its age counts from there."""
        episode = self.pulse.episodes.get(name)
        return otherwise if episode is None else episode.opened_at

    def first(self, ladders: list[Ladder]) -> Ladder | None:
        """Of several of one signal in one course one at a time: the one that is open, else the oldest."""
        for ladder in ladders:
            if ladder.name in self.pulse.episodes:
                return ladder
        return min(ladders, key=lambda ladder: (ladder.since, ladder.scope), default=None)
