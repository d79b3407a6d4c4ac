"""What does a fact change in a pulse?  Nothing yet is decided here, so order and repeats do not matter.

`remember` gives the very same pulse back when the fact says nothing new.
"""

from datetime import datetime, timedelta

from nudging.pulse_rows import MAX_COURSES, MAX_ITEMS, MAX_PAIRS, Course, Deadline, Match, PulseRow
from schemas.activity import (
    ActivitySeen,
    AttemptFailed,
    AttemptPassed,
    BreakDeclared,
    DeadlineRemoved,
    DeadlineSet,
    MeetingHeld,
    MessageSent,
    ModuleCompleted,
    ProgressReached,
    WorkSubmitted,
)
from schemas.fact import Fact
from schemas.learners import CourseCompleted, CourseJoined, CourseLeft
from schemas.matches import MatchAnnounced
from schemas.rows import changed

EVIDENCE = 4
NEW = Course()
EARLY = timedelta(days=7)  # activity before any joining is kept this long


def remember(pulse: PulseRow, fact: Fact) -> PulseRow:
    match fact:
        case ActivitySeen():
            return _active(pulse, fact, fact.course)
        case WorkSubmitted():
            return _submitted(_active(pulse, fact, fact.course), fact)
        case AttemptFailed() | AttemptPassed() | ModuleCompleted():
            return _active(pulse, fact, fact.course)
        case ProgressReached():
            known = course_of(pulse, fact.course)
            if fact.progress_permille <= known.progress_permille:
                return pulse
            return _with(pulse, fact.course, changed(known, progress_permille=fact.progress_permille))
        case CourseJoined():
            return _joined(pulse, fact)
        case CourseLeft():
            return _over(pulse, fact.course, fact.at, "withdrew")
        case CourseCompleted():
            return _over(pulse, fact.course, fact.at, "done")
        case BreakDeclared():
            return _break(pulse, fact)
        case DeadlineSet() | DeadlineRemoved():
            return _own_date(pulse, fact)
        case MatchAnnounced():
            return _matched(pulse, fact)
        case MessageSent():
            return _contact(pulse, str(fact.pair), (fact.sender,))
        case MeetingHeld():
            return _contact(pulse, str(fact.pair), ("learner", "mentor"))
        case _:
            return pulse  # graded work and awards are the platform's doing; recognition reads them


def course_of(pulse: PulseRow, name: str) -> Course:
    return pulse.courses.get(name) or NEW


def _with(pulse: PulseRow, name: str, course: Course) -> PulseRow:
    courses = {**pulse.courses, name: course}
    if len(courses) > MAX_COURSES:  # what is over longest goes first
        oldest = min(
            courses, key=lambda n: (courses[n].active, courses[n].last_at or courses[n].joined_at or _EVER)
        )
        del courses[oldest]
    return changed(pulse, courses=courses)


_EVER = datetime.fromisoformat("1990-01-01T00:00:00+00:00")


def _active(pulse: PulseRow, fact: Fact, name: str | None) -> PulseRow:
    """Raises first and last activity; activity without a course counts for every open one."""
    at = fact.at
    names = [name] if name is not None else [n for n, c in pulse.courses.items() if c.active]
    for one in names:
        known = pulse.courses.get(one)
        if known is None:
            pulse = _with(pulse, one, changed(NEW, first_at=at, last_at=at))
            continue
        first, last = known.first_at, known.last_at
        if first is not None and last is not None and first <= at <= last:
            continue
        newest = last is None or at > last
        raised = changed(
            known, first_at=at if first is None or at < first else first, last_at=at if newest else last
        )
        evidence = (*pulse.evidence, fact.id)[-EVIDENCE:] if newest else pulse.evidence
        pulse = changed(pulse, courses={**pulse.courses, one: raised}, evidence=evidence)
    return pulse


def _submitted(pulse: PulseRow, fact: WorkSubmitted) -> PulseRow:
    known = course_of(pulse, fact.course)
    before = known.submitted.get(fact.item)
    if before is not None and before <= fact.at:
        return pulse
    submitted = {**known.submitted, fact.item: fact.at}
    if len(submitted) > MAX_ITEMS:
        del submitted[min(submitted, key=lambda item: submitted[item])]
    return _with(pulse, fact.course, changed(known, submitted=submitted))


def _joined(pulse: PulseRow, fact: CourseJoined) -> PulseRow:
    known = course_of(pulse, fact.course)
    if known.joined_at is not None and fact.at <= known.joined_at:
        return pulse
    first, last = known.first_at, known.last_at
    if known.joined_at is None and last is not None and last + EARLY < fact.at:
        first = last = None
    joined = changed(known, programme=fact.programme, joined_at=fact.at, starts_at=fact.starts_at, ends_at=fact.ends_at, first_at=first, last_at=last)  # fmt: skip
    return _with(pulse, fact.course, joined)


def _over(pulse: PulseRow, name: str, at: datetime, why: str) -> PulseRow:
    known = course_of(pulse, name)
    if known.over_at is not None and at <= known.over_at:
        return pulse
    return _with(pulse, name, changed(known, over_at=at, over=why))


def _break(pulse: PulseRow, fact: BreakDeclared) -> PulseRow:
    names = [fact.course] if fact.course is not None else list(pulse.courses)
    for name in names:
        known = course_of(pulse, name)
        if known.break_until is None or fact.ends_at > known.break_until:
            taken = changed(known, break_from=fact.begins_at, break_until=fact.ends_at)
            pulse = _with(pulse, name, taken)
    return pulse


def told_date(before: Deadline | None, fact: DeadlineSet | DeadlineRemoved) -> Deadline | None:
    """The date as it now stands, or None where the fact says nothing new."""
    if before is not None and before.told_at >= fact.at:
        return None
    if isinstance(fact, DeadlineSet):
        return Deadline(
            due_at=fact.due_at, told_at=fact.at, required=fact.graded and fact.required, coarse=fact.coarse
        )
    return None if before is None else changed(before, told_at=fact.at, removed=True)


def _own_date(pulse: PulseRow, fact: DeadlineSet | DeadlineRemoved) -> PulseRow:
    known = course_of(pulse, fact.course)
    date = told_date(known.own_dates.get(fact.item), fact)
    if date is None:
        return pulse
    own = {**known.own_dates, fact.item: date}
    if len(own) > MAX_ITEMS:
        del own[min(own, key=lambda item: own[item].due_at)]
    return _with(pulse, fact.course, changed(known, own_dates=own))


def _matched(pulse: PulseRow, fact: MatchAnnounced) -> PulseRow:
    if fact.rev <= pulse.match.rev:
        return pulse
    belief = Match(
        rev=fact.rev, state=fact.state, pair=fact.pair, mentor=fact.mentor, since=fact.since, pool=fact.pool,
        programme=fact.programme,
    )  # fmt: skip
    return changed(pulse, match=belief)


def _contact(pulse: PulseRow, pair: str, who: tuple[str, ...]) -> PulseRow:
    before = pulse.contacted.get(pair, ())
    after = tuple(sorted({*before, *who}))
    if after == before:
        return pulse
    contacted = {**pulse.contacted, pair: after}
    if len(contacted) > MAX_PAIRS:
        present = str(pulse.match.pair)
        del contacted[next(p for p in contacted if p not in (present, pair))]
    return changed(pulse, contacted=contacted)
