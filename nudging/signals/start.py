"""L1: the learner joined, and nothing was ever seen.  3 and 10 days as Open edX schedules do."""

from nudging.course_rows import Course
from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    since = course.begins_at
    if course.first_at is not None or since is None:
        return None
    policy = sight.policy
    since = max(since, course.break_end(sight.horizon) or since)
    first, second = since + policy.start_learner_days * DAY, since + policy.start_mentor_days * DAY
    if course.ends_at is not None and first > course.ends_at:
        return None
    return Ladder(
        "L1", name, name, since, first,
        (Step(1, first, ("learner",)), Step(2, second, ("learner", "mentor"))),
        (("since", since.date().isoformat()),),
    )  # fmt: skip
