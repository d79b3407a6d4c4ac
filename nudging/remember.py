"""What does a fact change in a pulse?  Nothing yet is decided here, so order and repeats do not matter.

`remember` gives the very same pulse back when the fact says nothing new.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from nudging import mentoring, own_word, talks, work
from nudging.course_rows import ENDED, MAX_BREAKS, MAX_OWN_DATES, Course
from nudging.dates import kept, told_date
from nudging.hand_ins import with_hand_in
from nudging.presence import course_of, named_course, was_here, with_course
from nudging.pulse_rows import PulseRow
from nudging.retaken import joined_again, told_over
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
    WorkGraded,
    WorkSubmitted,
)
from schemas.fact import Fact
from schemas.learners import CourseCompleted, CourseJoined, CourseLeft
from schemas.matches import MatchAnnounced
from schemas.mentoring import MeetingCopied, MentorAway, MentorLoaded, MessageCopied
from schemas.rows import changed
from schemas.study import (
    CheckinAnswered,
    HintUsed,
    LearnerKnown,
    PlanMade,
    QuestionAnswered,
    ToolFailed,
    ToolOpened,
)  # fmt: skip

FINISHED = ("done", "failed", ENDED)
EARLY = timedelta(days=7)  # activity before any joining is kept this long


def remember(pulse: PulseRow, fact: Fact) -> PulseRow:
    handle = _HANDLES.get(type(fact))
    return pulse if handle is None else handle(pulse, fact)


def _active(pulse: PulseRow, fact: ActivitySeen | AttemptPassed | ModuleCompleted) -> PulseRow:
    return was_here(pulse, fact, fact.course)


def _tried(pulse: PulseRow, fact: AttemptFailed | AttemptPassed | HintUsed) -> PulseRow:
    pulse = was_here(pulse, fact, fact.course)
    name = named_course(pulse, fact.course)
    return pulse if name is None else with_course(pulse, name, work.tried(course_of(pulse, name), fact))


def _graded(pulse: PulseRow, fact: WorkGraded) -> PulseRow:
    return with_course(pulse, fact.course, work.tried(course_of(pulse, fact.course), fact))


def _in_course(change: Callable[[Course, Any], Course]) -> Callable[[PulseRow, Any], PulseRow]:
    def handle(pulse: PulseRow, fact: Any) -> PulseRow:
        return with_course(pulse, fact.course, change(course_of(pulse, fact.course), fact))

    return handle


def _used(pulse: PulseRow, fact: ToolOpened | ToolFailed) -> PulseRow:
    pulse = was_here(pulse, fact, fact.course)
    return with_course(pulse, fact.course, work.used(course_of(pulse, fact.course), fact))


def _submitted(pulse: PulseRow, fact: WorkSubmitted) -> PulseRow:
    pulse = was_here(pulse, fact, fact.course)
    return with_course(pulse, fact.course, with_hand_in(course_of(pulse, fact.course), fact.item, fact.at))


def _reached(pulse: PulseRow, fact: ProgressReached) -> PulseRow:
    known = course_of(pulse, fact.course)
    if fact.progress_permille <= known.progress_permille:
        return pulse
    reached = changed(known, progress_permille=fact.progress_permille, progress_at=fact.at)
    return with_course(pulse, fact.course, reached)


def _joined(pulse: PulseRow, fact: CourseJoined) -> PulseRow:
    known = course_of(pulse, fact.course)
    if known.joined_at is not None and fact.at <= known.joined_at:
        return pulse
    known = joined_again(known, fact)
    first, last, days = known.first_at, known.last_at, known.days
    if known.joined_at is None and last is not None and last + EARLY < fact.at:
        first = last = days = None
    joined = changed(
        known, programme=fact.programme, joined_at=fact.at, starts_at=fact.starts_at, ends_at=fact.ends_at,
        first_at=first, last_at=last, days=days,
    )  # fmt: skip
    return with_course(pulse, fact.course, joined)


def _left(pulse: PulseRow, fact: CourseLeft) -> PulseRow:
    known = course_of(pulse, fact.course)
    if known.over_at is not None and fact.at <= known.over_at:
        return pulse
    # a roster may be cleared after the end
    over = "withdrew" if known.active or known.over not in FINISHED else known.over
    return with_course(pulse, fact.course, told_over(known, fact.at, over))


def _break(pulse: PulseRow, fact: BreakDeclared) -> PulseRow:
    names = [fact.course] if fact.course is not None else list(pulse.courses)
    for name in names:
        known = course_of(pulse, name)
        declared = (fact.begins_at, fact.ends_at)
        if declared not in known.all_breaks:
            breaks = sorted((*known.breaks, declared), key=lambda one: (one[1], one[0]))[-MAX_BREAKS:]
            pulse = with_course(pulse, name, changed(known, breaks=tuple(breaks)))
    return pulse


def _own_date(pulse: PulseRow, fact: DeadlineSet | DeadlineRemoved) -> PulseRow:
    known = course_of(pulse, fact.course)
    date = told_date(known.own_dates.get(fact.item), fact)
    if date is None:
        return pulse
    own = kept({**known.own_dates, fact.item: date}, MAX_OWN_DATES, fact.seen_at)
    return with_course(pulse, fact.course, changed(known, own_dates=own))


_HANDLES: dict[type[Fact], Callable[[PulseRow, Any], PulseRow]] = {
    ActivitySeen: _active,
    ModuleCompleted: _active,
    WorkSubmitted: _submitted,
    AttemptFailed: _tried,
    AttemptPassed: _tried,
    HintUsed: _tried,
    WorkGraded: _graded,
    ProgressReached: _reached,
    CourseJoined: _joined,
    CourseLeft: _left,
    CourseCompleted: _in_course(work.completed),
    BreakDeclared: _break,
    DeadlineSet: _own_date,
    DeadlineRemoved: _own_date,
    PlanMade: _in_course(work.planned),
    ToolOpened: _used,
    ToolFailed: _used,
    QuestionAnswered: _in_course(work.answered),
    CheckinAnswered: own_word.checked_in,
    LearnerKnown: own_word.known_as,
    MatchAnnounced: talks.matched,
    MessageSent: talks.spoke,
    MeetingHeld: talks.spoke,
    MessageCopied: mentoring.bears,
    MeetingCopied: mentoring.bears,
    MentorAway: mentoring.bears,
    MentorLoaded: mentoring.bears,
}  # awards are the platform's doing, and recognition reads them; a question's asker needs the forum's row
