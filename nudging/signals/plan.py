"""L12: in the first week, once, the learner is asked for a plan of their own, with what may come in its way.

An open prompt raised completion by 29 % (Yeomans and Reich 2017); plans with clock times did not, so none are asked for.
"""

from nudging.course_rows import Course
from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    since = course.begins_at
    if since is None or (course.work is not None and course.work.planned_at is not None):
        return None
    first, lost = course.first_at, course.over_at
    if first is not None and lost is not None and lost - first > sight.policy.plan_keep_days * DAY:
        return None  # back after a roster lost them: their first week was before
    at, until = since + sight.policy.plan_after_days * DAY, since + sight.policy.plan_keep_days * DAY
    if until <= sight.now and f"L12/{name}" not in sight.pulse.episodes:
        return None
    return Ladder(
        "L12", name, name, since, at, (Step(1, at, ("learner",)),), (("since", since.date().isoformat()),),
        storms=False, until=until,
    )  # fmt: skip
