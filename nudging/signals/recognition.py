"""L9: something worth a word: a module, an award, a pass, progress, weeks in a row, or a way back after silence."""

from datetime import datetime
from zlib import crc32

from nudging.days import week_of
from nudging.marks import WEEKS, dated, mark, since
from nudging.pulse_rows import PulseRow
from schemas.activity import AwardGranted, ModuleCompleted, ProgressReached
from schemas.fact import Fact
from schemas.learners import CourseCompleted
from schemas.pulse_policy import PulsePolicy
from schemas.rows import changed

REACHED = (ModuleCompleted, AwardGranted, CourseCompleted, ProgressReached)
MARKS = (250, 500, 750, 1000)  # permille of a course worth a word
REMEMBERED = 64  # more than is reached within `too_late_days`: a nightly export of all repeats it
MOST_WEEKS = len(WEEKS) - 4


def reached(fact: Fact, before: int) -> tuple[str, str] | None:
    """What to celebrate, and in which course; `before` is the progress known until now, in permille."""
    match fact:
        case ModuleCompleted():
            return f"module {fact.module}", fact.course
        case AwardGranted():
            return f"{fact.kind} {fact.award}", fact.course or ""
        case CourseCompleted() if fact.outcome != "failed":
            return f"course {fact.outcome}", fact.course
        case ProgressReached():
            passed = [mark for mark in MARKS if before < mark <= fact.progress_permille]
            return (f"progress {passed[-1]}", fact.course) if passed else None
        case _:
            return None


def counted(
    pulse: PulseRow, what: str, course: str, now: datetime, policy: PulsePolicy, spell: str = ""
) -> tuple[PulseRow, bool]:
    """The pulse with this celebration noted, and whether to say it: not twice, and not too many a day.

    `spell` tells it from the same reached before: another row of weeks, or the course taken again.
    """
    noted_as = f"{course}/{what}{spell}"
    week = week_of(now)
    known = list(since(pulse.praise, week, min(MOST_WEEKS, -(-policy.too_late_days // 7))))
    earlier = {noted_as, f"{crc32(noted_as.encode()):08x}"}  # as rows of earlier releases hold it
    if any(one.startswith(mark(noted_as)) for one in known) or not earlier.isdisjoint(pulse.praised):
        return pulse, False
    today = now.date().isoformat()
    count = pulse.celebrated if pulse.celebrated_on == today else 0
    before = pulse.praised[max(0, len(pulse.praised) + len(known) + 1 - REMEMBERED) :]
    noted: dict[str, object] = {
        "praise": "".join((*known, dated(noted_as, week))[-REMEMBERED:]),
        "praised": before,
    }
    if count < policy.celebrate_per_day:
        noted |= {"celebrated_on": today, "celebrated": count + 1}
    return changed(pulse, **noted), count < policy.celebrate_per_day


def streak(before: int, days: int, policy: PulsePolicy) -> int:
    """Weeks in a row with enough active days; as Duolingo's streaks, but by the week."""
    return before + 1 if days >= policy.streak_days else 0
