"""Who could be with whom in this round, and at what cost?  Looks at every learner who waits once."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from matching.affinity import known, pricing, seats
from matching.rules import RULES, no_capacity
from matching.solver import Outcome, solve
from matching.views import Learner, Mentor
from schemas.policy import PoolPolicy

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LASTING = tuple(rule for rule in RULES.values() if rule is not no_capacity)


@dataclass
class Market:
    """`offers` has for each learner who may be had now and at what cost, `wishes` also who is full.

    Costs are without load, which is in `seats`.
    """

    learners: list[Learner]
    mentors: list[Mentor]
    policy: PoolPolicy
    seats: list[list[int]] = field(default_factory=list)
    offers: list[dict[int, int]] = field(default_factory=list)
    wishes: list[dict[int, int]] = field(default_factory=list)
    too_dear: list[int] = field(default_factory=list)  # for each learner, mentors beyond the floor

    def solve(self, waits: list[int]) -> Outcome:
        return solve(self.offers, waits, self.seats)


def open_market(learners: list[Learner], mentors: list[Mentor], policy: PoolPolicy) -> Market:
    """Learners alike in all that a rule or a term looks at are worked out once: most of a large pool are."""
    market = Market(learners, mentors, policy)
    market.seats = [seats(mentor, policy) for mentor in mentors]
    first = [prices[0] if prices else 0 for prices in market.seats]
    avoided = frozenset[str]().union(*(mentor.avoids for mentor in mentors))
    found: dict[Learner, tuple[dict[int, int], dict[int, int], int]] = {}
    for learner in learners:
        own = learner.id if learner.id in avoided else ""
        alike = replace(learner, id=own, since=EPOCH)
        if alike not in found:
            found[alike] = _offers(learner, mentors, policy, first)
        offers, wishes, dear = found[alike]
        market.offers.append(offers)
        market.wishes.append(wishes)
        market.too_dear.append(dear)
    return market


def _offers(
    learner: Learner, mentors: list[Mentor], policy: PoolPolicy, first: list[int]
) -> tuple[dict[int, int], dict[int, int], int]:
    """Mentors to be had now with their cost, mentors wished for, and how many are beyond the floor."""
    dear, offers, wishes = 0, dict[int, int](), dict[int, int]()
    price = pricing(learner, policy)
    for other, mentor in enumerate(mentors):
        if any(rule(learner, mentor, policy) for rule in _LASTING):
            continue
        cost = price(mentor)
        if (
            cost + first[other] > policy.floor
            and known(learner, mentor, policy) + first[other] > policy.floor
        ):
            dear += 1
            continue
        wishes[other] = cost
        if not no_capacity(learner, mentor, policy):
            offers[other] = cost
    return offers, wishes, dear
