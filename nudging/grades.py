"""What does a grade say beside the learner's other grades and the cohort's?  Judged once, when it comes.

The latest eight items of a course are kept, and those before as marks: graded anew, they count once in the
cohort, as they did then.
A grade older than all eight is neither kept nor counted.
"""

from nudging.course_rows import MAX_GRADES, NO_WORK, Grade, Work
from nudging.marks import each, mark, with_latest
from nudging.presence import course_of, with_course
from nudging.pulse_rows import PulseRow
from nudging.reference import add_score
from nudging.reference_rows import MAX_SCORES
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
    if mark(fact.item) in each(work.graded):  # the cohort has what it was when it was kept first
        n, total = add_score(rows, fact.course, fact.item, 0, 0)
    else:
        before = 0 if known is None else known.score
        n, total = add_score(rows, fact.course, fact.item, int(known is None), fact.score_permille - before)
    grades, marks = {**work.grades, fact.item: Grade(at=fact.at, score=fact.score_permille)}, work.graded
    if len(grades) > MAX_GRADES:
        oldest = min(grades, key=lambda item: (grades[item].at, item))
        del grades[oldest]
        marks = with_latest(marks, oldest, MAX_SCORES)
    work = changed(work, grades=grades, graded=marks)
    latest = max(grades, key=lambda item: (grades[item].at, item))
    if latest == fact.item:
        work = changed(work, struggle=struggling.judged(work, fact, n, total, moment.policy.pulse))
    return with_course(pulse, fact.course, changed(course, work=work))


def _too_old(work: Work, fact: WorkGraded) -> bool:
    return len(work.grades) >= MAX_GRADES and fact.at <= min(grade.at for grade in work.grades.values())
