"""How does the week that ended compare?  With the learner's own weeks before, and with the cohort's.

A learner's week is told to the cohort in the first half of Monday, and judged from Tuesday on, when all
have told theirs and late facts have come in.
"""

from datetime import datetime

from nudging.course_rows import NO_WEEKS, Course, Days, Weeks
from nudging.days import begins, days_of, week_of
from nudging.ladder import DAY
from nudging.pulse_rows import PulseRow
from nudging.reference import add_week, week_of_cohort
from nudging.signals import balance, dip, recognition
from schemas.fact import Moment
from schemas.rows import Rows, changed


def look_back(
    rows: Rows, moment: Moment, pulse: PulseRow, horizon: datetime | None
) -> tuple[PulseRow, list[tuple[str, str, str]]]:
    """The pulse with its last week told and judged where it is time, and the streaks worth a word: course and week."""
    week = week_of(moment.now) - 1
    judges = horizon is not None and horizon >= begins(week + 1) and moment.now >= begins(week + 1) + DAY
    streaks: list[tuple[str, str, str]] = []
    courses: dict[str, Course] = {}
    for name, course in pulse.courses.items():
        weeks, begun = course.weeks or NO_WEEKS, course.begins_at
        if course.days is None or begun is None or not course.active or begun > begins(week):
            continue
        after = _told(rows, name, course.days, weeks, week)
        if judges and after.judged < week:
            after = _judged(rows, moment, pulse, name, changed(course, weeks=after), week)
            if after.streak and after.streak % moment.policy.pulse.streak_weeks == 0:
                streaks.append((f"streak {after.streak} weeks", name, f"/{week}"))
        if after is not weeks:
            courses[name] = changed(course, weeks=after)
    if courses:
        pulse = changed(pulse, courses={**pulse.courses, **courses})
    return (balance.judged(pulse, week, moment.policy.pulse) if judges else pulse), streaks


def _told(rows: Rows, name: str, seen: Days, weeks: Weeks, week: int) -> Weeks:
    days = days_of(seen, week)
    if weeks.counted == (week, days):
        return weeks
    known = weeks.counted[1] if weeks.counted is not None and weeks.counted[0] == week else None
    add_week(rows, name, week, 1 if known is None else 0, days - (known or 0))
    return changed(weeks, counted=(week, days))


def _judged(rows: Rows, moment: Moment, pulse: PulseRow, name: str, course: Course, week: int) -> Weeks:
    policy, seen, weeks, begun = moment.policy.pulse, course.days, course.weeks, course.begins_at
    assert seen is not None
    assert weeks is not None
    assert begun is not None
    days = days_of(seen, week)
    before = [days_of(seen, w) for w in range(week - 4, week) if begins(w) >= begun]
    found = None
    if days and f"L2/{name}" not in pulse.episodes and not _away(course, week):
        found = dip.judged(days, before, week_of_cohort(rows, name, week), weeks.dip, begins(week), policy)
    return changed(weeks, judged=week, dip=found, streak=recognition.streak(weeks.streak, days, policy))


def _away(course: Course, week: int) -> bool:
    """Was a declared break within the week, or did the course end in it?"""
    start, end = begins(week), begins(week + 1)
    if course.ends_at is not None and course.ends_at < end:
        return True
    return any(begun < end and ends > start for begun, ends in course.all_breaks)
