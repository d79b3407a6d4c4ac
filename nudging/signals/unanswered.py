"""L8: a question waits for an answer.  A day, then the mentor hears; three, then the operator: Exercism lost people at 14."""

from datetime import timedelta

from nudging.course_rows import Course
from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    """Stands from the asking until anybody else answers; the mentor answers a question to them by any word."""
    if course.work is None or not course.work.questions:
        return None
    policy, spoke = sight.policy, sight.pulse.mentor_spoke_at
    found = []
    for thread, question in course.work.questions.items():
        at = question.asked_at
        if at is None or (question.answered_at is not None and question.answered_at >= at):
            continue
        until = at + policy.unanswered_keep_days * DAY
        if question.to_mentor and spoke is not None and spoke >= at:
            continue
        if until <= sight.now and f"L8/{name}/{thread}" not in sight.pulse.episodes:
            continue
        found.append(
            Ladder(
                "L8", f"{name}/{thread}", name, at, at,
                (
                    Step(1, at + timedelta(hours=policy.unanswered_mentor_hours), ("mentor",)),
                    Step(2, at + timedelta(hours=policy.unanswered_operator_hours), ("operator",)),
                ),
                (("thread", thread), ("asked", at.date().isoformat())),
                storms=False, until=until, evidence=(question.evidence,) if question.evidence is not None else (),
            )
        )  # fmt: skip
    return sight.first(found)
