"""A learner's life for pulse tests: heard sources, and the facts of one learner in one course."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from nudging.pulse import ROWS, fold
from nudging.table import SIGNALS
from schemas.activity import ActivitySeen, DeadlineSet, MessageSent, WorkSubmitted
from schemas.advice import AdviceGiven
from schemas.control import SourceProgressed
from schemas.fact import Fact
from schemas.learners import CourseJoined, CourseLeft
from schemas.matches import MatchAnnounced
from schemas.policy import Operator, Policy
from schemas.pulse_policy import PulsePolicy
from tests.memory import START, World

NAMES = UUID("0d1b7a52-9c3e-5f0e-8d7b-3f3b7c1f0a11")
ANA, MENTOR, OPERATOR, COURSE = "ou:ana", "ou:mentor", "ou:operator", "AAA"
PAIR = uuid5(NAMES, "pair")
POLICY = Policy(operators=(Operator(id=OPERATOR),))


def alone(*names: str, **knobs: object) -> Policy:
    """A policy in which only these signals open, with these knobs of the pulse."""
    off = tuple(signal.name for signal in SIGNALS if signal.name not in names)
    return POLICY.model_copy(update={"pulse": PulsePolicy(off=off, **knobs)})  # type: ignore[arg-type]


def made(cls: type[Any], at: datetime, *name: object, **fields: object) -> Any:
    id = uuid5(NAMES, f"{cls.__name__}/{at}/{name}/{fields}")
    return cls(id=id, at=at, seen_at=fields.pop("seen_at", at), source="ou", **fields)


def day(days: float) -> datetime:
    return START + timedelta(days=days)


def joined(days: float = 0, learner: str = ANA, **fields: object) -> Fact:
    return made(CourseJoined, day(days), learner=learner, course=COURSE, programme="P", **fields)


def active(days: float, learner: str = ANA, **fields: object) -> Fact:
    return made(ActivitySeen, day(days), learner=learner, course=COURSE, kind="view", **fields)


def left(days: float) -> Fact:
    return made(CourseLeft, day(days), learner=ANA, course=COURSE)


def deadline(due: float, item: str = "tma1", told: float = 0, **fields: object) -> Fact:
    return made(DeadlineSet, day(told), course=COURSE, item=item, due_at=day(due), **fields)


def submitted(days: float, item: str = "tma1", **fields: object) -> Fact:
    return made(WorkSubmitted, day(days), learner=ANA, course=COURSE, item=item, **fields)


def matched(days: float, rev: int = 1, state: str = "confirmed") -> Fact:
    return made(
        MatchAnnounced,
        day(days),
        learner=ANA,
        state=state,
        pair=PAIR,
        mentor=MENTOR,
        since=day(days),
        rev=rev,
        pool="P",
    )


def wrote(days: float, sender: str) -> Fact:
    return made(MessageSent, day(days), learner=ANA, pair=PAIR, mentor=MENTOR, sender=sender)


def heard(days: float, last: float | None = None, partition: int = 0, partitions: int = 1) -> Fact:
    return made(
        SourceProgressed, day(days), reader="intake", input_topic="platform-events", input_partition=partition,
        partitions=partitions, heard_through=day(days), last_heard=(("ou", day(days if last is None else last)),),
    )  # fmt: skip


class Life(World):
    """A pulse whose sources are heard through every hour unless `hear` is False."""

    def __init__(self, policy: Policy = POLICY, hear: bool = True) -> None:
        super().__init__(fold, ROWS, policy, "pulses")
        self.hear = hear

    def until(self, then: datetime) -> list[Fact]:
        said: list[Fact] = []
        while self.hear and self.now + timedelta(hours=1) <= then:
            said += super().until(self.now + timedelta(hours=1))
            progress = heard((self.now - START) / timedelta(days=1))
            said += self.fold(self.rows, self.moment(progress))
        return said + super().until(then)

    def moment(self, fact: Fact) -> Any:
        from schemas.fact import Moment

        return Moment(fact, self.now, self.policy, self.source)

    def live(self, days: float) -> list[Fact]:
        return self.until(day(days))


def told(said: list[Fact], signal: str | None = None) -> list[tuple[str, int, str]]:
    """Who was advised: (signal, rung, recipient)."""
    return [
        (f.signal, f.rung, f.recipient)
        for f in said
        if isinstance(f, AdviceGiven) and (signal is None or f.signal == signal)
    ]
