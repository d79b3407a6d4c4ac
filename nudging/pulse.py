"""What is going on with this learner?  Facts raise maxima; signals read the state; episodes follow.

Pure: (rows, moment) -> facts.  A plain activity of a learner without an open episode costs one row.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from nudging.episodes import Heard, settle
from nudging.ladder import DAY, Ladder, Step
from nudging.pulse_rows import MAX_DATES, Course, CourseRow, HeardRow, PulseRow
from nudging.remember import remember, told_date
from nudging.settled import Settled, close, fire, open_episode
from nudging.signals import first_contact, missed, recognition, silence, start
from schemas.activity import DeadlineRemoved, DeadlineSet, OfLearner
from schemas.control import ClockTicked, SourceProgressed
from schemas.fact import Fact, Moment, Wake
from schemas.learners import CourseCompleted, CourseJoined, CourseLeft
from schemas.rows import Row, Rows, blank, changed
from schemas.terms import Person

ROWS: dict[str, type[Row]] = {"pulse": PulseRow, "course": CourseRow, "heard": HeardRow}
HEARD = "intake"
LOOK_WITHIN = 2 * DAY  # an open course is looked at this often, so a new date is seen in time
OF_PLATFORM = (OfLearner, CourseJoined, CourseLeft, CourseCompleted)
RETRY, DEAD_RETRY = timedelta(seconds=60), timedelta(hours=1)


def fold(rows: Rows, moment: Moment) -> list[Fact]:
    cause = moment.cause
    if isinstance(cause, Wake):
        return _wake(rows, moment, cause) if cause.kind == PulseRow.KIND else []
    if isinstance(cause, SourceProgressed):
        return _progressed(rows, cause)
    if isinstance(cause, DeadlineSet | DeadlineRemoved) and cause.learner is None:
        return _calendar(rows, cause)
    if isinstance(cause, ClockTicked):
        return []
    learner = getattr(cause, "learner", None)
    return [] if learner is None else _of_learner(rows, moment, cause, learner)


def _of_learner(rows: Rows, moment: Moment, fact: Fact, learner: Person) -> list[Fact]:
    before = rows.find(PulseRow, learner) or blank(PulseRow)
    after = remember(before, fact)
    what = _celebration(before, fact) if isinstance(fact, recognition.REACHED) else None
    if after is before and what is None:
        return []
    source = fact.source if isinstance(fact, OF_PLATFORM) else after.source
    if source != after.source:
        after = changed(after, source=source)
    if isinstance(fact, CourseJoined | CourseLeft | CourseCompleted):
        _count(rows, before, after, fact.course)
    if not after.episodes and what is None and after.wake_at is not None and isinstance(fact, OfLearner):
        rows.put(after, learner)  # the common case: nothing to clear, and a wake-up will look in time
        return []
    return _settle(rows, moment, after, learner, what)


def _celebration(before: PulseRow, fact: Fact) -> tuple[str, str] | None:
    course = before.courses.get(str(getattr(fact, "course", "") or ""))
    if course is not None and course.over == "withdrew" and not course.active:
        return None  # who left hears nothing more
    return recognition.reached(fact, course.progress_permille if course is not None else 0)


def _wake(rows: Rows, moment: Moment, wake: Wake) -> list[Fact]:
    pulse = rows.find(PulseRow, wake.routing)
    return [] if pulse is None else _settle(rows, moment, pulse, wake.routing, None)


def _settle(
    rows: Rows, moment: Moment, pulse: PulseRow, learner: Person, what: tuple[str, str] | None
) -> list[Fact]:
    heard = _heard(rows, moment, pulse)
    ladders = list(_ladders(rows, moment, pulse, heard.horizon or moment.now))
    out = settle(pulse, learner, rows, moment, ladders, heard)
    if what is not None and not _too_old(moment):
        _celebrate(out, *what)
    for course in out.recovered:
        _celebrate(out, f"return {moment.now.date().isoformat()}", course)
    _look_ahead(rows, moment, out, heard)
    rows.put(changed(out.pulse, wake_at=out.wake_at), learner)
    return out.said


def _look_ahead(rows: Rows, moment: Moment, out: Settled, heard: Heard) -> None:
    """The next date of an open course, and at least one look in two days while one is open."""
    for name, course in out.pulse.courses.items():
        if course.active:
            calendar = rows.find(CourseRow, name)
            dates = calendar.dates if calendar else {}
            date_at = missed.wakes_at(course, dates, moment.policy.pulse, heard.horizon or moment.now)
            out.look_again(date_at if date_at is None or date_at > moment.now else heard.retry_at)
            out.look_again(moment.now + LOOK_WITHIN)


def _ladders(rows: Rows, moment: Moment, pulse: PulseRow, horizon: datetime) -> Iterator[Ladder]:
    policy = moment.policy.pulse
    for name, course in pulse.courses.items():
        if not course.active or _on_break(course, moment.now):
            continue
        calendar = rows.find(CourseRow, name)
        for found in (
            start.ladder(name, course, policy, horizon),
            silence.ladder(name, course, policy, horizon),
            missed.ladder(name, course, calendar.dates if calendar else {}, policy, horizon),
        ):
            if found is not None:
                yield found
    if (pair := first_contact.ladder(pulse, policy)) is not None:
        yield pair


def _on_break(course: Course, now: datetime) -> bool:
    ends = course.break_end(now)
    return ends is not None and now < ends


def _heard(rows: Rows, moment: Moment, pulse: PulseRow) -> Heard:
    """Not at all while a source partition is unheard, or while this learner's platform is silent as a whole."""
    row = rows.find(HeardRow, HEARD)
    heard = row.heard() if row is not None else None
    if row is None or heard is None:
        return Heard(None, moment.now + RETRY)
    last = row.last_heard.get(pulse.source)
    if last is not None and heard - last > timedelta(hours=moment.policy.pulse.dead_feed_hours):
        return Heard(None, moment.now + DEAD_RETRY)
    return Heard(min(heard, moment.now), moment.now + RETRY)


