"""L4: a deadline is near and the work is not in.  3 days and 1 day before: dated tasks are what reminders help with."""

from nudging.course_rows import Course
from nudging.hand_ins import handed_in
from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight
from schemas.terms import CloseReason


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    """Stands for the next deadline alone, until the work is in, the date is moved, or it is due.

    Whoever missed some already is told of those (L5).
    """
    coming = [
        (date.due_at, item)
        for item, date in sight.dates(name, course).items()
        if date.due_at > sight.now and handed_in(course, item) is None
    ]
    if not coming:
        return None
    due, item = min(coming)
    first = due - sight.policy.due_first_days * DAY
    told = max(first, course.begins_at or first)
    return Ladder(
        "L4", f"{name}/{item}/{due.date().isoformat()}", name, told, told,
        (Step(1, told, ("learner",)), Step(2, due - sight.policy.due_last_days * DAY, ("learner",))),
        (("item", item), ("due", due.date().isoformat())), storms=False, until=due,
    )  # fmt: skip


def ended(sight: Sight, name: str, scope: str) -> CloseReason:
    """Handed in, due, or the date was moved or taken back."""
    course = sight.pulse.courses[name]
    item, _, due = scope.removeprefix(f"{name}/").rpartition("/")
    if handed_in(course, item) is not None:
        return "done"
    date = sight.dates(name, course).get(item)
    return "superseded" if date is None or date.due_at.date().isoformat() != due else "expired"
