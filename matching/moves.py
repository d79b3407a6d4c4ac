"""Which pairs should move to make room for who waits?

A pair is looked at only where somebody who waits would gain more than the price by its place: its mentor
has no seat left and would be that much better for them.  So a round stays small, and a pool at
ease looks at no pair at all; making good pairs better is the whole-pool re-optimisation's work.  The
looked-at pairs are solved together with those who wait, with the price on every mentor but their own.
Changes fall into chains that share no mentor, so each chain is carried out whole or not at all, by the
exact minutes.

Never moved: pinned, proposed, covered, younger than the cooldown, or of a programme that asks both sides
(a declined proposal would leave a learner with nobody).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from matching.affinity import seats
from matching.chains import Chosen, Plan, by_chains
from matching.market import Market, open_market
from matching.rows import LearnerRow, MentorRow
from matching.solver import Outcome
from matching.views import Learner, learner_view
from schemas.fact import Moment
from schemas.rows import Rows

LOOKED_AT = 10  # pairs a round looks at, for each it may move


def may_move(row: LearnerRow, moment: Moment) -> bool:
    if row.state != "confirmed" or row.paired_at is None or row.cover is not None:
        return False
    if row.pin_at(moment.now) is not None or not moment.policy.confirms_at_once(row.programme):
        return False
    return row.paired_at + timedelta(days=moment.policy.pool.move_cooldown_days) <= moment.now


def consider(
    rows: Rows, moment: Moment, pool: str, market: Market, waits: list[int], outcome: Outcome
) -> Plan:
    """`outcome` is the best without moving anybody; the plan is never worse."""
    stay = Plan(market, outcome.chosen, [], 0)
    most = moment.policy.pool.max_moves
    if not most:
        return stay
    taken = Counter(mentor for mentor in outcome.chosen if mentor is not None)
    room = {
        at
        for at, mentor in enumerate(market.mentors)
        if taken[at] or (mentor.minutes and mentor.places and market.seats[at])
    }
    if not room:  # every seat is somebody's: nobody can go anywhere
        return stay
    movable = list(
        islice(_movable(rows, moment, pool, market, waits, outcome.chosen, taken), LOOKED_AT * most)
    )
    if not movable:
        return stay
    wide = _widened(market, movable, sorted(room.union(mentor for _, mentor in movable)), moment)
    kept = 2 * max(waits) + 1_000_000  # dearer than any other change it could pay for: nobody loses a mentor
    costs = [*waits, *[kept] * len(movable)]
    own = {len(waits) + at: mentor for at, (_, mentor) in enumerate(movable)}
    price = moment.policy.pool.weights.move
    before = [*outcome.chosen, *own.values()]
    after = _solved(wide, costs, own, price, frozenset(own))
    movers = [at for at in own if after[at] != own[at]]
    if len(movers) > most:
        after = _solved(wide, costs, own, price, frozenset(movers[:most]))
    return by_chains(wide, costs, own, price, before, after)


def _movable(
    rows: Rows,
    moment: Moment,
    pool: str,
    market: Market,
    waits: list[int],
    chosen: Chosen,
    taken: Counter[int],
) -> Iterator[tuple[Learner, int]]:
    """Pairs of the mentors somebody would gain the most by, the most first; of one mentor the youngest first."""
    price = moment.policy.pool.weights.move
    gains: Counter[int] = Counter()
    for at, mentor in enumerate(chosen):
        now = waits[at] if mentor is None else market.offers[at][mentor]
        for other, cost in market.wishes[at].items():
            full = other not in market.offers[at] or taken[other] >= len(market.seats[other])
            if full and now - cost > price:
                gains[other] = max(gains[other], now - cost)
    for mentor in sorted(gains, key=lambda each: (-gains[each], each)):
        helper = rows.find(MentorRow, pool, market.mentors[mentor].id)
        found = []
        for id, minutes in helper.mentees.items() if helper is not None else ():
            row = rows.find(LearnerRow, pool, id)
            if row is not None and row.paired_at is not None and may_move(row, moment):
                view = replace(learner_view(id, row, moment.policy, moment.now), effort=minutes)
                found.append((row.paired_at, id, view))
        for _, _, view in sorted(found, key=lambda each: (each[0], each[1]), reverse=True):
            yield view, mentor


def _widened(
    market: Market, movable: list[tuple[Learner, int]], targets: list[int], moment: Moment
) -> Market:
    """The market with the looked-at pairs as if they waited too, and their seats offered anew.

    `targets` are the mentors somebody may go to.
    """
    policy = moment.policy.pool
    freed: dict[int, list[int]] = defaultdict(list)
    for learner, mentor in movable:
        freed[mentor].append(learner.effort)
    mentors = [
        replace(each, used=each.used - sum(freed[at]), places=each.places + len(freed[at]))
        if at in freed
        else each
        for at, each in enumerate(market.mentors)
    ]
    others = open_market([learner for learner, _ in movable], [market.mentors[at] for at in targets], policy)
    others_offers, others_wishes = (
        [{targets[at]: cost for at, cost in each.items()} for each in found]
        for found in (others.offers, others.wishes)
    )
    opened = [
        seats(each, policy, (len(market.seats[at]) if market.mentors[at].minutes else 0) + len(freed[at]))
        if at in freed
        else market.seats[at]
        for at, each in enumerate(mentors)
    ]
    wishes = [*market.wishes, *others_wishes]
    offers = [
        {**wanted, **{at: cost for at, cost in wished.items() if at in freed}}
        for wanted, wished in zip([*market.offers, *others_offers], wishes, strict=True)
    ]
    for at, (_, mentor) in enumerate(movable, len(market.learners)):
        offers[at].setdefault(mentor, policy.floor)  # a rule or the floor that came later ends no pair
    return Market(
        [*market.learners, *others.learners],
        mentors,
        policy,
        opened,
        offers,
        wishes,
        [*market.too_dear, *others.too_dear],
    )


def _solved(wide: Market, costs: list[int], own: dict[int, int], price: int, free: frozenset[int]) -> Chosen:
    """The best choice in which only the `free` of the pairs may move, each at its price."""
    offers = list(wide.offers)
    for at, mentor in own.items():
        may = wide.offers[at] if at in free else {mentor: wide.offers[at][mentor]}
        offers[at] = {other: cost + (price if other != mentor else 0) for other, cost in may.items()}
    return replace(wide, offers=offers).solve(costs).chosen
