"""L13: the course is passed, or nears its end: once, the mentor is asked to speak of what comes next.

Three quarters of the way, as eCornell and Civitas count it.
"""

from datetime import datetime

from nudging.course_rows import NO_WORK, Course
from nudging.ladder import DAY, Figures, Ladder, Step
from nudging.pulse_rows import PulseRow
from nudging.sight import Sight
from schemas.pulse_policy import PulsePolicy
from schemas.rows import changed


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    """Stands for two weeks from what came last: the pass, the progress, or the date for who is still here."""
    if (course.work is not None and course.work.asked) or (not course.active and course.over != "done"):
        return None
    at, why = _reason(course, sight.policy, sight.now)
    if at is None:
        return None
    until = at + sight.policy.career_keep_days * DAY
    if until <= sight.now and f"L13/{name}" not in sight.pulse.episodes:
        return None
    figures: Figures = (("reached", why), ("progress_permille", course.progress_permille))
    return Ladder("L13", name, name, at, at, (Step(1, at, ("mentor",)),), figures, absence=False, until=until)


def _reason(course: Course, policy: PulsePolicy, now: datetime) -> tuple[datetime | None, str]:
    if not course.active:
        return course.over_at, "passed"
    if course.progress_at is not None and course.progress_permille >= policy.career_progress_permille:
        return course.progress_at, "progress"
    begins, ends, last = course.begins_at, course.ends_at, course.last_at
    if begins is None or ends is None or last is None or ends <= begins:
        return None, ""
    near = begins + (ends - begins) * policy.career_progress_permille / 1000
    here = last + policy.career_active_days * DAY > now
    return (near, "dates") if here and near <= now else (None, "")


def asked(pulse: PulseRow, name: str) -> PulseRow:
    """The pulse in which this course is not asked about again."""
    course = pulse.courses.get(name)
    if course is None:
        return pulse
    work = changed(course.work or NO_WORK, asked=True)
    return changed(pulse, courses={**pulse.courses, name: changed(course, work=work)})
