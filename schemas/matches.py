"""Facts about who mentors whom: what is asked of a pool, and what a pool says."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Strict

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
    Permille,
    Person,
    Side,
    Uid,
)  # fmt: skip

Term = Annotated[tuple[Name, int], Strict(False)]  # an affinity term and its cost
Tally = Annotated[tuple[Name, Count], Strict(False)]
MatchState = Literal["none", "waiting", "proposed", "confirmed", "ended"]


class GroupShare(BaseModel):
    """How one audit group fares in a pool, in coarse steps, so that one learner more does not show."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    group: Name
    learners: Count
    matched_permille: Permille
    wait_p50_minutes: Count  # until the present mentor, or until now for who waits
    cost_mean: Count  # points of the present matches' terms, load left out


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


@travels("round.reported.v1", "rounds", "pool")
class RoundReported(OfPool):
    """What one solve of one pool did; costs are in points of the policy's weights."""

    trigger: str
    waiting: Count
    placed: Count
    left_waiting: Count
    unmatched: Items[Tally] = ()  # by binding reason
    wait_p50_minutes: Count = 0
    wait_p95_minutes: Count = 0
    mentors: Count = 0
    mentors_free: Count = 0
    load_min_permille: Count = 0
    load_p50_permille: Count = 0
    load_max_permille: Count = 0
    components: Count = 0  # of the graph of who could mentor whom
    cut_off: Count = 0  # learners no mentor passes the hard rules for
    objective: int = 0
    optimal: bool = True
    moved: Count = 0  # pairs moved to another mentor
    pinned: Count = 0  # pairs made because they are pinned
    covered: Count = 0  # cover offered to learners of mentors who are away
    uncovered: Count = 0  # such learners nobody has hours for
    over_hours: Count = 0  # mentors whose learners need more minutes than are offered: kept, and nobody new
    to_mentor_p50_minutes: Count | None = None  # of the latest placements
    to_mentor_p95_minutes: Count | None = None
    expected_wait_minutes: Count | None = None  # of who waits for hours; None = nothing to tell it from
    fairness: Items[GroupShare] = ()  # where the policy names audit groups
    groups_withheld: Count = 0  # too few learners to be told of
    arms: Items[Tally] = ()  # learners of an experiment who waited, by `experiment/arm`
    competing_learners: Count = 0  # the smallest set that competes for hours with any of those left waiting
    competing_mentors: Count = 0
    contested: Items[Person] = ()  # the first of these mentors, by id
    scarce: Items[Term] = ()  # mentors with whom room for one more would save the most, and how many points


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
