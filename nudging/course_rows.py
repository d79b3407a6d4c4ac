"""What does a pulse remember of one learner in one course?

Maxima, minima and sets of bounded size, not counts of arrivals, so late and repeated facts change nothing twice.
"""

from datetime import datetime, timedelta
from uuid import UUID

from nudging.marks import each, mark
from schemas.rows import Part, empty
from schemas.terms import Instant

MAX_ITEMS, MAX_GRADES, MAX_STUCK, MAX_PASSED, MAX_QUESTIONS = 32, 8, 16, 8, 16
MAX_BREAKS, MAX_OWN_DATES = 8, 64
MAX_TOOLS = 48  # all that a course may require, and some more
MAX_MARKS = 200  # as many as a course has dates


ENDED = "ended"  # by its told end alone, or, where none was told, as nothing happened for long
LONG_AGO = timedelta(days=30)  # so long after a date the time of its hand-in is let go

Days = tuple[
    int, int
]  # the latest active day, counted from the year 1, and bits: bit k is the day k before it


class Deadline(Part):
    due_at: Instant
    told_at: Instant  # when it was set: a later word replaces an earlier one
    required: bool = True  # graded and required
    coarse: bool = False
    removed: bool = False


class Dip(Part):
    """A week that fell below what is usual, as it was judged (L3)."""

    since: Instant  # the end of the first such week in a row
    week: str  # its Monday
    days: int  # active, of seven
    usual: str  # median of the learner's own weeks before
    by: str  # own history, cohort, or both
    n: int  # learners in the cohort's week
    mean: str = ""  # active days of the cohort; empty = the cohort is too small to judge by


class Weeks(Part):
    """Whole weeks, as they were told to the cohort and judged."""

    counted: tuple[int, int] | None = None  # the last week told to the cohort, and its days
    judged: int = 0  # the last week judged
    streak: int = 0  # weeks in a row with enough active days
    dip: Dip | None = None


class Grade(Part):
    at: Instant
    score: int  # permille


class Struggle(Part):
    """The latest grade lies below a line, as it was judged (L7)."""

    since: Instant
    item: str
    score: int
    by: str  # which lines it lies below
    n: int = 0
    mean: int = 0  # permille of the cohort; 0 = too small to judge by
    evidence: UUID


class Stuck(Part):
    """Tries on one item.  A try counts once: by its number, else by its fact's id."""

    fails: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    last_at: Instant
    evidence: UUID | None = None  # the last fail or hint


class Question(Part):
    asked_at: Instant | None = None  # None = its answer came first
    answered_at: Instant | None = None
    to_mentor: bool = False
    evidence: UUID | None = None


class Tool(Part):
    opened_at: Instant | None = None  # first
    failed_at: Instant | None = None  # first


class Work(Part):
    """What a learner did beyond being there; most learners have little of it."""

    grades: dict[str, Grade] = empty()  # the latest items
    graded: str = ""  # marks of those before, as many as a cohort knows
    struggle: Struggle | None = None
    stuck: dict[str, Stuck] = empty()
    passes: str = ""  # marks of the last items passed
    passed: tuple[str, ...] = ()  # the same by name, of rows by an earlier release
    questions: dict[str, Question] = empty()  # by thread
    tools: dict[str, Tool] = empty()
    planned_at: Instant | None = None
    asked: bool = False  # the mentor was asked to speak of what comes next (L13)

    def knows_passed(self, item: str) -> bool:
        return item in self.passed or mark(item) in each(self.passes)


class Course(Part):
    """One learner in one course.  `over_at` after `joined_at` = left or completed."""

    programme: str = ""
    joined_at: Instant | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    over_at: Instant | None = None
    over: str = ""  # withdrew, done, failed or ended
    earlier_until: Instant | None = None  # taken before: what happened until then is of that time
    first_at: Instant | None = None
    last_at: Instant | None = None
    breaks: tuple[tuple[Instant, Instant], ...] = ()  # declared, from and until; the latest of them
    break_from: Instant | None = None  # of rows by an earlier release, which kept one
    break_until: Instant | None = None
    progress_permille: int = 0
    progress_at: Instant | None = None
    submitted: dict[str, Instant] = empty()  # the earliest hand-in of each item, of the latest of them
    marks: str | None = None  # of items handed in before those (`nudging.hand_ins`)
    late: str | None = None  # marks of those of them that were late for their date
    # of rows by an earlier release, which kept no marks of what was due until then
    judged_through: Instant | None = None
    own_dates: dict[str, Deadline] = empty()
    days: Days | None = None
    weeks: Weeks | None = None
    work: Work | None = None

    @property
    def active(self) -> bool:
        if self.joined_at is None:
            return False
        return self.over_at is None or self.joined_at > self.over_at

    @property
    def forgotten(self) -> bool:
        """Over though no end was told, as nothing happened in it for long?"""
        return self.over == ENDED and self.ends_at is None and self.joined_at is not None and not self.active

    def of_earlier(self, at: datetime) -> bool:
        """Did this happen when the learner took the course before?"""
        return self.earlier_until is not None and at <= self.earlier_until

    @property
    def begins_at(self) -> datetime | None:
        """When both the course and the learner's place in it have begun."""
        if self.joined_at is None or self.starts_at is None:
            return self.joined_at
        return max(self.joined_at, self.starts_at)

    @property
    def last_end(self) -> datetime | None:
        """The told end, or the last date after it that was set for this learner alone."""
        if self.ends_at is None:
            return None
        own = (date.due_at for date in self.own_dates.values() if not date.removed)
        return max((self.ends_at, *own))

    def forgot(self, due_at: datetime) -> bool:
        """Is it not known any more whether this was handed in?"""
        return self.judged_through is not None and due_at <= self.judged_through

    @property
    def all_breaks(self) -> tuple[tuple[datetime, datetime], ...]:
        """All declared breaks that are known: one more leaves those before as they were."""
        if self.break_from is None or self.break_until is None:
            return self.breaks
        return (*self.breaks, (self.break_from, self.break_until))

    def break_end(self, at: datetime) -> datetime | None:
        """The end of the declared breaks that had begun by then; one to come excuses nothing yet."""
        return max((until for begun, until in self.all_breaks if begun <= at), default=None)

    def on_break(self, at: datetime) -> bool:
        ends = self.break_end(at)
        return ends is not None and at < ends


NO_WORK, NO_WEEKS = Work(), Weeks()
