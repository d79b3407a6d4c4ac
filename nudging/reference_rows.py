"""What do all learners of a course within one partition share?  Reference rows, none of which grows with traffic."""

from datetime import datetime
from typing import ClassVar

from nudging.course_rows import Deadline
from schemas.rows import Row, empty
from schemas.terms import Instant

MAX_DATES, MAX_REQUIRED, MAX_WEEKS, MAX_SCORES, MAX_ASKERS, MAX_EARLY = 200, 32, 8, 64, 500, 64
READER = "intake"  # whose word on what was heard counts


class CourseRow(Row):
    """A course: its calendar, its tools, and how many of its learners an absence opened for today."""

    KIND: ClassVar[str] = "course"

    dates: dict[str, Deadline] = empty()
    tools: tuple[str, ...] = ()  # required
    learners: int = 0  # of this partition: a fair sample
    opened_on: dict[str, str] = empty()  # by signal: the day counted
    opened: dict[str, int] = empty()
    stormed_on: str = ""


class CohortRow(Row):
    """What is usual in a course: learners and the sum over them, by week and by graded item.

    A partition's learners are a sample of all, made by hashing; whoever uses a figure tells its n.
    """

    KIND: ClassVar[str] = "cohort"

    weeks: dict[str, tuple[int, int]] = empty()  # by week: learners, active days
    scores: dict[str, tuple[int, int]] = empty()  # by item: learners, permille


class ForumRow(Row):
    """Whose is which question?  Open ones with their asker, and answers that came before their question."""

    KIND: ClassVar[str] = "forum"

    askers: dict[str, tuple[str, Instant]] = empty()
    early: dict[str, tuple[str, Instant]] = empty()  # by thread: by whom, if told


class HeardRow(Row):
    """Through when each input partition was read to its end, and when each platform last spoke."""

    KIND: ClassVar[str] = "heard"

    through: dict[str, dict[str, Instant]] = empty()  # topic -> partition -> instant
    partitions: dict[str, int] = empty()
    last_heard: dict[str, Instant] = empty()
    told: dict[str, tuple[str, ...]] = empty()  # by platform that is silent: the operators who know

    def heard(self) -> datetime | None:
        """The instant all declared partitions were heard through; None until each has spoken."""
        for topic, count in self.partitions.items():
            if len(self.through.get(topic, {})) < count:
                return None
        ends = [end for parts in self.through.values() for end in parts.values()]
        return min(ends) if ends else None
