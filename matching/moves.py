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

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import numpy as np

from matching.experiments import held
from matching.market import Market, Offer, open_market
from matching.plans import Chosen, Plan, by_chains
from matching.rows import LearnerRow, MentorRow
from matching.seats import Seats
from matching.solver import Outcome
from matching.views import Learner, learner_view
from schemas.fact import Moment
from schemas.rows import Rows

LOOKED_AT = 10  # pairs a round looks at, for each it may move


def may_be_placed(row: LearnerRow, learner: str, moment: Moment) -> bool:
    """Who is pinned has the pinned mentor or nobody, and who is held out waits."""
    if row.waiting_since is None or row.pin_at(moment.now) is not None or not row.consents(moment.policy):
        return False
    if not row.studies_at(moment.now, moment.policy):
        return False
    return held(row, learner, moment.policy, moment.now) is None


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
    taken = np.bincount(
        [mentor for mentor in outcome.chosen if mentor is not None], minlength=len(market.mentors)
    )
    if not (
        (market.seats.count > 0) & (market.table.minutes > 0) | (taken > 0)
    ).any():  # every seat is somebody's: nobody can go anywhere
        return stay
    movable = list(islice(_movable(rows, moment, pool, market, waits, outcome.chosen), LOOKED_AT * most))
    if not movable:
        return stay
    wide = _widened(market, movable, moment)
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
    rows: Rows, moment: Moment, pool: str, market: Market, waits: list[int], chosen: Chosen
) -> Iterator[tuple[Learner, int]]:
    """Pairs of the mentors somebody would gain the most by, the most first; of one mentor the youngest first."""
    price = moment.policy.pool.weights.move
    taken = np.bincount([mentor for mentor in chosen if mentor is not None], minlength=len(market.mentors))
    full = taken >= market.seats.count
    gains = np.zeros(len(market.mentors), dtype=np.int64)
    for at, mentor in enumerate(chosen):
        offer = market.offers[at]
        now = np.int64(waits[at] if mentor is None else offer.cost[mentor])
        np.maximum(gains, np.where(offer.wished & (full | ~offer.open), now - offer.cost, 0), out=gains)
    for mentor in sorted(np.flatnonzero(gains > price).tolist(), key=lambda each: (-gains[each], each)):
        helper = rows.find(MentorRow, pool, market.mentors[mentor].id)
        found = []
        for id, minutes in helper.mentees.items() if helper is not None else ():
            row = rows.find(LearnerRow, pool, id)
            if row is not None and row.paired_at is not None and may_move(row, moment):
                view = replace(learner_view(id, row, moment.policy, moment.now), effort=minutes)
                found.append((row.paired_at, id, view))
        for _, _, view in sorted(found, key=lambda each: (each[0], each[1]), reverse=True):
            yield view, mentor


def _widened(market: Market, movable: list[tuple[Learner, int]], moment: Moment) -> Market:
    """The market with the looked-at pairs as if they waited too, and their seats offered anew."""
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
    others = open_market([learner for learner, _ in movable], market.table, policy)
    counts = {
        at: (int(market.seats.count[at]) if market.mentors[at].minutes else 0) + len(efforts)
        for at, efforts in freed.items()
    }
    opened = Seats(mentors, policy, counts)
    again = np.zeros(len(mentors), dtype=np.bool_)
    again[list(freed)] = True
    made = {
        id(each): each._replace(open=each.open | each.wished & again)
        for each in (*market.offers, *others.offers)
    }
    offers = [made[id(each)] for each in (*market.offers, *others.offers)]
    for at, (_, mentor) in enumerate(movable, len(market.learners)):
        if not offers[at].open[mentor]:  # a rule or the floor that came later ends no pair
            offers[at] = _opened(offers[at], mentor, policy.floor)
    sheet = None if market.sheet is None else market.sheet.reopened(again)
    return Market([*market.learners, *others.learners], mentors, market.table, policy, opened, offers, sheet)


def _opened(offer: Offer, mentor: int, cost: int) -> Offer:
    costs, able = offer.cost.copy(), offer.open.copy()
    costs[mentor], able[mentor] = cost, True
    return offer._replace(cost=costs, open=able)


def _solved(wide: Market, costs: list[int], own: dict[int, int], price: int, free: frozenset[int]) -> Chosen:
    """The best choice in which only the `free` of the pairs may move, each at its price."""
    offers = list(wide.offers)
    for at, mentor in own.items():
        offer = wide.offers[at]
        cost, only = offer.cost + price, np.zeros_like(offer.open)
        cost[mentor], only[mentor] = offer.cost[mentor], True
        offers[at] = offer._replace(cost=cost, open=offer.open if at in free else only)
    return replace(wide, offers=offers).solve(costs).chosen
