"""A learner's term in facts, as the topics hold them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from schemas.activity import ActivitySeen, DeadlineSet, WorkGraded, WorkSubmitted
from schemas.advice import AdviceGiven, EpisodeClosed, EpisodeOpened
from schemas.fact import Fact
from schemas.learners import CourseJoined, CourseLeft
from schemas.matches import MatchConfirmed, MatchEnded
from schemas.nudges import NudgeHeld, NudgeItem, NudgeSent, NudgeSuppressed

NAMES = UUID("5b0a8d8e-3c2e-5e71-9d64-2a6f4b7c9e10")
STARTS = datetime(2013, 10, 1, tzinfo=UTC)
COURSE, MENTOR, OFFICE = "AAA/2013J", "ou:mentor", "ou:office"


def name(*words: object) -> UUID:
    return uuid5(NAMES, repr(words))


def made(cls: type[Any], days: float, **fields: object) -> Any:
    at = STARTS + timedelta(days=days)
    return cls(id=name(cls, days, sorted(fields)), at=at, seen_at=at, source="ou", **fields)


def item(learner: str, advice: UUID, signal: str = "L2") -> NudgeItem:
    return NudgeItem(
        advice=advice, episode=name("e"), kind="reengage", signal=signal, rung=1, learner=learner, template="t",
        figures=(("days", 7),),
    )  # fmt: skip


def sent(days: float, recipient: str, role: str, learner: str, advice: UUID) -> Fact:
    at = STARTS + timedelta(days=days)
    fact: Fact = made(
        NudgeSent, days, nudge=name("n", advice), recipient=recipient, role=role, channel="mail", language="en",
        items=(item(learner, advice),), expires_at=at, priority=50, local_day=at.date().isoformat(),
    )  # fmt: skip
    return fact


def advised(days: float, recipient: str, role: str, learner: str, advice: UUID) -> Fact:
    fact: Fact = made(
        AdviceGiven, days, advice=advice, episode=name("e"), signal="L2", rung=1, recipient=recipient, role=role,
        kind="reengage", learner=learner, figures=(("days", 7),), expires_at=STARTS + timedelta(days=days + 9),
    )  # fmt: skip
    return fact


def term(learner: str, mentor: str = MENTOR) -> list[Fact]:
    """Silent for a week, told of it, back late with the work, gone in the end."""
    one, two, three = name("a", 1), name("a", 2), name("a", 3)
    ends = STARTS + timedelta(days=268)
    pair = {"pair": name("p"), "learner": learner, "mentor": mentor, "pool": "p"}
    return [
        made(CourseJoined, -40, learner=learner, course=COURSE, programme="p", starts_at=STARTS, ends_at=ends),
        made(DeadlineSet, -30, course=COURSE, item="tma1", due_at=STARTS + timedelta(days=20)),
        made(DeadlineSet, -30, course=COURSE, item="tma2", due_at=STARTS + timedelta(days=55)),
        made(DeadlineSet, -30, course="other", item="tma9", due_at=STARTS + timedelta(days=21)),
        made(MatchConfirmed, -39, how="automatic", **pair),
        *(made(ActivitySeen, day, learner=learner, course=COURSE, count=day + 1) for day in range(8)),
        made(EpisodeOpened, 12, episode=name("e"), subject=learner, signal="L2", learner=learner),
        advised(14, learner, "learner", learner, one),
        advised(17, mentor, "mentor", learner, two),
        made(NudgeHeld, 14, advice=one, recipient=learner, kind="reengage", until=STARTS, reason="quiet_hours"),
        sent(14.4, learner, "learner", learner, one),
        advised(18, OFFICE, "operator", learner, three),
        made(NudgeSuppressed, 22, advice=three, recipient=OFFICE, kind="reengage", reason="resolved"),
        sent(17.2, mentor, "mentor", learner, two),
        made(WorkSubmitted, 22, learner=learner, course=COURSE, item="tma1"),
        made(EpisodeClosed, 22, episode=name("e"), subject=learner, signal="L2", reason="recovered",
             opened_at=STARTS + timedelta(days=12), learner=learner),
        made(WorkGraded, 30, learner=learner, course=COURSE, item="tma1", score_permille=655),
        made(CourseLeft, 60, learner=learner, course=COURSE),
        made(MatchEnded, 60, reason="withdrew", **pair),
    ]  # fmt: skip
