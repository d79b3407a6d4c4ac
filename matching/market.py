"""Who could be with whom in this round, and at what cost?  Looks at every learner who waits once."""

from dataclasses import dataclass, field

from matching.affinity import pricing, seats
from matching.rules import RULES, no_capacity
from matching.solver import Outcome, solve
from matching.views import Learner, Mentor
from schemas.policy import PoolPolicy

_LASTING = tuple(rule for rule in RULES.values() if rule is not no_capacity)


@dataclass
class Market:
    """`offers` has for each learner who may be had now and at what cost, `wishes` also who is full."""

    learners: list[Learner]
    mentors: list[Mentor]
    policy: PoolPolicy
    seats: list[list[int]] = field(default_factory=list)
    offers: list[dict[int, int]] = field(default_factory=list)
    wishes: list[list[int]] = field(default_factory=list)
    too_dear: list[int] = field(default_factory=list)  # for each learner, mentors beyond the floor

    def solve(self, waits: list[int]) -> Outcome:
        return solve(self.offers, waits, self.seats)


def open_market(learners: list[Learner], mentors: list[Mentor], policy: PoolPolicy) -> Market:
    market = Market(learners, mentors, policy)
    market.seats = [seats(mentor, policy) for mentor in mentors]
    first = [prices[0] if prices else 0 for prices in market.seats]
    for learner in learners:
        dear, offers, wishes = 0, dict[int, int](), list[int]()
        price = pricing(learner, policy)
        for other, mentor in enumerate(mentors):
            for rule in _LASTING:
                if rule(learner, mentor, policy):
                    break
            else:
                cost = price(mentor)
                if cost + first[other] > policy.floor:
                    dear += 1
                    continue
                wishes.append(other)
                if not no_capacity(learner, mentor, policy):
                    offers[other] = cost
        market.offers.append(offers)
        market.wishes.append(wishes)
        market.too_dear.append(dear)
    return market
