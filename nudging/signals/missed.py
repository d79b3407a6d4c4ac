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
    required = [
        (at, handed_in(course, item, dates[item].due_at))
        for at, item in asked
        if overdue and at <= horizon and dates[item].required
    ]
    run = streak(required, course)
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
        # a day after the first word at the soonest: of rungs that are due at once the highest alone is said
        steps.append(Step(2, max(run[policy.missed_operator_streak - 1], first_at + DAY), ("operator",)))
    return Ladder("L5", name, name, first_at, first_at, tuple(steps), figures)


def streak(fallen: list[tuple[datetime, datetime | None]], course: Course) -> list[datetime]:
    """When each of the present run of misses became one, oldest first; one handed in on time ends a run.

    `fallen`: when each piece of work that fell due became a miss, and when it was handed in.
    """
    run: list[datetime] = []
    for at, done_at in fallen:
        if not course.forgot(at):
            run = [] if done_at is not None and done_at <= at else [*run, at]
    return run


def settled(sight: Sight, name: str, course: Course) -> Course:
    """With the hand-ins of dates long past as marks, which stay while the course has such a date."""
    through = sight.horizon - max(LONG_AGO, (sight.policy.missed_keep_days + 1) * DAY)
    if not course.marks and (not course.submitted or min(course.submitted.values()) > through):
        return course
    dates = sight.dates(name, course)
    ends = {item: date.due_at + grace(date, sight.policy) for item, date in dates.items()}
    past = {item for item in course.submitted if item in ends and ends[item] <= through}
    late = {item: dates[item].due_at for item in past if course.submitted[item] > ends[item]}
    known = {item: date.due_at for item, date in (sight.course(name).dates | course.own_dates).items()}
    return without_marks(as_marks(course, past, late), known)


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
