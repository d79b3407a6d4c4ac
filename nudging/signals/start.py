"""L1: the learner joined, and nothing was ever seen.  3 and 10 days as Open edX schedules do."""

from datetime import datetime

from nudging.ladder import DAY, Ladder, Step
from nudging.pulse_rows import Course
from schemas.policy import PulsePolicy


def ladder(name: str, course: Course, policy: PulsePolicy, horizon: datetime) -> Ladder | None:
    if not course.active or course.first_at is not None:
        return None
    assert course.joined_at is not None
    since = max(course.joined_at, course.starts_at or course.joined_at)
    since = max(since, course.break_end(horizon) or since)
    first, second = since + policy.start_learner_days * DAY, since + policy.start_mentor_days * DAY
    if course.ends_at is not None and first > course.ends_at:
        return None
    return Ladder(
        "L1", name, name, since, first,
        (Step(1, first, ("learner",)), Step(2, second, ("learner", "mentor"))),
        (("since", since.date().isoformat()),),
    )  # fmt: skip
