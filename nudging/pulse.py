"""What is going on with this person?  Facts raise maxima; signals read the state; episodes follow.

Pure: (rows, moment) -> facts.  A plain activity of a learner without an open episode costs one row.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from nudging import erasing, reference, work
from nudging.allowed import tell_pools
from nudging.days import next_look
from nudging.episodes import settle
from nudging.grades import graded
from nudging.heard import heard, progressed
from nudging.hours import seen_at
from nudging.ladder import Ladder
from nudging.needs import tell_needs
from nudging.praise import celebrate, found_back, worth_a_word
from nudging.pulse_rows import NO_OWN, PulseRow
from nudging.reference_rows import CohortRow, CourseRow, ForumRow, HeardRow
from nudging.remember import course_of, remember, was_here, with_course
from nudging.settled import Settled
from nudging.sight import Sight
from nudging.signals import missed, overload
from nudging.signals.recognition import REACHED
from nudging.table import ENDED_BY_ACTIVITY, OF_COURSE, OF_MENTOR, OF_PERSON
from nudging.weeks import look_back
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
from schemas.mentoring import MentorLoaded, MentorNeedsChanged, OfMentor
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
BEFORE_START = timedelta(days=14)
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
            return progressed(rows, cause)
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
    if not ends and (after.wake_at is not None or not after.studies):
        rows.put(after, fact.learner)
        return []
    return _settle(rows, moment, after, fact.learner, None)


def _of_person(rows: Rows, moment: Moment, fact: Fact, person: Person) -> list[Fact]:
    before = rows.find(PulseRow, person) or blank(PulseRow)
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
        gone = was and not now and isinstance(fact, CourseLeft)
    plain = not after.episodes and isinstance(fact, OfLearner) and not isinstance(fact, OPENS)
    if plain and what is None and after.wake_at is not None:
        rows.put(after, person)
        return []
    said = _settle(rows, moment, after, person, what)
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
    return [] if pulse is None else _settle(rows, moment, pulse, wake.routing, None)


def _settle(
    rows: Rows, moment: Moment, pulse: PulseRow, person: Person, what: tuple[str, str] | None
) -> list[Fact]:
    moment = _onward(moment, pulse)
    through = heard(rows, moment, pulse)
    if pulse.hours is not None and not moment.policy.inbox.usual_within_hours:
        pulse = changed(pulse, hours=None)
    if pulse.mentoring is not None:
        strain = overload.judged(pulse.mentoring, moment.now, moment.policy.pulse)
        pulse = pulse if strain is pulse.mentoring else changed(pulse, mentoring=strain)
    pulse, words = look_back(rows, moment, pulse, through.horizon)
    sight = Sight(rows, pulse, moment.policy.pulse, moment.now, through.horizon or moment.now)
    if through.horizon is not None and isinstance(moment.cause, Wake):
        _let_go(sight)
    out = settle(sight, person, rows, moment, _ladders(sight), through)
    for each in words if what is None else [what, *words]:
        celebrate(out, *each)
    found_back(out)
    _tell_need(out, "M5/load" in pulse.episodes)
    if through.horizon is not None:
        tell_needs(sight, out)
    _look_ahead(sight, out, through.horizon, through.retry_at)
    rows.put(changed(out.pulse, wake_at=out.wake_at), person)
    return out.said


def _onward(moment: Moment, pulse: PulseRow) -> Moment:
    """Never before what is open was last judged: between two ticks of the facts' clock a fact may be from earlier."""
    latest = max((e.told_at or e.opened_at for e in pulse.episodes.values()), default=moment.now)
    return moment if latest <= moment.now else moment._replace(now=latest)


def _let_go(sight: Sight) -> None:
    """The pulse forgets hand-ins, questions and tries of long ago."""
    courses = sight.pulse.courses
    kept = {
        name: work.settled(missed.settled(sight, name, course), sight.now, sight.policy)
        for name, course in courses.items()
    }
    if any(kept[name] is not courses[name] for name in courses):
        sight.pulse = changed(sight.pulse, courses=kept)


def _ladders(sight: Sight) -> Iterator[Ladder]:
    off, pulse = sight.policy.off, sight.pulse
    for name, course in pulse.courses.items():
        active = course.active and not course.on_break(sight.now)
        for signal, of_course, outlives in OF_COURSE:
            if (active or outlives) and signal not in off:
                ladder = of_course(sight, name, course)
                if ladder is not None:
                    yield ladder
    for signal, of_person in OF_PERSON if pulse.mentoring is None else (*OF_PERSON, *OF_MENTOR):
        if signal not in off:
            yield from of_person(sight)


def _look_ahead(sight: Sight, out: Settled, horizon: datetime | None, retry_at: datetime) -> None:
    """The next date of an open course, and the next look of the week while one is open.

    Months before a start there is nothing to look for, until the learner is seen.
    """
    now = out.moment.now
    for name, course in out.pulse.courses.items():
        if course.active:
            begun = course.begins_at
            rests = begun - BEFORE_START if begun is not None and course.first_at is None else now
            out.look_again(rests if rests > now else next_look(now, out.person))
            at = missed.wakes_at(sight, name, course)
            out.look_again(at if at is None or at > now else retry_at)


def _tell_need(out: Settled, before: bool) -> None:
    """The pool hears when a mentor comes to bear too much, and when no longer."""
    mentoring, after = out.pulse.mentoring, "M5/load" in out.pulse.episodes
    if mentoring is not None and after != before:
        out.said.append(
            out.moment.fact(
                MentorNeedsChanged, out.person, pool=mentoring.pool, programme=mentoring.programme,
                mentor=out.person, fewer_mentees=1 if after else 0,
                load_permille=overload.load_permille(mentoring),
            )
        )  # fmt: skip
