"""What does one round of a pool do?  Places those who wait, and tells those who go on waiting why.

In this order: cover that is no longer needed ends; pinned pairs are made; those who wait are placed, and
pairs move where that gains more than its price; learners whose mentor is away are offered a cover.

The solver counts seats, `free minutes // effort_minutes` of each mentor; its placements are then made
oldest wait first, each checked against the exact minutes and mentees.  Whoever does not fit then stays
waiting, and another round follows at once, as it does beyond `round_limit`.  Every such round places,
tells or covers somebody, and moves nobody, so they come to an end.  Where somebody who has waited `starve_days` does
not fit, nobody after them is placed in this round, so nobody takes an hour they could have had.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from matching import cover, pins, report, review
from matching.affinity import waiting
from matching.announce import ADOPTED, TICK
from matching.burden import burden_of
from matching.experiments import all_held, tally
from matching.fairness import fairness
from matching.graph import could_pair
from matching.market import Market, open_market
from matching.moves import consider
from matching.places import fits, place
from matching.plans import Plan
from matching.pool_rows import PoolRow
from matching.reasons import Reasons
from matching.rivals import Rivals
from matching.rows import LearnerRow, MentorRow
from matching.solver import Outcome
from matching.standing import Standing, look, takers
from matching.table import table_of
from matching.transfer import Transfer, transfer
from matching.viewed import views_of
from matching.waitlist import tell_waiting
from schemas.fact import Fact, Moment, Wake, caused_by
from schemas.rows import Rows, blank, changed
from schemas.terms import Binding

MORE, BACK = "more to do", "end of a pause"
LOOK = timedelta(days=1)  # until a pool with learners sees by itself that another policy was adopted


def play_round(rows: Rows, moment: Moment, wake: Wake) -> list[Fact]:
    pool, now = wake.routing, moment.now
    standing = look(rows, pool, now, moment.policy)
    row = rows.find(PoolRow, pool) or blank(PoolRow)
    held = all_held(standing.waits, moment.policy, now)
    next_at = min((each for each in (standing.next_at, *held.values()) if each is not None), default=None)
    rest = _rests(standing, next_at, now)
    if row.trigger == ADOPTED and row.policy == moment.policy.version:
        rows.put(changed(row, **rest), pool)
        return []
    rest["policy"] = moment.policy.version
    said = cover.end_needless(rows, moment, pool, standing.covered, standing.mentors)
    pinned = pins.honour(rows, moment, pool, standing.pins)
    said += pinned.said
    free = {id: each for id, each in standing.waits.items() if id not in standing.pins and id not in held}
    market = _market(pool, free, dict(rows.scan(MentorRow, pool)) if said else standing.mentors, moment)
    placed = _place(rows, moment, pool, market, row.trigger != MORE)
    waits = {
        id: each
        for id, each in standing.waits.items()
        if id in free or id in pinned.refused or (id in held and id not in standing.pins)
    }
    graph = could_pair([offer.wished for offer in market.offers], len(market.mentors))
    known: dict[str, Binding] = {**dict.fromkeys(held, "holdout"), **pinned.refused}
    told = tell_waiting(rows, moment, pool, waits, market, graph, placed.left, known)
    looks = row.covers_due or row.trigger in (BACK, ADOPTED)  # who is back has hours, for others too
    covers = cover.offer(rows, moment, pool) if looks else cover.NO_COVERS
    said += [*placed.said, *told.said, *covers.said]
    rest["covers_due"] = covers.more
    if placed.more or told.more or pinned.later or covers.more:
        rest |= {"wake_at": now + TICK, "trigger": MORE}
    if placed.waited or pinned.waited or placed.moved:
        review.plan(rows, moment, pool)
    recent = report.with_placed(row.recent, now, [*placed.waited, *pinned.waited])
    quiet = not said and not standing.waits
    told_now = None
    if not quiet or row.told is not None:
        done = report.Done(
            trigger=row.trigger, placed=len(placed.waited) + len(pinned.waited), moved=placed.moved, pinned=pinned.made,
            covered=covers.made, uncovered=covers.none,
            bindings=told.bindings, outcome=placed.outcome, scarce=placed.scarce, rivals=placed.rivals, recent=recent,
            fairness=fairness(rows, moment, pool), arms=tally(standing.waits, moment.policy),
        )  # fmt: skip
        burden = burden_of(pool, dict(rows.scan(MentorRow, pool)), moment.policy)
        told_now = report.reported(moment, pool, standing.waits, burden, market, graph, done)
    mark = row.told if told_now is None else report.mark(told_now)
    rows.put(changed(row, **rest, recent=recent, told=mark), pool)
    return [] if told_now is None or (quiet and mark == row.told) else [*said, told_now]


def _rests(standing: Standing, next_at: datetime | None, now: datetime) -> dict[str, Any]:
    """When a pool in which nothing happens is woken next, and for what."""
    look_at = now + LOOK
    learners = bool(standing.waits) or any(row.charges for row in standing.mentors.values())
    if learners and (next_at is None or look_at < next_at):
        return {"wake_at": look_at, "round_at": now, "trigger": ADOPTED}
    return {"wake_at": next_at, "round_at": now, "trigger": BACK}


class _Placed:
    """What came of those who waited."""

    def __init__(self, scarce: tuple[tuple[str, int], ...], rivals: Rivals, outcome: Outcome) -> None:
        self.scarce, self.rivals, self.outcome = scarce, rivals, outcome
        self.said: list[Fact] = []
        self.waited: list[int] = []  # minutes, of each who was placed
        self.left: list[int] = []  # of the market, without a seat
        self.moved = 0
        self.more = False


def _place(rows: Rows, moment: Moment, pool: str, market: Market, moving: bool) -> _Placed:
    policy, now = moment.policy.pool, moment.now
    waits = [waiting(learner, now, policy) for learner in market.learners]
    outcome = market.solve(waits)
    plan = Plan(market, outcome.chosen, [], 0)
    if moving and waits:
        plan = consider(rows, moment, pool, market, waits, outcome)
    scarce = report.scarce(market, waits, outcome)
    rivals = report.competing(market, outcome.chosen)
    placed = _Placed(scarce, rivals, outcome._replace(objective=outcome.objective - plan.gain))
    placed.left = [at for at, mentor in enumerate(plan.chosen[: len(waits)]) if mentor is None]
    placed.said, placed.moved = _move(rows, moment, pool, plan), len(plan.moves)
    reasons = Reasons(plan.market, plan.chosen)
    filled = Counter(mentor for mentor in plan.chosen[len(waits) :] if mentor is not None)
    for at, mentor in enumerate(plan.chosen[: len(waits)]):
        if mentor is None:
            continue
        learner, name = market.learners[at], market.mentors[mentor].id
        if len(placed.waited) == policy.round_limit or not fits(rows, moment, pool, learner, name):
            placed.more = True
            if (now - learner.since).days >= policy.starve_days:
                break
            continue
        price = outcome.prices[mentor] if outcome.prices else None
        chosen = reasons.choice(at, filled[mentor], price)
        placed.said += place(rows, moment, pool, learner, name, chosen)
        placed.waited.append((rows.find(LearnerRow, pool, learner.id) or blank(LearnerRow)).waited)
        filled[mentor] += 1
    placed.more |= not plan.moves and _room_left(market, waits, plan.chosen[: len(waits)], placed.left)
    return placed


def _room_left(market: Market, waits: list[int], chosen: list[int | None], left: list[int]) -> bool:
    """Could somebody without a seat be placed by the exact minutes?  Seats of one size leave odd minutes over."""
    minutes, places = market.seats.minutes.copy(), market.seats.places.copy()
    for learner, mentor in zip(market.learners, chosen, strict=True):
        if mentor is not None:
            minutes[mentor] -= learner.effort
            places[mentor] -= 1
    dearest = market.policy.weights.load
    some = np.flatnonzero((places > 0) & (minutes > 0))  # of a pool where many wait few have anything left
    left = left if len(some) else []
    for at in left:
        offer = market.offers[at]
        room = offer.open[some] & (minutes[some] >= market.learners[at].effort)
        if bool((room & (offer.cost[some] + dearest < waits[at])).any()):
            return True
    return False


def _move(rows: Rows, moment: Moment, pool: str, plan: Plan) -> list[Fact]:
    reasons = Reasons(plan.market, plan.chosen)
    price, round = moment.policy.pool.weights.move, caused_by(moment.cause.id, "round")
    moves = [
        Transfer(
            plan.market.learners[move.learner], plan.market.mentors[move.mentor].id,
            reasons.choice(move.learner, 0), move.gain, price,
        )
        for move in plan.moves
    ]  # fmt: skip
    return transfer(rows, moment, pool, moves, round)


def _market(pool: str, waits: dict[str, LearnerRow], mentors: dict[str, MentorRow], moment: Moment) -> Market:
    """Those who may be matched, and the mentors who are here."""
    policy, now = moment.policy, moment.now
    return open_market(
        views_of(pool, {id: row for id, row in waits.items() if row.consents(policy)}, policy, now),
        table_of(pool, takers(mentors, now), policy, now),
        policy.pool,
    )
