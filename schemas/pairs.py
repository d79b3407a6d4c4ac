"""Facts about pairs out of the ordinary: pinned by an operator, or covered while a mentor is away."""

from typing import Literal

from schemas.fact import travels
from schemas.learners import OfPool
from schemas.matches import OfPair, Term
from schemas.terms import Binding, By, Instant, Items, Minutes, Person, Uid


@travels("pair.pinned.v1", "pool-facts", "pool", outside=True)
class PairPinned(OfPool):
    """These two belong together: made before anything is solved, and never moved."""

    learner: Person
    mentor: Person
    by: By = "operator"
    until: Instant | None = None  # None = until unpinned, or until the pair ends


@travels("pair.unpinned.v1", "pool-facts", "pool", outside=True)
class PairUnpinned(OfPool):
    learner: Person
    mentor: Person
    by: By = "operator"


@travels("pin.refused.v1", "matches", "learner")
class PinRefused(OfPool):
    """A pinned pair cannot be made now; it is once the reason ends.  Said again only when the reason changes."""

    learner: Person
    mentor: Person
    reason: Binding


@travels("match.cover_offered.v1", "matches", "learner")
class CoverOffered(OfPair):
    """`cover` stands in for `mentor`, who is away; either side may decline `pair`, which is the cover's own."""

    cover: Person
    until: Instant | None = None  # None = until the mentor is back
    minutes: Minutes
    terms: Items[Term]
    round: Uid


@travels("match.cover_ended.v1", "matches", "learner")
class CoverEnded(OfPair):
    cover: Person
    reason: Literal["mentor_back", "declined", "pair_ended", "cover_left", "cover_paused"]
