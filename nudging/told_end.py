"""When is a place in a course over though nobody says so?  Some weeks after its told end, as for the pools.

Where no end was told, it is once nothing has happened in it for long, as far as all was heard; whoever is seen
there again has it back.  What was heard of the learner until then stays; a joining, or the word that the course
was passed, comes on top.
"""

from datetime import datetime, timedelta

from nudging.course_rows import ENDED, Course
from nudging.pulse_rows import PulseRow
from nudging.reference import counted
from schemas.fact import Moment
from schemas.rows import Rows, changed


def places_now(rows: Rows, moment: Moment, pulse: PulseRow, horizon: datetime | None) -> PulseRow:
    """The pulse with each place as it stands now; a course counts its learners by it."""
    after = dict[str, Course]()
    for name, course in pulse.courses.items():
        if course.active and (over_at := _over_at(course, moment, horizon)) is not None:
            after[name] = changed(course, over_at=over_at, over=ENDED)
            counted(rows, name, -1)
        elif _is_back(course, moment):
            after[name] = changed(course, over_at=None, over="")
            counted(rows, name, 1)
    return changed(pulse, courses={**pulse.courses, **after}) if after else pulse


def comes_back(pulse: PulseRow, moment: Moment) -> bool:
    """Asked at each activity, so it looks no further at a place that is not over."""
    return any(course.over == ENDED and _is_back(course, moment) for course in pulse.courses.values())


def _over_at(course: Course, moment: Moment, horizon: datetime | None) -> datetime | None:
    ends = course.last_end
    if ends is not None:
        lingers = timedelta(days=moment.policy.pool.after_end_days)
        return max(ends, course.joined_at or ends) if moment.now >= ends + lingers else None
    last = _last_sign(course)
    return last if horizon is not None and last + _forgets(moment) <= horizon else None


def _is_back(course: Course, moment: Moment) -> bool:
    if not course.forgotten or course.over_at is None:
        return False
    last = _last_sign(course)
    return last > course.over_at and last + _forgets(moment) > moment.now


def _forgets(moment: Moment) -> timedelta:
    return timedelta(days=moment.policy.pulse.forgotten_after_days)


def _last_sign(course: Course) -> datetime:
    """When something last happened in it, or is to happen for this learner alone."""
    work = course.work
    signs = [
        course.begins_at, course.last_at, course.progress_at, None if work is None else work.planned_at,
        *(until for _, until in course.all_breaks),
        *(date.due_at for date in course.own_dates.values() if not date.removed),
        *(grade.at for grade in (work.grades.values() if work is not None else ())),
    ]  # fmt: skip
    return max(sign for sign in signs if sign is not None)
