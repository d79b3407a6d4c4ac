"""What is the best assignment of a whole pool, and who would have to move for it?

Pairs that may move are taken apart and solved anew, together with those who wait; another mentor than the
present one costs the price of a move.  Minutes are exact: learners of unequal efforts are a generalized
assignment, answered with a bound, which holds over every eligible pair (`matching.everypair`).  It can take a
while, so it runs on a snapshot in a process of its own; what comes of it is small chains of moves that are
true or not when they come back.
"""

from dataclasses import replace
from itertools import accumulate, chain
from math import gcd
from typing import NamedTuple

import numpy as np

from matching.affinity import load, pricing, waiting
from matching.candidates import Search
from matching.columns import numbers
from matching.everypair import Pool, best_over_all
from matching.field import Field
from matching.moves import may_be_placed, may_move
from matching.rows import LearnerRow, MentorRow
from matching.rules import RULES
from matching.seats import Seats
from matching.table import Table
from matching.views import Learner, Mentor, learner_view, mentor_view
from schemas.fact import Moment
from schemas.pool_policy import PoolPolicy
from schemas.rows import Rows

LASTING = [rule for name, rule in RULES.items() if name != "no_capacity"]
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
    costs: list[int]  # points of the chosen pair, a move priced, or of waiting
    present: list[int]  # points of the present pair, or of waiting
    units: list[int]  # of a mentor's time that each learner takes
    loads: list[list[int]]  # for each mentor what so many units cost
    stays: int  # points as things are: nobody moves, and who waits goes on waiting
    objective: int
    bound: int  # no choice of eligible pairs costs less
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
    if any(learner.effort < 0 for learner in taken.learners):
        raise ValueError("an effort is below 0 minutes")
    unit = max(1, gcd(*(learner.effort for learner in taken.learners)))
    units = [learner.effort // unit for learner in taken.learners]
    prices = [unit_prices(mentor, policy, unit) for mentor in taken.mentors]
    present = [
        wait if at is None else present_cost(learner, taken.mentors[at], policy)
        for learner, wait, at in zip(taken.learners, taken.waits, taken.own, strict=True)
    ]
    best = best_over_all(_pool(taken, policy, unit, units, prices, present))
    loads = [[0, *accumulate(each)] for each in prices]
    spent = [0] * len(loads)
    for needed, mentor in zip(units, taken.own, strict=True):
        if mentor is not None:
            spent[mentor] += needed
    stays = sum(present) + sum(load_of(load, count) for load, count in zip(loads, spent, strict=True))
    costs = best.cost.tolist()
    return Optimum(taken, best.chosen, costs, present, units, loads, stays, best.objective, best.bound, spent)


def _pool(
    taken: Snapshot, policy: PoolPolicy, unit: int, units: list[int], prices: list[list[int]], present: list[int]
) -> Pool:  # fmt: skip
    opened = Seats(taken.mentors, policy)
    first = np.where(opened.count > 0, opened.first, 0)
    field = Field(Table(taken.mentors), policy, first)
    return Pool(
        search=Search(field, taken.learners, taken.own),
        units=numbers(units),
        unit=unit,
        own=numbers(-1 if at is None else at for at in taken.own),
        present=numbers(present),
        move=policy.weights.move,
        waits=numbers(taken.waits),
        begin=numbers([0, *accumulate(len(each) for each in prices)]),
        prices=numbers(chain.from_iterable(prices)),
        places=numbers(mentor.places for mentor in taken.mentors),
        first=first,
    )


def present_cost(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> int:
    """What the present pair costs; as much as the floor where a rule that came later is against it."""
    for rule in LASTING:
        if rule(learner, mentor, policy):
            return policy.floor
    return pricing(learner, policy)(mentor)


def load_of(load: list[int], units: int) -> int:
    """A mentor beyond the hours they have now costs as much as one who has none left."""
    return load[min(units, len(load) - 1)]


def unit_prices(mentor: Mentor, policy: PoolPolicy, unit: int) -> list[int]:
    """The load of each free unit: a seat's, by the share of a seat that a unit is."""
    share = min(unit, policy.effort_minutes)
    return [
        load(mentor.used + unit * count, mentor.capacity, policy.weights.load)
        * share
        // policy.effort_minutes
        for count in range(1, mentor.minutes // unit + 1)
    ]
