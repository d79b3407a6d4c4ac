"""What does a grade say beside the learner's other grades and the cohort's?  Judged once, when it comes.

The latest eight items of a course are kept; a grade older than all of them is neither kept nor counted.
"""

from nudging.course_rows import MAX_GRADES, NO_WORK, Grade, Work
from nudging.presence import course_of, with_course
from nudging.pulse_rows import PulseRow
from nudging.reference import add_score
from nudging.signals import struggling
from schemas.activity import WorkGraded
from schemas.fact import Moment
from schemas.rows import Rows, changed


def graded(rows: Rows, moment: Moment, pulse: PulseRow, fact: WorkGraded) -> PulseRow:
    """The pulse with this grade; the very same if it says nothing new."""
    if fact.item is None or fact.scope != "item":
        return pulse
    course = course_of(pulse, fact.course)
    work = course.work or NO_WORK
    known = work.grades.get(fact.item)
    if known is not None and fact.at <= known.at:
        return pulse
    if known is None and _too_old(work, fact):
        return pulse
    n, total = add_score(
        rows,
        fact.course,
        fact.item,
        1 if known is None else 0,
        fact.score_permille - (known.score if known else 0),
    )
    grades = {**work.grades, fact.item: Grade(at=fact.at, score=fact.score_permille)}
    if len(grades) > MAX_GRADES:
        del grades[min(grades, key=lambda item: (grades[item].at, item))]
    work = changed(work, grades=grades)
    latest = max(grades, key=lambda item: (grades[item].at, item))
    if latest == fact.item:
        work = changed(work, struggle=struggling.judged(work, fact, n, total, moment.policy.pulse))
    return with_course(pulse, fact.course, changed(course, work=work))


def _too_old(work: Work, fact: WorkGraded) -> bool:
    return len(work.grades) >= MAX_GRADES and fact.at <= min(grade.at for grade in work.grades.values())
