"""Facts about who mentors whom: what is asked of a pool, and what a pool says."""

from typing import Annotated, Literal

from pydantic import Strict

from schemas.fact import travels
from schemas.learners import OfPool
from schemas.terms import (
    Arm,
    Binding,
    By,
    Count,
    EndReason,
    Instant,
    Items,
    Minutes,
    Name,
    Person,
    Side,
    Uid,
)  # fmt: skip

Term = Annotated[tuple[Name, int], Strict(False)]  # an affinity term and its cost
Tally = Annotated[tuple[Name, Count], Strict(False)]
MatchState = Literal["none", "waiting", "proposed", "confirmed", "ended"]


# --- asked of a pool -----------------------------------------------------------------------


class OfPair(OfPool):
    pair: Uid
    learner: Person
    mentor: Person


@travels("match.accepted.v1", "pool-facts", "pool", outside=True)
class MatchAccepted(OfPair):
    by: Side


@travels("match.declined.v1", "pool-facts", "pool", outside=True)
class MatchDeclined(OfPair):
    by: Side
    reason: Literal["no_fit", "no_time", "knows_person", "other"] = "other"


@travels("pair.ended.v1", "pool-facts", "pool", outside=True)
class PairEnded(OfPair):
    by: By
    reason: EndReason


@travels("pair.blocked.v1", "pool-facts", "pool", outside=True)
class PairBlocked(OfPool):
    learner: Person
    mentor: Person
    by: By = "operator"


@travels("pair.unblocked.v1", "pool-facts", "pool", outside=True)
class PairUnblocked(OfPool):
    learner: Person
    mentor: Person
    by: By = "operator"


@travels("pair.lapsed.v1", "pool-facts", "pool")
class PairLapsed(OfPair):
    """A pulse saw a pair that does not live; the pool decides what follows."""

    reason: Literal["no_contact", "no_reply", "silent"]
    silent_days: Count


# --- said by a pool, for readers outside ---------------------------------------------------


@travels("match.proposed.v1", "matches", "learner")
class MatchProposed(OfPair):
    answer_by: Instant
    minutes: Minutes
    terms: Items[Term]
    runner_up: Person | None = None
    runner_up_gap: int | None = None  # how much dearer the runner-up is, in cost points
    hour_price: int | None = None  # points: what the seat is worth to the pool; 0 where there is room for all
    round: Uid
    arm: Arm | None = None  # of a learner who comes to a first mentor


@travels("match.confirmed.v1", "matches", "learner")
class MatchConfirmed(OfPair):
    how: Literal["accepted", "automatic", "pinned"]


@travels("match.expired.v1", "matches", "learner")
class MatchExpired(OfPair):
    """Not both sides answered in time; `match.ended` (silent) follows."""

    waited_minutes: Count


@travels("match.moved.v1", "matches", "learner")
class MatchMoved(OfPool):
    """Follows `match.ended` (moved) of the one pair and `match.confirmed` of the other."""

    learner: Person
    from_pair: Uid
    from_mentor: Person
    to_pair: Uid
    to_mentor: Person
    terms: Items[Term]  # of the new pair
    gain: int  # points the pool saves by the chain of changes this move is part of, its price paid
    price: int  # points; 0 where an operator pinned the new pair
    round: Uid


@travels("match.ended.v1", "matches", "learner")
class MatchEnded(OfPair):
    reason: EndReason


@travels("learner.waitlisted.v1", "matches", "learner")
class LearnerWaitlisted(OfPool):
    """Said again only when the binding reason changes."""

    learner: Person
    since: Instant
    binding: Binding
    removed: Items[Tally] = ()  # how many mentors each hard rule removed
    competing_learners: Count = 0  # how many want the same full mentors
    competing_mentors: Count = 0
    would_change: str = ""
    arm: Arm | None = None


# --- said by a pool, to the other ledgers --------------------------------------------------


@travels("match.announced.v1", "learner-facts", "learner")
class MatchAnnounced(OfPool):
    """The learner's present match, whole; a reader folds only a newer `rev`."""

    learner: Person
    state: MatchState
    pair: Uid | None = None
    mentor: Person | None = None
    answer_by: Instant | None = None
    since: Instant
    reason: str = ""


@travels("pair.announced.v1", "person-facts", "person")
class PairAnnounced(OfPool):
    """What each side of a match is told; `other` is the other side."""

    person: Person
    role: Side
    other: Person
    pair: Uid
    state: MatchState
    answer_by: Instant | None = None
    reason: str = ""
