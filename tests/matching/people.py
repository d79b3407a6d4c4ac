"""Facts about a pool's people, and a pool that tests can drive."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from matching.pool import ROWS, fold
from matching.rows import LearnerRow, MentorRow
from schemas.fact import Fact
from schemas.learners import LearnerCompleted, LearnerEnrolled, LearnerProfiled, LearnerWithdrew, NeedsChanged
from schemas.mentors import MentorChanged, MentorJoined, MentorLeft, MentorPaused, MentorResumed
from schemas.pairs import PairPinned, PairUnpinned
from schemas.policy import Defaults, Policy
from schemas.pool_policy import PoolPolicy
from tests.memory import START, World

NAMES = UUID("7e2d8f54-1f0a-5c7d-8a60-6f0d43a0c3b1")
POOL = "P"


def made(cls: type[Any], hours: float = 0, **fields: object) -> Any:
    at = START + timedelta(hours=hours)
    return cls(
        id=uuid5(NAMES, f"{cls.__name__}/{at}/{fields}"),
        at=at,
        seen_at=at,
        source="ou",
        pool=POOL,
        **{"programme": POOL, **fields},
    )


def enrolled(learner: str, hours: float = 0, course: str = "A", **fields: object) -> Fact:
    return made(LearnerEnrolled, hours, learner=learner, course=course, **fields)


def profiled(learner: str, hours: float = 0, **fields: object) -> Fact:
    return made(LearnerProfiled, hours, learner=learner, **fields)


def withdrew(learner: str, hours: float = 1, course: str = "A") -> Fact:
    return made(LearnerWithdrew, hours, learner=learner, course=course)


def completed(learner: str, hours: float = 1, course: str = "A") -> Fact:
    return made(LearnerCompleted, hours, learner=learner, course=course)


def joined(mentor: str, hours: float = 0, **fields: object) -> Fact:
    return made(MentorJoined, hours, mentor=mentor, **fields)


def changed(mentor: str, hours: float = 1, **fields: object) -> Fact:
    return made(MentorChanged, hours, mentor=mentor, **fields)


def paused(mentor: str, hours: float = 1, **fields: object) -> Fact:
    return made(MentorPaused, hours, mentor=mentor, **fields)


def resumed(mentor: str, hours: float = 2) -> Fact:
    return made(MentorResumed, hours, mentor=mentor)


def left(mentor: str, hours: float = 1) -> Fact:
    return made(MentorLeft, hours, mentor=mentor)


def pinned(learner: str, mentor: str, hours: float = 0, **fields: object) -> Fact:
    return made(PairPinned, hours, learner=learner, mentor=mentor, **fields)


def unpinned(learner: str, mentor: str, hours: float = 1) -> Fact:
    return made(PairUnpinned, hours, learner=learner, mentor=mentor)


def needs(learner: str, band: str, hours: float = 1, **fields: object) -> Fact:
    return made(NeedsChanged, hours, learner=learner, band=band, **fields)


def pool_policy(consent: bool = True, **knobs: object) -> Policy:
    return Policy(pool=PoolPolicy(**knobs), defaults=Defaults(matching_consent=consent))  # type: ignore[arg-type]


class Pool(World):
    def __init__(self, policy: Policy | None = None) -> None:
        super().__init__(fold, ROWS, policy)

    def settle(self) -> list[Fact]:
        return self.pass_time(seconds=1)

    def after(self, *facts: Fact) -> list[Fact]:
        """What is said of these facts and of the rounds that follow."""
        return [*self.tell(*facts), *self.settle()]

    def learner(self, id: str) -> LearnerRow:
        row = self.rows.find(LearnerRow, POOL, id)
        assert row is not None
        return row

    def mentor(self, id: str) -> MentorRow:
        row = self.rows.find(MentorRow, POOL, id)
        assert row is not None
        return row

    def pairs(self) -> dict[str, str]:
        return {id: row.mentor for id, row in self.rows.scan(LearnerRow, POOL) if row.mentor}

    def hours(self) -> float:
        return (self.now - START) / timedelta(hours=1)


def instant(hours: float) -> datetime:
    return START + timedelta(hours=hours)
