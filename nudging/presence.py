"""Was this person here, and when first and last?  In the course that a fact names, or in every open one."""

from datetime import datetime

from nudging.course_rows import Course
from nudging.days import seen
from nudging.pulse_rows import MAX_COURSES, PulseRow
from nudging.signals.balance import worked_at
from schemas.fact import Fact
from schemas.rows import changed

EVIDENCE = 4
NEW = Course()


def course_of(pulse: PulseRow, name: str) -> Course:
    return pulse.courses.get(name) or NEW


def with_course(pulse: PulseRow, name: str, course: Course) -> PulseRow:
    """Of too many courses one that is over goes, or was never joined; else that in which nothing was seen for longest."""
    if pulse.courses.get(name, NEW) is course:
        return pulse
    courses = {**pulse.courses, name: course}
    if len(courses) > MAX_COURSES:
        oldest = min(
            courses, key=lambda n: (courses[n].active, courses[n].last_at or courses[n].joined_at or _EVER)
        )
        del courses[oldest]
    return changed(pulse, courses=courses)


_EVER = datetime.fromisoformat("1990-01-01T00:00:00+00:00")


def named_course(pulse: PulseRow, name: str | None) -> str | None:
    """The course a fact is about: the one it names, else the only open one."""
    if name is not None:
        return name
    names = [n for n, c in pulse.courses.items() if c.active]
    return names[0] if len(names) == 1 else None


def _present(pulse: PulseRow) -> list[str]:
    """Every open course; who has none may be back in one that was forgotten."""
    found = [name for name, course in pulse.courses.items() if course.active]
    return found or [name for name, course in pulse.courses.items() if course.forgotten]


def was_here(pulse: PulseRow, fact: Fact, name: str | None) -> PulseRow:
    """Raises first and last activity and notes the day; without a course it counts for every open one."""
    at = fact.at
    if pulse.own is not None and (own := worked_at(pulse.own, fact)) is not pulse.own:
        pulse = changed(pulse, own=own)
    names = [name] if name is not None else _present(pulse)
    for one in names:
        known = pulse.courses.get(one)
        if known is None:
            pulse = with_course(pulse, one, changed(NEW, first_at=at, last_at=at, days=seen(None, at)))
            continue
        if known.of_earlier(at):
            continue
        first, last, days = known.first_at, known.last_at, seen(known.days, at)
        if first is not None and last is not None and first <= at <= last and days is known.days:
            continue
        newest = last is None or at > last
        raised = changed(
            known, first_at=at if first is None or at < first else first, last_at=at if newest else last,
            days=days,
        )  # fmt: skip
        evidence = (*pulse.evidence, fact.id)[-EVIDENCE:] if newest else pulse.evidence
        pulse = changed(pulse, courses={**pulse.courses, one: raised}, evidence=evidence)
    return pulse
