"""When is a place in a course over though nobody says so?  Some weeks after its told end, as for the pools.

What was heard of the learner until then stays; a joining, or the word that the course was passed, comes on top.
"""

from datetime import timedelta

from nudging.course_rows import ENDED, Course
from nudging.pulse_rows import PulseRow
from nudging.reference import counted
from schemas.fact import Moment
from schemas.rows import Rows, changed


def past_end(rows: Rows, moment: Moment, pulse: PulseRow) -> PulseRow:
    """The pulse without the places that are over; their courses count the learner no more."""
    lingers, over = timedelta(days=moment.policy.pool.after_end_days), dict[str, Course]()
    for name, course in pulse.courses.items():
        ends = course.last_end
        if course.active and ends is not None and moment.now >= ends + lingers:
            over[name] = changed(course, over_at=max(ends, course.joined_at or ends), over=ENDED)
            counted(rows, name, -1)
    return changed(pulse, courses={**pulse.courses, **over}) if over else pulse
