"""What follows from a pulse as it stands now?  Ladders against what was heard, then praise, needs and the next look."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from nudging import own_word, talks, work
from nudging.days import next_look
from nudging.episodes import settle
from nudging.heard import heard
from nudging.ladder import DAY, Ladder
from nudging.needs import tell_needs
from nudging.praise import celebrate, found_back
from nudging.pulse_rows import PulseRow
from nudging.settled import Settled
from nudging.sight import Sight
from nudging.signals import missed, overload
from nudging.table import OF_COURSE, OF_MENTOR, OF_PERSON
from nudging.told_end import places_now
from nudging.weeks import look_back
from schemas.fact import Fact, Moment, Wake
from schemas.mentoring import MentorNeedsChanged
from schemas.pulse_policy import PulsePolicy
from schemas.rows import Rows, changed
from schemas.terms import Person

BEFORE_START = timedelta(days=14)


def settled_now(
    rows: Rows, moment: Moment, pulse: PulseRow, person: Person, what: tuple[str, str] | None
) -> list[Fact]:
    moment = _onward(moment, pulse)
    through = heard(rows, moment, pulse)
    pulse = places_now(rows, moment, pulse, through.horizon)
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
    if what is not None:
        celebrate(out, *what)
    for each in words:
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
    """The pulse forgets when work of long ago was handed in, and questions, tries and check-ins that were let go, with
    the words of earlier mentors that could have answered them."""
    now, policy, courses = sight.now, sight.policy, sight.pulse.courses
    since = now - _kept(policy)
    sight.pulse = talks.lately(own_word.checkins_since(sight.pulse, since), since)
    kept = {
        name: work.settled(missed.settled(sight, name, course), now, policy)
        for name, course in courses.items()
    }
    if any(kept[name] is not courses[name] for name in courses):
        sight.pulse = changed(sight.pulse, courses=kept)


def _kept(policy: PulsePolicy) -> timedelta:
    """No look remembers for longer what is to be let go."""
    days = max(policy.support_keep_days, policy.unanswered_keep_days, policy.stuck_quiet_days)
    return days * DAY + work.WOKEN_LATE


def _lets_go(pulse: PulseRow) -> bool:
    """Is there something yet that a later look lets go?"""
    each = (course.work for course in pulse.courses.values())
    return bool(pulse.checkins) or any(one is not None and (one.questions or one.stuck) for one in each)


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

    Months before a start there is nothing to look for, until the learner is seen.  Where none is open, a last look lets
    go what was remembered.
    """
    now = out.moment.now
    if not out.pulse.studies and _lets_go(out.pulse):
        out.look_again(now + _kept(sight.policy))
    for name, course in out.pulse.courses.items():
        if course.active:
            begun = course.begins_at
            rests = begun - BEFORE_START if begun is not None and course.first_at is None else now
            out.look_again(rests if rests > now else next_look(now, out.person))
            at = missed.wakes_at(sight, name, course)
            out.look_again(at if at is None or at > now else retry_at)


def _tell_need(out: Settled, before: bool) -> None:
    """The pools hear when a mentor comes to bear too much, and when no longer."""
    mentoring, after = out.pulse.mentoring, "M5/load" in out.pulse.episodes
    if mentoring is not None and after != before:
        out.said += [
            out.moment.fact(
                MentorNeedsChanged, pool, pool=pool, programme=load.programme, mentor=out.person,
                fewer_mentees=1 if after else 0, load_permille=overload.load_permille(mentoring),
            )
            for pool, load in mentoring.loads.items()
            if pool
        ]  # fmt: skip
