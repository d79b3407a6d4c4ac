"""How likely is it that this learner withdraws from the course or fails it, and what says so?

A few named features of the pulse, each in permille of its full measure, times the policy's weights: integers all
through, so a replay weighs the same.  Nothing of who a learner is goes in, only what a learner does in the course.
"""

from bisect import bisect_right
from datetime import datetime, timedelta
from math import log
from typing import NamedTuple

from nudging.course_rows import Course, Days
from nudging.hand_ins import handed_in
from nudging.ladder import DAY, Figures
from nudging.sight import Sight
from nudging.signals.missed import grace
from schemas.risk_policy import RiskPolicy

FEATURES = ("missed", "late", "silent", "absent", "grades", "slow_start")
# Below what a pair or a question asks of a mentor; 70, which by default is told at once, from a risk of 854 permille on.
LEAST_PRIORITY, MOST_PRIORITY = 35, 76
RECENT = 12  # deadlines
FULL, WINDOW_DAYS, LEAST_DAYS, SILENT_DAYS, START_DAYS, USUAL_SCORE = 1000, 28, 7, 14, 14, 750
_MOMENT = timedelta(microseconds=1)
# The least thousandths of log-odds of each permille: one table, so that no machine rounds otherwise.
_ODDS = tuple(round(1000 * log((p - 0.5) / (1000.5 - p))) for p in range(1, 1001))


class Risk(NamedTuple):
    permille: int
    parts: tuple[tuple[str, int], ...]  # what each feature adds, in thousandths of the log-odds

    @property
    def priority(self) -> int:
        """Of what a mentor hears of the learner: who is more likely to be lost goes first."""
        return LEAST_PRIORITY + (MOST_PRIORITY - LEAST_PRIORITY) * self.permille // FULL

    @property
    def figures(self) -> Figures:
        """The chance, and what raises it most, as evidence."""
        most = sorted((part for part in self.parts if part[1] > 0), key=lambda part: -part[1])[:3]
        because = ", ".join(f"{name} +{points}" for name, points in most)
        return (("risk_permille", self.permille), ("risk_from", because or "nothing in particular"))


def features(sight: Sight, name: str, course: Course) -> tuple[int, ...] | None:
    """In the order of `FEATURES`; None before the course has begun for the learner."""
    horizon, begun = sight.horizon, course.begins_at
    if begun is None or horizon < begun:
        return None
    due = [
        (date.due_at + grace(date, sight.policy), handed_in(course, item, date.due_at))
        for item, date in sight.dates(name, course).items()
        # to leave out what is optional is a choice, and what falls into a declared break is excused
        if date.required and not course.on_break(date.due_at)
    ]
    known = (each for each in due if each[0] <= horizon and not course.forgot(each[0]))
    due = sorted(known, key=lambda each: each[0])[-RECENT:]
    missed = sum(done_at is None for _, done_at in due)
    late = sum(done_at is not None and done_at > end for end, done_at in due)
    # nobody need be there once the course has ended: the word that it was passed may come weeks later
    through = horizon if course.ends_at is None else max(begun, min(horizon, course.ends_at))
    since = max(begun, course.last_at or begun, course.break_end(through) or begun)
    silent = min((through - since) // DAY, SILENT_DAYS) if through > since else 0
    window = max(LEAST_DAYS, min((through - begun) // DAY, WINDOW_DAYS))
    rest = _at_rest(course, through, window)
    here = 0 if course.days is None else days_within(course.days, through, window, rest)
    asked = window - rest.bit_count()
    scores = [grade.score for grade in course.work.grades.values()] if course.work is not None else []
    first = (course.first_at or through) - begun
    started = max(-START_DAYS, min(first // DAY, START_DAYS))
    return (
        FULL * missed // len(due) if due else 0,
        FULL * late // len(due) if due else 0,
        FULL * silent // SILENT_DAYS,
        FULL * (asked - here) // max(LEAST_DAYS, asked),
        USUAL_SCORE - sum(scores) // len(scores) if scores else 0,
        FULL * started // START_DAYS,
    )


def _at_rest(course: Course, horizon: datetime, window: int) -> int:
    """The days of the window that lie in declared breaks, as bits: bit k is the day k before the horizon's."""
    today, rest = horizon.toordinal(), 0
    for begun, ends in course.all_breaks:
        if begun <= horizon and begun < ends:
            latest = max(0, today - (ends - _MOMENT).toordinal())
            oldest = min(window - 1, today - begun.toordinal())
            rest |= (1 << oldest + 1) - (1 << latest) if latest <= oldest else 0
    return rest


def days_within(days: Days, at: datetime, window: int, rest: int = 0) -> int:
    """Active days of the last `window` days, that of `at` among them, without those of `rest`."""
    last, bits = days
    ago = at.toordinal() - 1 - last
    if ago >= window:
        return 0
    return ((bits << ago if ago >= 0 else bits >> min(-ago, 64)) & ((1 << window) - 1) & ~rest).bit_count()


def weigh(shares: tuple[int, ...], policy: RiskPolicy) -> Risk:
    parts = tuple(
        (name, share * int(getattr(policy.weights, name)) // FULL)
        for name, share in zip(FEATURES, shares, strict=True)
    )
    return Risk(bisect_right(_ODDS, policy.base + sum(points for _, points in parts)), parts)


def risk_of(sight: Sight, name: str, policy: RiskPolicy) -> Risk | None:
    """None where risk is off, or there is no course that has begun."""
    course = sight.pulse.courses.get(name)
    if not policy.on or course is None or not course.active:
        return None
    shares = features(sight, name, course)
    return None if shares is None else weigh(shares, policy)
