"""Facts about what should be said: episodes of a signal, and advice to a recipient."""

from typing import Annotated

from pydantic import Field, Strict

from schemas.fact import Fact, travels
from schemas.terms import Arm, CloseReason, Count, HourOfDay, Instant, Items, Kind, Name, Person, Role, Uid

Figure = Annotated[tuple[Name, int | str], Strict(False)]
Priority = Annotated[int, Field(ge=0, le=100)]  # higher goes first over a cap
Rung = Annotated[int, Field(ge=1, le=9)]


class OfEpisode(Fact):
    episode: Uid
    subject: Person


@travels("episode.opened.v1", "person-facts", "subject")
class EpisodeOpened(OfEpisode):
    signal: Name
    learner: Person | None = None
    mentor: Person | None = None
    course: Name | None = None
    evidence: Items[Uid] = ()  # up to 8 ids of facts
    figures: Items[Figure] = ()


@travels("episode.closed.v1", "person-facts", "subject")
class EpisodeClosed(OfEpisode):
    """What came of it: who was told, who acted since, and how it ended."""

    signal: Name
    reason: CloseReason
    opened_at: Instant
    rungs: Count = 0
    learner: Person | None = None
    mentor: Person | None = None
    course: Name | None = None
    told: Items[Role] = ()
    acted: Items[Role] = ()  # after they, or anybody, had been told
    days: Count = 0  # open
    days_to_recover: Count | None = None  # from the first word to the end; None = nobody told, or no recovery


@travels("advice.given.v1", "person-facts", "recipient")
class AdviceGiven(Fact):
    """Say this to this person, if and when their inbox finds it right."""

    advice: Uid
    episode: Uid
    signal: Name
    rung: Rung
    recipient: Person
    role: Role
    kind: Kind
    learner: Person | None = None
    mentor: Person | None = None
    course: Name | None = None
    programme: Name | None = None  # whose webhooks may carry it
    critical: bool = False
    priority: Priority = 50
    not_before: Instant | None = None
    expires_at: Instant
    evidence: Items[Uid] = ()
    figures: Items[Figure] = ()
    arm: Arm | None = None  # of the learner it is about, in the experiment that covers it
    usual_hours: Items[HourOfDay] = ()  # at which the recipient is usually active, local, where that is known


@travels("advice.withdrawn.v1", "person-facts", "recipient")
class AdviceWithdrawn(Fact):
    advice: Uid
    episode: Uid
    recipient: Person
    reason: CloseReason


@travels("learner.gone.v1", "person-facts", "person")
class LearnerGone(Fact):
    """The learner left the course: what still waits for them about it is not said any more."""

    person: Person
    course: Name
