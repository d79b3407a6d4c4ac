"""Does a learner take a course again, and with what do they begin?

Anew, as the same course of a later term: long after it was over, or with another beginning after that.  It is over by
its told end, too, if nobody says so, and who joins the next term before that end is of the next term from then on.
A roster that loses somebody for a few days is neither, and what they did counts on, before the course has begun too.
What is dated after the end is of the new time, as a roster may tell of a place later than a platform of work.
"""

from datetime import datetime, timedelta

from nudging.course_rows import Course, Weeks, Work
from nudging.presence import NEW
from schemas.learners import CourseJoined
from schemas.rows import changed

ANOTHER_TERM = timedelta(days=45)  # a joining so long after an end begins the course anew


def joined_again(known: Course, fact: CourseJoined) -> Course:
    """The course as it is before this joining: as known, or begun anew."""
    over_at, starts_at = known.ends_at if known.active else known.over_at, fact.starts_at
    if over_at is None:
        return known
    later_term = starts_at is not None and starts_at > over_at and starts_at != known.starts_at
    if known.active:  # over by its told end at the most, and a roster may tell of it each night
        return changed(anew(known, over_at), over_at=known.over_at, over=known.over) if later_term else known
    if fact.at <= over_at:
        return known
    return anew(known, over_at) if later_term or fact.at - over_at >= ANOTHER_TERM else known


def told_over(known: Course, over_at: datetime, over: str) -> Course:
    """The course with its end, which may be told after the learner came back to it."""
    ended = changed(known, over_at=over_at, over=over)
    if known.joined_at is None or known.joined_at - over_at < ANOTHER_TERM:
        return ended
    place = {name: getattr(known, name) for name in ("programme", "joined_at", "starts_at", "ends_at")}
    return changed(anew(ended, over_at), **place)


def anew(known: Course, over_at: datetime) -> Course:
    """What is dated after the end, a break that reaches beyond it, and which weeks the cohort was told of."""
    seen = known.last_at is not None and known.last_at > over_at
    first = known.last_at if known.first_at is None or known.first_at <= over_at else known.first_at
    reached = known.progress_at is not None and known.progress_at > over_at
    return changed(
        NEW, over_at=over_at, over=known.over, earlier_until=over_at,
        first_at=first if seen else None, last_at=known.last_at if seen else None,
        days=known.days if seen else None,
        breaks=tuple(each for each in known.all_breaks if each[1] > over_at),
        progress_permille=known.progress_permille if reached else 0,
        progress_at=known.progress_at if reached else None,
        submitted={item: at for item, at in known.submitted.items() if at > over_at},
        own_dates={item: date for item, date in known.own_dates.items() if date.told_at > over_at},
        weeks=None if known.weeks is None else Weeks(counted=known.weeks.counted, judged=known.weeks.judged),
        work=_since(known.work, over_at),
    )  # fmt: skip


def _since(work: Work | None, over_at: datetime) -> Work | None:
    if work is None:
        return None
    struggle = work.struggle if work.struggle is not None and work.struggle.since > over_at else None
    since = Work(
        grades={item: grade for item, grade in work.grades.items() if grade.at > over_at},
        struggle=struggle,
        stuck={item: stuck for item, stuck in work.stuck.items() if stuck.last_at > over_at},
        questions={
            thread: known
            for thread, known in work.questions.items()
            if (at := known.asked_at or known.answered_at) is not None and at > over_at
        },
        tools={
            name: tool
            for name, tool in work.tools.items()
            if (at := tool.opened_at or tool.failed_at) is not None and at > over_at
        },
        planned_at=work.planned_at if work.planned_at is not None and work.planned_at > over_at else None,
    )
    return None if since == Work() else since
