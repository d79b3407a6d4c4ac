"""L5: a deadline passed, its grace too, and the work is not in.  Three required in a row reach the operator."""

from datetime import datetime, timedelta

from nudging.course_rows import LONG_AGO, Course, Deadline
from nudging.hand_ins import as_marks, handed_in, without_marks
from nudging.ladder import DAY, Figures, Ladder, Step
from nudging.sight import Sight
from schemas.pulse_policy import PulsePolicy

OPTIONAL = "optional"


def grace(date: Deadline, policy: PulsePolicy) -> timedelta:
    return timedelta(hours=policy.missed_coarse_grace_hours if date.coarse else policy.missed_grace_hours)


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    """Stands while an item is overdue and not in; an item is let go `missed_keep_days` later.

    Required work first: what is optional has a ladder of its own, which the learner alone hears, while nothing
    required is overdue.  An item that will fall due is a ladder too, so that the pulse wakes for it.
    """
    policy, horizon = sight.policy, sight.horizon
    dates = sight.dates(name, course)
    asked = sorted(
        (date.due_at + grace(date, policy), item)
        for item, date in dates.items()
        if not course.on_break(date.due_at)  # what falls into a declared break is excused
    )
    keep = policy.missed_keep_days * DAY
    open_items = [(at, item) for at, item in asked if at + keep > horizon and handed_in(course, item) is None]
    if not open_items:
        return None
    overdue = [each for each in open_items if each[0] <= horizon]
    first_at, first = next((each for each in overdue if dates[each[1]].required), open_items[0])
    required = [each for each in asked if dates[each[1]].required]
    run = streak(required, course, horizon) if overdue else []
    figures: Figures = (
        ("item", first),
        ("due", dates[first].due_at.date().isoformat()),
        ("in_a_row", len(run)),
    )
    if not dates[first].required:
        told = (Step(1, first_at, ("learner",)),)
        return Ladder("L5", f"{name}/{OPTIONAL}", name, first_at, first_at, told, figures)
    steps = [Step(1, first_at, ("learner", "mentor"))]
    if len(run) >= policy.missed_operator_streak:
        steps.append(Step(2, run[policy.missed_operator_streak - 1], ("operator",)))
    return Ladder("L5", name, name, first_at, first_at, tuple(steps), figures)


def streak(late: list[tuple[datetime, str]], course: Course, horizon: datetime) -> list[datetime]:
    """When each of the present run of misses became one, oldest first; one on time ends a run."""
    run: list[datetime] = []
    for at, item in late:
        if at > horizon:
            break
        if course.forgot(at):
            continue
        done_at = handed_in(course, item)
        run = [] if done_at is not None and done_at <= at else [*run, at]
    return run


def settled(sight: Sight, name: str, course: Course) -> Course:
    """With the hand-ins of dates long past as marks, which stay while the course has such a date."""
    through = sight.horizon - max(LONG_AGO, (sight.policy.missed_keep_days + 1) * DAY)
    if not course.marks and (not course.submitted or min(course.submitted.values()) > through):
        return course
    ends = {item: date.due_at + grace(date, sight.policy) for item, date in sight.dates(name, course).items()}
    past = {item for item in course.submitted if item in ends and ends[item] <= through}
    late = {item for item in past if course.submitted[item] > ends[item]}
    return without_marks(
        as_marks(course, past, late), sight.course(name).dates.keys() | course.own_dates.keys()
    )


def wakes_at(sight: Sight, name: str, course: Course) -> datetime | None:
    """When the next item becomes a miss, or an old one is let go."""
    policy, horizon, keep = sight.policy, sight.horizon, sight.policy.missed_keep_days * DAY
    times = [
        at
        for item, date in sight.dates(name, course).items()
        if handed_in(course, item) is None
        for at in (date.due_at + grace(date, policy), date.due_at + grace(date, policy) + keep)
        if at > horizon
    ]
    return min(times) if times else None
