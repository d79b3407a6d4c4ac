"""What did one round of a pool do?"""

from pydantic import BaseModel, ConfigDict

from schemas.fact import travels
from schemas.learners import OfPool
from schemas.matches import Tally, Term
from schemas.terms import Count, Items, Name, Permille, Person


class GroupShare(BaseModel):
    """How one audit group fares in a pool, in coarse steps, so that one learner more does not show."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    group: Name
    learners: Count
    matched_permille: Permille
    wait_p50_minutes: Count  # until the present mentor, or until now for who waits
    cost_mean: Count  # points of the present matches' terms, load left out


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
