"""Facts about the review of a whole pool, which is solved aside and comes back as a proposal."""

from typing import Annotated

from pydantic import Field, Strict

from schemas.fact import travels
from schemas.learners import OfPool
from schemas.terms import Count, Items, Person, Uid

Step = Annotated[tuple[Person, Person | None, Person], Strict(False)]  # learner, present mentor, new mentor
Steps = Annotated[tuple[Step, ...], Strict(False), Field(max_length=800)]


@travels("pool.reviewed.v1", "pool-facts", "pool")
class PoolReviewed(OfPool):
    """What would make a pool better, by a snapshot; each chain is carried out whole, or not at all if it is stale."""

    review: Uid
    chains: Items[Steps] = ()
    gains: Items[int] = ()  # points each chain saves, the prices of its moves paid
    learners: Count = 0  # looked at
    stays: int = 0  # points if nobody moved
    objective: int = 0  # points of the best answer found, prices of moves paid
    bound: int = 0  # no answer costs less
    every_pair: bool = True  # does `bound` hold over every eligible pair? earlier versions: not always


@travels("review.reported.v1", "rounds", "pool")
class ReviewReported(OfPool):
    """What came of a review."""

    review: Uid
    learners: Count
    moved: Count  # pairs
    placed: Count  # learners who had waited
    stale: Count  # chains no longer true
    stays: int
    objective: int
    bound: int
    every_pair: bool
