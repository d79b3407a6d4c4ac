"""L3: a week of far fewer active days than is usual for this learner, or than the cohort has.

Half below the learner's own median of four weeks, or a fifth below the cohort's mean (Blackboard's line).
"""

from datetime import datetime
from statistics import median

from nudging.course_rows import Course, Dip
from nudging.ladder import Ladder, Step
from nudging.pulse_rows import PulseRow
from nudging.sight import Sight
from schemas.pulse_policy import PulsePolicy
from schemas.rows import changed
from schemas.terms import CloseReason


def judged(
    days: int,
    before: list[int],
    cohort: tuple[int, int],
    known: Dip | None,
    begins: datetime,
    policy: PulsePolicy,
) -> Dip | None:
    """The week's dip, if it is one.

    `days` and `before`: active days of the week and of up to four whole weeks before it; `cohort`: learners
    and the sum of their active days in the same week.  A cohort of too few learners says nothing: then the
    learner's own history alone decides.
    """
    n, total = cohort
    own = len(before) >= policy.dip_least_weeks
    usual = median(before) if own else 0
    below_own = own and days < usual and days * 1000 <= (1000 - policy.dip_own_permille) * usual
    big = n >= policy.cohort_least
    below_cohort = big and days * n < total and days * 1000 * n <= (1000 - policy.dip_cohort_permille) * total
    if not below_own and not below_cohort:
        return None
    by = "own history and cohort" if below_own and below_cohort else "own history" if below_own else "cohort"
    return Dip(
        since=known.since if known is not None else begins, week=begins.date().isoformat(), days=days,
        usual=f"{usual:g}" if own else "", by=by, n=n, mean=f"{total / n:.1f}" if big else "",
    )  # fmt: skip


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    """Stands from a week that was judged low until one that was not, or until silence is the greater worry."""
    dip = course.weeks.dip if course.weeks is not None else None
    if dip is None or f"L2/{name}" in sight.pulse.episodes:
        return None
    cohort = dip.mean or f"{dip.n} learners: too few, own history alone"
    return Ladder(
        "L3", name, name, dip.since, dip.since, (Step(1, dip.since, ("mentor",)),),
        (
            ("week", dip.week), ("active_days", dip.days), ("own_median", dip.usual or "not known yet"),
            ("cohort_mean", cohort), ("cohort_learners", dip.n), ("judged_by", dip.by),
        ),
    )  # fmt: skip


def ended(sight: Sight, name: str, scope: str) -> CloseReason:
    return "superseded" if f"L2/{name}" in sight.pulse.episodes else "recovered"


def let_go(pulse: PulseRow, name: str) -> PulseRow:
    """What gave way to silence is not opened anew when the silence ends."""
    course = pulse.courses.get(name)
    if course is None or course.weeks is None or course.weeks.dip is None:
        return pulse
    course = changed(course, weeks=changed(course.weeks, dip=None))
    return changed(pulse, courses={**pulse.courses, name: course})
