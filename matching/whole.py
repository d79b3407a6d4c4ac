"""What is the best assignment of a whole pool, and who would have to move for it?

Pairs that may move are taken apart and solved anew, together with those who wait; another mentor than the
present one costs the price of a move.  Minutes are exact: learners of unequal efforts are a generalized
assignment, answered with a bound (`matching.efforts`).  It can take minutes, so it runs on a snapshot in
a process of its own; what comes of it is small chains of moves that are true or not when they come back.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from math import gcd
from typing import NamedTuple

import numpy as np

from matching.affinity import load, terms, waiting
from matching.efforts import solve_mixed
from matching.instance import instance
from matching.market import EPOCH, nearest, offer_of
from matching.moves import may_be_placed, may_move
from matching.rows import LearnerRow, MentorRow
from matching.rules import RULES
from matching.seats import Seats
from matching.table import Table
from matching.views import Learner, Mentor, learner_view, mentor_view
from schemas.fact import Moment
from schemas.policy import PoolPolicy
from schemas.rows import Rows

EVERY_PAIR = 4_000_000  # pairs up to which all are offered; beyond, each learner is offered the NEAREST
NEAREST = 32
NEVER = 1 << 30  # points: what ending a pair would cost; nothing pays for it


class Snapshot(NamedTuple):
    """`own` is each learner's present mentor; `mentors` are as if the looked-at pairs were none."""

    learners: list[Learner]  # who waits first, the longest first, then pairs that may move
    waits: list[int]  # points of having no mentor
    own: list[int | None]
    mentors: list[Mentor]


class Optimum(NamedTuple):
    taken: Snapshot
    chosen: list[int | None]
    offers: list[dict[int, tuple[int, int]]]  # for each learner points and units of each mentor, moves priced
    loads: list[list[int]]  # for each mentor what so many units cost
    stays: int  # points as things are: nobody moves, and who waits goes on waiting
    objective: int
    bound: int  # no choice among the pairs offered costs less
    every_pair: bool  # were all eligible pairs offered?
    spent: list[int]  # units of each mentor as things are


def snapshot(rows: Rows, moment: Moment, pool: str) -> Snapshot:
    policy, now = moment.policy, moment.now
    here = [(id, row) for id, row in rows.scan(MentorRow, pool) if row.takes_at(now)]
    place = {id: at for at, (id, _) in enumerate(here)}
    waits: list[Learner] = []
    pairs: list[tuple[Learner, int]] = []
    for id, row in rows.scan(LearnerRow, pool):
        if row.pair is None:
            if may_be_placed(row, id, moment):
                waits.append(learner_view(id, row, policy, now))
        elif row.mentor in place and may_move(row, moment):
            mentor = here[place[row.mentor]][1]
            view = learner_view(id, row, policy, now)
            pairs.append((replace(view, effort=mentor.mentees[id]), place[row.mentor]))
    waits.sort(key=lambda each: (each.since, each.id))
    freed, count = [0] * len(here), [0] * len(here)
    for learner, at in pairs:
        freed[at] += learner.effort
        count[at] += 1
    views = [mentor_view(id, row, policy, now) for id, row in here]
    return Snapshot(
        [*waits, *(learner for learner, _ in pairs)],
        [*(waiting(each, now, policy.pool) for each in waits), *[NEVER] * len(pairs)],
        [*[None] * len(waits), *(at for _, at in pairs)],
        [
            replace(view, used=view.used - less, places=view.places + more)
            for view, less, more in zip(views, freed, count, strict=True)
        ],
    )


def optimise(taken: Snapshot, policy: PoolPolicy) -> Optimum:
    """ValueError where an effort is below 0."""
    unit = max(1, gcd(*(learner.effort for learner in taken.learners)))
    units = [_prices(mentor, policy, unit) for mentor in taken.mentors]
    every_pair = len(taken.learners) * len(taken.mentors) <= EVERY_PAIR
    offers = list(_offers(taken, policy, unit, None if every_pair else NEAREST))
    pool = instance(offers, taken.waits, units, [mentor.places for mentor in taken.mentors])
    answer = solve_mixed(pool)
    loads = [[0, *accumulate(prices)] for prices in units]
    stays, spent = 0, [0] * len(loads)
    for at, mentor in enumerate(taken.own):
        points, needed = (taken.waits[at], 0) if mentor is None else offers[at][mentor]
        stays += points
        if mentor is not None:
            spent[mentor] += needed
    stays += sum(load_of(load, count) for load, count in zip(loads, spent, strict=True))
    return Optimum(
        taken, answer.chosen, offers, loads, stays, answer.objective, answer.bound, every_pair, spent
    )


def _present(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> int:
    """What the present pair costs; as much as the floor where a rule that came later is against it."""
    lasting = (rule for name, rule in RULES.items() if name != "no_capacity")
    if any(rule(learner, mentor, policy) for rule in lasting):
        return policy.floor
    return sum(cost for _, cost in terms(learner, mentor, policy))


def load_of(load: list[int], units: int) -> int:
    """A mentor beyond the hours they have now costs as much as one who has none left."""
    return load[min(units, len(load) - 1)]


def _prices(mentor: Mentor, policy: PoolPolicy, unit: int) -> list[int]:
    """The load of each free unit: a seat's, by the share of a seat that a unit is."""
    share = min(unit, policy.effort_minutes)
    return [
        load(mentor.used + unit * count, mentor.capacity, policy.weights.load)
        * share
        // policy.effort_minutes
        for count in range(1, mentor.minutes // unit + 1)
    ]


def _offers(
    taken: Snapshot, policy: PoolPolicy, unit: int, most: int | None
) -> Iterator[dict[int, tuple[int, int]]]:
    """For each learner the cost and the units of each mentor; the present one among them whatever the rules say."""
    table = Table(taken.mentors)
    opened = Seats(taken.mentors, policy)
    first = np.where(opened.count > 0, opened.first, 0)
    found: dict[Learner, dict[int, int]] = {}  # only whom each is offered: all pairs would not fit the memory
    for learner, own in zip(taken.learners, taken.own, strict=True):
        alike = replace(learner, id=learner.id if learner.id in table.avoids else "", since=EPOCH)
        if alike not in found:
            offer = offer_of(learner, table, policy, first)
            able = nearest(offer, opened.first, most or table.size)
            found[alike] = dict(zip(able.tolist(), offer.cost[able].tolist(), strict=True))
        price = 0 if own is None else policy.weights.move
        units = learner.effort // unit
        made = {mentor: (cost + price, units) for mentor, cost in found[alike].items()}
        if own is not None:
            made[own] = (_present(learner, taken.mentors[own], policy), units)
        yield made
