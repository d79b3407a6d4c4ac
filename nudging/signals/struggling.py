"""L7: the latest grade is poor: below 70 %, a quarter below the cohort's mean, or the third of a falling row.

Lines as Starfish campuses and Blackboard draw them.
"""

from itertools import pairwise

from nudging.course_rows import Course, Struggle, Work
from nudging.ladder import DAY, Figures, Ladder, Step
from nudging.sight import Sight
from schemas.activity import WorkGraded
from schemas.pulse_policy import PulsePolicy

ROW = 3  # grades


def judged(work: Work, fact: WorkGraded, n: int, total: int, policy: PulsePolicy) -> Struggle | None:
    """What the latest grade falls below; `n` and `total`: the cohort's grades of this item, this one among them."""
    score, big = fact.score_permille, n >= policy.cohort_least
    lines = []
    if score < policy.struggle_below_permille:
        lines.append("score")
    if big and score * n < total and score * 1000 * n <= (1000 - policy.struggle_cohort_permille) * total:
        lines.append("cohort")
    if falling(work, policy):
        lines.append("falling")
    if not lines:
        return None
    known = work.struggle
    let_go = known is None or fact.at >= known.since + policy.struggle_keep_days * DAY
    return Struggle(
        since=fact.at if known is None or let_go else known.since, item=str(fact.item), score=score,
        by=", ".join(lines), n=n, mean=total // n if big else 0, evidence=fact.id,
    )  # fmt: skip


def falling(work: Work, policy: PulsePolicy) -> bool:
    """Are the last three grades each lower than the one before, and far apart in all?"""
    scores = [grade.score for grade in sorted(work.grades.values(), key=lambda grade: grade.at)][-ROW:]
    if len(scores) < ROW or any(later >= before for before, later in pairwise(scores)):
        return False
    return scores[0] - scores[-1] >= policy.struggle_falling_permille


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    struggle = course.work.struggle if course.work is not None else None
    if struggle is None:
        return None
    cohort: Figures = (
        ("cohort_mean_permille", struggle.mean or "too few learners, own history alone"),
        ("cohort_learners", struggle.n),
    )
    return Ladder(
        "L7", name, name, struggle.since, struggle.since, (Step(1, struggle.since, ("mentor",)),),
        (("item", struggle.item), ("score_permille", struggle.score), *cohort, ("below", struggle.by)),
        absence=False, until=struggle.since + sight.policy.struggle_keep_days * DAY, evidence=(struggle.evidence,),
    )  # fmt: skip
