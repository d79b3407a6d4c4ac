"""Facts about a person we may speak to, and about what was said, held back or dropped."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.advice import Figure, Priority, Rung
from schemas.fact import Fact, travels
from schemas.terms import (
    Arm,
    Channel,
    Count,
    Day,
    HoldReason,
    Instant,
    Items,
    Kind,
    Language,
    MinuteOfDay,
    Name,
    Person,
    Role,
    SuppressReason,
    Uid,
    Zone,
)  # fmt: skip


class OfPerson(Fact):
    person: Person


@travels("person.profiled.v1", "person-facts", "person", outside=True)
class PersonProfiled(OfPerson):
    """`derived` profiles carry the policy's defaults; they never replace a told one."""

    role: Role
    time_zone: Zone
    language: Language
    channels: Items[Channel] = ("platform",)  # ranked
    nudges_consent: bool = True
    derived: bool = False
    assumed: Items[Literal["time_zone", "language"]] = ()  # of a derived one: what nobody told


@travels("consent.given.v1", "person-facts", "person", outside=True)
class ConsentGiven(OfPerson):
    scope: Literal["matching", "nudges", "experiments", "sensitive"]


@travels("consent.withdrawn.v1", "person-facts", "person", outside=True)
class ConsentWithdrawn(OfPerson):
    scope: Literal["matching", "nudges", "experiments", "sensitive"]


@travels("quiet_hours.set.v1", "person-facts", "person", outside=True)
class QuietHoursSet(OfPerson):
    """Quiet from `from_minute` to `to_minute` local, over midnight if from is later than to."""

    from_minute: MinuteOfDay
    to_minute: MinuteOfDay
    days: Items[Day] = (0, 1, 2, 3, 4, 5, 6)


@travels("person.opted_out.v1", "person-facts", "person", outside=True)
class PersonOptedOut(OfPerson):
    kind: Kind | Literal["all"]


@travels("person.opted_in.v1", "person-facts", "person", outside=True)
class PersonOptedIn(OfPerson):
    kind: Kind | Literal["all"]


class NudgeItem(BaseModel):
    """One piece of advice within a nudge; several make a digest."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    advice: Uid
    episode: Uid
    kind: Kind
    signal: Name
    rung: Rung
    learner: Person | None = None
    mentor: Person | None = None
    course: Name | None = None
    programme: Name | None = None  # whose webhooks may carry it
    template: Name
    variant: int = 0
    evidence: Items[Uid] = ()
    figures: Items[Figure] = ()
    arm: Arm | None = None  # of the learner it is about


@travels("nudge.sent.v1", "nudges", "recipient")
class NudgeSent(Fact):
    """Self-contained.  A service drops a `nudge` id it has seen and one past `expires_at`."""

    nudge: Uid
    recipient: Person
    role: Role
    channel: Channel
    language: Language
    items: Items[NudgeItem]
    expires_at: Instant
    priority: Priority
    digest: bool = False
    critical: bool = False
    in_name_of: Person | None = None
    arm: Arm | None = None  # where all its pieces share one
    local_day: str  # the recipient's date when it was sent, as the caps count it


@travels("nudge.held.v1", "nudges", "recipient")
class NudgeHeld(Fact):
    advice: Uid
    recipient: Person
    kind: Kind
    until: Instant
    reason: HoldReason
    role: Role | None = None
    arm: Arm | None = None


@travels("nudge.suppressed.v1", "nudges", "recipient")
class NudgeSuppressed(Fact):
    advice: Uid
    recipient: Person
    kind: Kind
    reason: SuppressReason
    role: Role | None = None
    arm: Arm | None = None
    withheld: NudgeItem | None = None  # for the reason `holdout`: what would have been sent now


class OfDelivery(OfPerson):
    """What became of a nudge, told by whoever carries it: the gateway's webhooks, or a notification service."""

    nudge: Uid
    channel: Channel
    webhook: Name | None = None  # its name in policy.toml
    attempts: Count = 1


@travels("nudge.delivered.v1", "person-facts", "person", outside=True)
class NudgeDelivered(OfDelivery):
    pass


@travels("nudge.failed.v1", "person-facts", "person", outside=True)
class NudgeFailed(OfDelivery):
    """`permanent` = nobody tries again.  `code` says why: http_500, timeout, not_allowed, ..."""

    permanent: bool = True
    code: Name


@travels("nudge.undelivered.v1", "nudges", "recipient")
class NudgeUndelivered(Fact):
    """A nudge that was sent and will not arrive.  It counts as heard for every cap: its carrier may be wrong."""

    nudge: Uid
    recipient: Person
    channel: Channel
    webhook: Name | None = None
    code: Name
