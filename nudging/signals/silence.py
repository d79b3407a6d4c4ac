"""L2: the learner was here, and is silent.  Watched from 5 days, as Blackboard flags; told at 7, 10, 14."""

from nudging.course_rows import Course
from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    """Silence counts from the last activity, the start of the course or of a place in it, or the end of a break."""
    if course.first_at is None or course.last_at is None:
        return None
    policy = sight.policy
    since = max(course.last_at, course.begins_at or course.last_at)
    since = max(since, course.break_end(sight.horizon) or since)
    opens = since + policy.silence_watch_days * DAY
    if course.ends_at is not None and opens > course.ends_at:
        return None
    return Ladder(
        "L2", name, name, since, opens,
        (
            Step(1, since + policy.silence_learner_days * DAY, ("learner",)),
            Step(2, since + policy.silence_mentor_days * DAY, ("mentor",)),
            Step(3, since + policy.silence_operator_days * DAY, ("operator",)),
        ),
        (("last_seen", course.last_at.date().isoformat()),),
    )  # fmt: skip