def _too_old(moment: Moment) -> bool:
    cause = moment.cause
    return not isinstance(cause, Wake) and moment.now - cause.at > timedelta(
        days=moment.policy.pulse.too_late_days
    )


def _celebrate(out: Settled, what: str, course: str) -> None:
    """An episode that opens and closes at once, with a word to the learner and to the mentor."""
    moment = out.moment
    out.pulse, say = recognition.counted(out.pulse, what, course, moment.now, moment.policy.pulse)
    if not say:
        return
    step = Step(1, moment.now, ("learner", "mentor"))
    ladder = Ladder(
        "L9", f"{course}/{what}", course, moment.now, moment.now, (step,), (("what", what),), False
    )
    episode = fire(out, ladder, open_episode(out, ladder), step)
    close(out, ladder.name, changed(episode, advice=()), "done")


# --- reference rows ----------------------------------------------------------------------------


def _count(rows: Rows, before: PulseRow, after: PulseRow, course: str) -> None:
    """Keeps how many learners of this partition are in the course."""
    was = course in before.courses and before.courses[course].active
    now = course in after.courses and after.courses[course].active
    if was != now:
        row = rows.find(CourseRow, course) or blank(CourseRow)
        learners = max(0, row.learners + (1 if now else -1))
        rows.put(changed(row, learners=learners), course)


def _calendar(rows: Rows, fact: DeadlineSet | DeadlineRemoved) -> list[Fact]:
    row = rows.find(CourseRow, fact.course) or blank(CourseRow)
    date = told_date(row.dates.get(fact.item), fact)
    if date is None:
        return []
    dates = {**row.dates, fact.item: date}
    if len(dates) > MAX_DATES:  # the longest past goes first
        dates = dict(sorted(dates.items(), key=lambda pair: pair[1].due_at)[-MAX_DATES:])
    rows.put(changed(row, dates=dates), fact.course)
    return []


def _progressed(rows: Rows, fact: SourceProgressed) -> list[Fact]:
    row = rows.find(HeardRow, fact.reader) or blank(HeardRow)
    parts = row.through.get(fact.input_topic, {})
    number = str(fact.input_partition)
    if number in parts and parts[number] >= fact.heard_through:
        return []
    last = dict(row.last_heard)
    for source, at in fact.last_heard:
        if source not in last or last[source] < at:
            last[source] = at
    rows.put(
        changed(
            row,
            through={**row.through, fact.input_topic: {**parts, number: fact.heard_through}},
            partitions={**row.partitions, fact.input_topic: fact.partitions},
            last_heard=last,
        ),
        fact.reader,
    )
    return []
