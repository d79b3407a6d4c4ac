"""A mentor's life for pulse tests: load as the pool tells it, presence, and copies of what passes in pairs."""

from datetime import timedelta
from uuid import UUID, uuid5

from nudging.mentor_rows import Mentoring
from nudging.pulse_rows import PulseRow
from schemas.fact import Fact
from schemas.mentoring import MeetingCopied, MentorAway, MentorLoaded, MessageCopied
from tests.nudging.life import MENTOR, NAMES, Life, day, made

LEARNERS = ("ou:ana", "ou:bob", "ou:cid")


def pair_of(learner: str) -> UUID:
    return uuid5(NAMES, f"pair/{learner}")


def loaded(
    days: float,
    minutes: int,
    rev: int = 1,
    learners: tuple[str, ...] = LEARNERS,
    pool: str = "P",
    offered: int = 1000,
) -> Fact:
    """So many of the minutes a week are promised."""
    return made(  # type: ignore[no-any-return]
        MentorLoaded, day(days), mentor=MENTOR, pool=pool, programme=pool, rev=rev, committed_minutes=minutes,
        capacity_minutes=offered, max_mentees=5, pairs=tuple((pair_of(learner), learner) for learner in learners),
    )  # fmt: skip


def away(days: float, until: float | None = None, gone: bool = False) -> Fact:
    ends = None if until is None else day(until)
    return made(MentorAway, day(days), mentor=MENTOR, programme="P", away=True, until=ends, gone=gone)  # type: ignore[no-any-return]


def back(days: float, **fields: object) -> Fact:
    return made(MentorAway, day(days), mentor=MENTOR, programme="P", away=False, **fields)  # type: ignore[no-any-return]


def copied(days: float, sender: str, learner: str = "ou:ana", **fields: object) -> Fact:
    return made(  # type: ignore[no-any-return]
        MessageCopied,
        day(days),
        mentor=MENTOR,
        learner=learner,
        pair=pair_of(learner),
        sender=sender,
        **fields,
    )


def meeting(days: float, missed_by: str | None = None, learner: str = "ou:ana") -> Fact:
    return made(  # type: ignore[no-any-return]
        MeetingCopied, day(days), mentor=MENTOR, learner=learner, pair=pair_of(learner), missed_by=missed_by
    )


def answered(days: float, hours: float, learner: str = "ou:ana") -> list[Fact]:
    """A message of the learner that the mentor answers after so many hours."""
    reply = days + timedelta(hours=hours) / timedelta(days=1)
    return [copied(days, "learner", learner), copied(reply, "mentor", learner)]


def mentoring(life: Life) -> Mentoring:
    pulse = life.rows.find(PulseRow, MENTOR)
    assert pulse is not None
    assert pulse.mentoring is not None
    return pulse.mentoring
