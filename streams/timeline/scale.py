"""Where on the picture does an instant stand?"""

from datetime import UTC, datetime, timedelta

from streams.timeline.canvas import LEFT, RIGHT, WIDTH
from streams.timeline.life import Life

PLOT = WIDTH - LEFT - RIGHT
DAY, BEFORE = timedelta(days=1), timedelta(days=28)


class Scale:
    def __init__(self, first: datetime, last: datetime) -> None:
        self.first, self.last = first, max(last, first + 28 * DAY)

    def x(self, at: datetime) -> float:
        share = (at - self.first) / (self.last - self.first)
        return LEFT + PLOT * min(1.0, max(0.0, share))

    @classmethod
    def of(cls, life: Life) -> "Scale":
        """From four weeks before the course, or from the first mark, to a week after its end, or after the last mark."""
        marks = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in life.clicks]
        marks += [word.ended_at or word.given_at for word in life.words.values()]
        marks += list(life.handed_in.values())
        joined = [course.joined_at for course in life.courses.values()]
        starts = [
            course.starts_at - BEFORE for course in life.courses.values() if course.starts_at is not None
        ]
        ends = [course.ends_at for course in life.courses.values() if course.ends_at is not None]
        first = min(starts or marks or joined, default=datetime(2026, 1, 1, tzinfo=UTC))
        if not starts and marks:
            first = min(marks) - 3 * DAY
        last = max([*marks, *(ends or ())], default=first + 90 * DAY)
        return cls(first, last + 7 * DAY)
