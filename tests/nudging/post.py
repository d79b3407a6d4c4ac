"""Builders for inbox tests: one person, told of in Berlin, and advice to them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from nudging.inbox import ROWS, fold
from schemas.advice import AdviceGiven, AdviceWithdrawn
from schemas.fact import Fact
from schemas.matches import PairAnnounced
from schemas.nudges import NudgeHeld, NudgeSent, NudgeSuppressed, PersonProfiled
from schemas.policy import Policy
from tests.memory import START, World, only

NAMES = UUID("3a6f1f0c-5a0e-5a57-9f0c-2b1d0f6f7a10")
ANA, MENTOR, OPERATOR = "ou:ana", "ou:mentor", "ou:operator"


def id_of(*name: object) -> UUID:
    return uuid5(NAMES, repr(name))


def made(cls: type[Any], hours: float, **fields: object) -> Any:
    at = START + timedelta(hours=hours)
    return cls(id=id_of(cls.__name__, at, sorted(fields.items())), at=at, seen_at=at, source="ou", **fields)


def profiled(hours: float = 0, person: str = ANA, **fields: Any) -> Fact:
    told = {"role": "learner", "time_zone": "UTC", "language": "en"} | fields
    return made(PersonProfiled, hours, person=person, **told)


def advice(name: object, hours: float = 0, good_for: float = 96, **fields: Any) -> AdviceGiven:
    told: dict[str, Any] = {
        "episode": id_of("episode", name), "signal": "silence", "rung": 1, "recipient": ANA,
        "role": "learner", "kind": "reengage",
    } | fields  # fmt: skip
    expires_at = START + timedelta(hours=hours + good_for)
    given: AdviceGiven = made(AdviceGiven, hours, advice=id_of("advice", name), expires_at=expires_at, **told)
    return given


def withdrawn(given: AdviceGiven, hours: float, reason: str = "recovered") -> Fact:
    return made(
        AdviceWithdrawn, hours, advice=given.advice, episode=given.episode, recipient=given.recipient,
        reason=reason,
    )  # fmt: skip


def to_mentor(name: object, hours: float = 0, **fields: Any) -> AdviceGiven:
    return advice(name, hours, **({"recipient": MENTOR, "role": "mentor", "learner": ANA} | fields))


def announced(state: str, hours: float = 0, **fields: Any) -> Fact:
    told: dict[str, Any] = {"person": ANA, "role": "learner", "other": MENTOR, "pair": id_of("pair")} | fields
    return made(PairAnnounced, hours, state=state, **told)


def post(policy: Policy | None = None) -> World:
    return World(fold, ROWS, policy)


def sent(said: list[Fact]) -> list[list[UUID]]:
    """The advice of each nudge sent, in order."""
    return [[item.advice for item in n.items] for n in said if isinstance(n, NudgeSent)]


def held(said: list[Fact]) -> list[tuple[str, datetime]]:
    return [(n.reason, n.until) for n in said if isinstance(n, NudgeHeld)]


def dropped(said: list[Fact]) -> list[str]:
    return [n.reason for n in said if isinstance(n, NudgeSuppressed)]


def nudge(said: list[Fact]) -> NudgeSent:
    (one,) = only(said, NudgeSent)
    assert isinstance(one, NudgeSent)
    return one
