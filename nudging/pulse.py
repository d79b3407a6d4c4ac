"""What is going on with this person?  Facts raise maxima; signals read the state; episodes follow.

Pure: (rows, moment) -> facts.  A plain activity of a learner without an open episode costs one row.
"""

from nudging import erasing, reference, work
from nudging.allowed import tell_pools
from nudging.grades import graded
from nudging.heard import progressed
from nudging.hours import seen_at
from nudging.praise import worth_a_word
from nudging.presence import course_of, was_here, with_course
from nudging.pulse_rows import NO_OWN, PulseRow
from nudging.reference_rows import CohortRow, CourseRow, ForumRow, HeardRow
from nudging.remember import remember
from nudging.settling import settled_now
from nudging.signals.recognition import REACHED
from nudging.table import ENDED_BY_ACTIVITY
from nudging.told_end import comes_back
from schemas import erased
from schemas.activity import (
    ActivitySeen,
    AttemptFailed,
    DeadlineRemoved,
    DeadlineSet,
    MessageSent,
    OfLearner,
    WorkGraded,
)
from schemas.advice import LearnerGone
from schemas.control import SourceProgressed
from schemas.erased import ErasedRow, resumed, spared
from schemas.erasure import PulsesErased
from schemas.fact import Fact, Moment, Wake
from schemas.learners import CourseCompleted, CourseJoined, CourseLeft
from schemas.mentoring import MentorLoaded, OfMentor
from schemas.rows import Row, Rows, blank, changed
from schemas.study import (
    CheckinAnswered,
    HintUsed,
    LearnerKnown,
    QuestionAnswered,
    QuestionAsked,
    ToolFailed,
    ToolRequired,
)
from schemas.terms import Person

OWN = (PulseRow, CourseRow, CohortRow, ForumRow, HeardRow)
ROWS: dict[str, type[Row]] = {**{row.KIND: row for row in OWN}, **erased.ROWS}
OF_PLATFORM = (OfLearner, CourseJoined, CourseLeft, CourseCompleted)
OF_MENTORS = (OfMentor, MentorLoaded)
ALLOWS = (LearnerKnown, CourseJoined)
PLACES = (CourseJoined, CourseLeft, CourseCompleted)
OPENS = (AttemptFailed, HintUsed, WorkGraded, QuestionAsked, CheckinAnswered, ToolFailed, MessageSent)


def fold(rows: Rows, moment: Moment) -> list[Fact]:
    if isinstance(moment.cause, Wake):
        return _wake(rows, moment, moment.cause)
    if isinstance(moment.cause, PulsesErased):
        return erasing.from_pulses(rows, moment, moment.cause)
    if (cause := spared(rows, moment.cause)) is None:
        return []
    if type(cause) is ActivitySeen:
        return _active(rows, moment, cause)
    if isinstance(cause, OF_MENTORS):
        return _of_person(rows, moment, cause, cause.mentor)
    person: Person | None = getattr(cause, "learner", None)
    if person is not None:
        return _of_person(rows, moment, cause, person)
    match cause:
        case SourceProgressed():
            return progressed(rows, moment, cause)
        case DeadlineSet() | DeadlineRemoved():
            return reference.dated(rows, cause)
        case ToolRequired():
            return reference.required(rows, cause)
        case QuestionAnswered() if (asker := reference.answered(rows, cause)) is not None:
            return _of_person(rows, moment, cause, asker)
        case _:
            return []


def _active(rows: Rows, moment: Moment, fact: ActivitySeen) -> list[Fact]:
    """The common case: nothing that is open can end by it, and a wake-up looks in time, if there is what to look for."""
    before = rows.find(PulseRow, fact.learner) or blank(PulseRow)
    after = was_here(before, fact, fact.course)
    if moment.policy.inbox.usual_within_hours and fact.precision == "second":
        zone = (after.own or NO_OWN).time_zone or moment.policy.defaults.time_zone
        if (hours := seen_at(after.hours, fact.at, zone)) is not after.hours:
            after = changed(after, hours=hours)
    if after is before:
        return []
    if fact.source != after.source:
        after = changed(after, source=fact.source)
    ends = bool(after.episodes) and any(name[:3] in ENDED_BY_ACTIVITY for name in after.episodes)
    looks = after.wake_at is None and after.studies
    if not (ends or looks or comes_back(after, moment)):
        rows.put(after, fact.learner)
        return []
    return settled_now(rows, moment, after, fact.learner, None)


def _of_person(rows: Rows, moment: Moment, fact: Fact, person: Person) -> list[Fact]:
    before = rows.find(PulseRow, person) or blank(PulseRow)
    course = before.courses.get(getattr(fact, "course", None) or "")
    if course is not None and course.of_earlier(fact.at):
        return []
    after = remember(before, fact)
    if type(fact) is WorkGraded:
        after = graded(rows, moment, after, fact)
    elif type(fact) is QuestionAsked:
        question = work.asked(course_of(after, fact.course), fact, reference.asked(rows, moment, fact))
        after = with_course(after, fact.course, question)
    what = worth_a_word(before, after, fact) if type(fact) in REACHED else None
    if after is before and what is None:
        return []
    source = fact.source if isinstance(fact, OF_PLATFORM) else after.source
    if source != after.source:
        after = changed(after, source=source)
    gone = False
    if isinstance(fact, PLACES):
        was, now = course_of(before, fact.course).active, course_of(after, fact.course).active
        if was != now:
            reference.counted(rows, fact.course, 1 if now else -1)
        for name in before.courses.keys() - after.courses.keys() - {fact.course}:
            if before.courses[name].active:  # there was no room for it
                reference.counted(rows, name, -1)
        gone = was and not now and isinstance(fact, CourseLeft)
    plain = not after.episodes and isinstance(fact, OfLearner) and not isinstance(fact, OPENS)
    if plain and what is None and after.wake_at is not None and not comes_back(after, moment):
        rows.put(after, person)
        return []
    said = settled_now(rows, moment, after, person, what)
    if type(fact) in ALLOWS:
        said += tell_pools(moment, before, after, person)
    if gone:
        said.append(moment.fact(LearnerGone, person=person, course=getattr(fact, "course", "")))
    return said


def _wake(rows: Rows, moment: Moment, wake: Wake) -> list[Fact]:
    if wake.kind == ErasedRow.KIND:
        person = resumed(rows, wake)
        return [] if person is None else erasing.clear_pulses(rows, moment, person)
    pulse = rows.find(PulseRow, wake.routing)
    return [] if pulse is None else settled_now(rows, moment, pulse, wake.routing, None)
