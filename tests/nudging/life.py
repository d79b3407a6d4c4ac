"""A learner's life for pulse tests: heard sources, and the facts of one learner in one course."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any, get_args
from uuid import UUID, uuid5

from nudging.pulse import ROWS, fold
from nudging.pulse_rows import PulseRow
from nudging.templates import TEMPLATES, worded
from schemas.activity import (
    ActivitySeen,
    AttemptFailed,
    AttemptPassed,
    BreakDeclared,
    DeadlineSet,
    MeetingHeld,
    MessageSent,
    WorkGraded,
    WorkSubmitted,
)
from schemas.advice import AdviceGiven, EpisodeClosed, EpisodeOpened
from schemas.control import SourceProgressed
from schemas.fact import Fact, Moment
from schemas.learners import CourseJoined, CourseLeft
from schemas.matches import MatchAnnounced
from schemas.policy import Operator, Policy
from schemas.pulse_policy import PulsePolicy
from schemas.risk_policy import RiskPolicy
from schemas.rows import Rows
from schemas.study import LearnerKnown
from schemas.terms import MayBeOff
from tests.memory import START, World

NAMES = UUID("0d1b7a52-9c3e-5f0e-8d7b-3f3b7c1f0a11")
ANA, MENTOR, OPERATOR, COURSE = "ou:ana", "ou:mentor", "ou:operator", "AAA"
PAIR = uuid5(NAMES, "pair")
UNWEIGHED = RiskPolicy(on=False)
POLICY = Policy(operators=(Operator(id=OPERATOR),))


def alone(*names: str, **knobs: object) -> Policy:
    """A policy in which only these signals open, whatever the risk, with these knobs of the pulse."""
    off = tuple(name for name in get_args(MayBeOff) if name not in names)
    return POLICY.model_copy(update={"pulse": PulsePolicy(off=off, **knobs), "risk": UNWEIGHED})  # type: ignore[arg-type]


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


def rest(begins: float, ends: float, learner: str = ANA) -> Fact:
    """A declared break from everything."""
    return made(BreakDeclared, day(begins), learner=learner, begins_at=day(begins), ends_at=day(ends))


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


def graded(days: float, item: str, score: int, learner: str = ANA, **fields: object) -> Fact:
    return made(
        WorkGraded, day(days), learner=learner, course=COURSE, item=item, score_permille=score, **fields
    )


def failed(days: float, attempt: int | None = None, item: str = "quiz1") -> Fact:
    return made(AttemptFailed, day(days), learner=ANA, course=COURSE, item=item, attempt=attempt)


def passed(days: float, item: str = "quiz1") -> Fact:
    return made(AttemptPassed, day(days), learner=ANA, course=COURSE, item=item)


def met(days: float) -> Fact:
    return made(MeetingHeld, day(days), learner=ANA, pair=PAIR, mentor=MENTOR, minutes=30)


def allowed(days: float = 0, yes: bool = True, zone: str | None = "UTC") -> Fact:
    """What intake copies of a learner who lets us look at sensitive things."""
    return made(LearnerKnown, day(days), learner=ANA, sensitive=yes, time_zone=zone)


def late(fact: Any, days: float) -> Any:
    """The same fact, seen only then."""
    return fact.model_copy(update={"seen_at": day(days)})


def heard(days: float, last: float | None = None, partition: int = 0, partitions: int = 1) -> Fact:
    return made(
        SourceProgressed, day(days), reader="intake", input_topic="platform-events", input_partition=partition,
        partitions=partitions, heard_through=day(days), last_heard=(("ou", day(days if last is None else last)),),
    )  # fmt: skip


def sayable(given: AdviceGiven) -> None:
    """There are words for it, and it carries every figure that its words may name."""
    template, _ = worded(f"{given.signal}.{given.rung}.{given.role}", 0)
    known = TEMPLATES[template]
    people = {name for name in ("learner", "mentor", "course") if getattr(given, name)}
    assert known.kind == given.kind
    assert known.always <= {name for name, _ in given.figures} | people, given.signal


def fold_sayably(rows: Rows, moment: Moment) -> list[Fact]:
    said = fold(rows, moment)
    for fact in said:
        if isinstance(fact, AdviceGiven):
            sayable(fact)
    return said


class Life(World):
    """A pulse whose sources are heard through every hour unless `hear` is False."""

    def __init__(self, policy: Policy = POLICY, hear: bool = True, every: float = 1) -> None:
        """`every`: hours between two words on how far the sources were heard."""
        super().__init__(fold_sayably, ROWS, policy, "pulses")
        self.hear, self.every = hear, timedelta(hours=every)

    def until(self, then: datetime) -> list[Fact]:
        said: list[Fact] = []
        while self.hear and self.now + self.every <= then:
            said += super().until(self.now + self.every)
            progress = heard((self.now - START) / timedelta(days=1))
            said += self.fold(self.rows, self.moment(progress))
        return said + super().until(then)

    def moment(self, fact: Fact) -> Any:
        from schemas.fact import Moment

        return Moment(fact, self.now, self.policy, self.source)

    def live(self, days: float) -> list[Fact]:
        return self.until(day(days))

    def restarted(self) -> "Life":
        """Another process with the same rows, at the same time."""
        other = Life(self.policy, self.hear, self.every / timedelta(hours=1))
        other.rows.stored, other.now = dict(self.rows.stored), self.now
        return other


def told(said: list[Fact], signal: str | None = None) -> list[tuple[str, int, str]]:
    """Who was advised: (signal, rung, recipient)."""
    return [
        (f.signal, f.rung, f.recipient)
        for f in said
        if isinstance(f, AdviceGiven) and (signal is None or f.signal == signal)
    ]


def opened(said: list[Fact], signal: str) -> list[EpisodeOpened]:
    return [f for f in said if isinstance(f, EpisodeOpened) and f.signal == signal]


def closed(said: list[Fact], signal: str) -> list[str]:
    """Why episodes of the signal ended."""
    return [f.reason for f in said if isinstance(f, EpisodeClosed) and f.signal == signal]


def figures(said: list[Fact], signal: str) -> dict[str, int | str]:
    """Of the first advice of the signal."""
    return dict(next(f.figures for f in said if isinstance(f, AdviceGiven) and f.signal == signal))


def in_any_order(policy: Policy, before: list[Fact], facts: list[Fact], then: float) -> list[list[Any]]:
    """Who hears what, and how the pulse stands, for each order in which these facts come, and come twice.

    All are seen on day `then`, and a day is lived after it.
    """
    outcomes: list[list[Any]] = []
    for order in permutations(facts):
        life = Life(policy)
        life.tell(*before)
        life.live(then)
        said = life.tell(*(late(fact, then) for fact in (*order, *order)))
        told_by_then = sorted(set(told(said + life.live(then + 1))))
        pulse = life.rows.find(PulseRow, ANA)
        assert pulse is not None
        courses = {name: course.model_dump(mode="json") for name, course in pulse.courses.items()}
        outcome = [told_by_then, sorted(pulse.episodes), courses]
        if outcome not in outcomes:
            outcomes.append(outcome)
    return outcomes
