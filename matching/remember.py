"""What does a fact teach of a learner or a mentor?

Each profile field keeps the word with the latest `at`; at the same instant the greater value stands, so
that order of arrival does not matter.  The same row comes back when there was nothing new.
"""

from datetime import datetime
from typing import Any, TypeVar

from matching.rows import MAX_AVOIDS, MAX_BLOCKS, MAX_COURSES, Block, Enrolment, LearnerRow, MentorRow
from schemas.fact import Fact
from schemas.learners import LearnerCompleted, LearnerEnrolled, LearnerProfiled, LearnerWithdrew
from schemas.matches import PairBlocked, PairUnblocked
from schemas.mentors import MentorJoined, MentorLeft, MentorPaused, MentorProfile, MentorResumed

R = TypeVar("R", LearnerRow, MentorRow)
At = datetime | None

OF_LEARNER = {
    "languages": 8, "skills_wanted": 16, "goals": 6, "time_zone": 0, "available_hours": 168,
    "wanted_minutes": 0, "prefers": 5, "avoids": MAX_AVOIDS,
}  # fmt: skip
OF_MENTOR = {
    "languages": 8, "skills": 64, "guides": 6, "time_zone": 0, "available_hours": 168,
    "capacity_minutes": 0, "max_mentees": 0, "avoids": MAX_AVOIDS, "courses": 64,
}  # fmt: skip
CONSENT = {"matching_consent": 0}


def of_learner(row: LearnerRow, fact: Fact) -> LearnerRow:
    match fact:
        case LearnerEnrolled():
            return _profile(_joined(row, fact), fact, CONSENT)
        case LearnerProfiled():
            return _profile(row, fact, OF_LEARNER)
        case LearnerWithdrew() | LearnerCompleted():
            return _over(row, fact)
        case PairBlocked() | PairUnblocked():
            return barred(row, fact.mentor, fact.at, isinstance(fact, PairBlocked))
        case _:
            return row


def of_mentor(row: MentorRow, fact: Fact) -> MentorRow:
    match fact:
        case MentorProfile():
            row = _profile(row, fact, OF_MENTOR)
            return _later(row, "joined_at", fact.at) if isinstance(fact, MentorJoined) else row
        case MentorPaused():
            after = _later(row, "paused_at", fact.at)
            if after is row:
                return row
            return after.model_copy(
                update={"paused_until": fact.paused_until, "keep_pairs": fact.keep_pairs}
            )
        case MentorResumed():
            return _later(row, "resumed_at", fact.at)
        case MentorLeft():
            return _later(row, "left_at", fact.at)
        case _:
            return row


def barred(row: LearnerRow, mentor: str, at: datetime, on: bool) -> LearnerRow:
    """Who must not be paired; at the same instant the block stands.  Oldest words are dropped first."""
    before = row.blocks.get(mentor)
    if before is not None and (before.at, before.on) >= (at, on):
        return row
    blocks = {**row.blocks, mentor: Block(at=at, on=on)}
    if len(blocks) > MAX_BLOCKS:
        del blocks[min(blocks, key=lambda who: (blocks[who].on, blocks[who].at, who))]
    return row.model_copy(update={"blocks": blocks})


def _profile(row: R, fact: Fact, fields: dict[str, int]) -> R:
    """`fields` gives how many items of a list are kept; 0 = not a list."""
    changed: dict[str, Any] = {}
    told = row.told
    for name, most in fields.items():
        value = getattr(fact, name)
        if value is None:
            continue
        value = value[:most] if most else value
        before = told.get(name)
        if before is not None and (before, repr(getattr(row, name))) >= (fact.at, repr(value)):
            continue
        changed[name] = value
        told = {**told, name: fact.at}
    return row.model_copy(update={**changed, "told": told}) if changed else row


def _later(row: MentorRow, name: str, at: datetime) -> MentorRow:
    before: At = getattr(row, name)
    return row if before is not None and before >= at else row.model_copy(update={name: at})


def _joined(row: LearnerRow, fact: LearnerEnrolled) -> LearnerRow:
    before = row.courses.get(fact.course)
    if before is None:
        if row.forgotten_at is not None and fact.at <= row.forgotten_at:
            return row
        before = Enrolment()
    first = fact.at if before.first_at is None else min(before.first_at, fact.at)
    last = fact.at if before.joined_at is None else max(before.joined_at, fact.at)
    programme = fact.programme or before.programme
    after = before.model_copy(update={"first_at": first, "joined_at": last, "programme": programme})
    return row if after == before else _with(row, fact.course, after)


def _over(row: LearnerRow, fact: LearnerWithdrew | LearnerCompleted) -> LearnerRow:
    before = row.courses.get(fact.course) or Enrolment(programme=fact.programme)
    if before.over_at is not None and before.over_at >= fact.at:
        return row
    over = "completed" if isinstance(fact, LearnerCompleted) else "withdrew"
    return _with(row, fact.course, before.model_copy(update={"over_at": fact.at, "over": over}))


def _with(row: LearnerRow, name: str, course: Enrolment) -> LearnerRow:
    """Beyond the limit the course over longest is dropped, and what old word of it would reopen, too."""
    courses, forgotten = {**row.courses, name: course}, row.forgotten_at
    if len(courses) > MAX_COURSES:
        oldest = min(courses, key=lambda n: (courses[n].open, courses[n].over_at or courses[n].joined_at, n))
        ended = [at for at in (forgotten, courses[oldest].over_at) if at is not None]
        forgotten = max(ended, default=None)
        del courses[oldest]
    return row.model_copy(update={"courses": courses, "forgotten_at": forgotten})
