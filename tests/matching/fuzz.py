"""`python -m tests.matching.fuzz --count N`: both engines on random pools and through random events.

The events change a plain model here, and OR-Tools solves that model anew after every one.  One JSON line
tells how many pools and events there were; the first disagreement ends it with the seed that shows it.
"""

import argparse
import json
import sys
from random import Random

from matching.kernel.assignment import Assignment
from matching.kernel.instance import Instance
from matching.kernel.kept import KeptAssignment
from matching.prices import least_prices
from matching.solver import flow
from tests.matching.checker import wrong_with

EVENTS = 9  # a pool


class Model:
    """A pool as plain lists; `offers` is None for who is not here."""

    def __init__(self, chance):
        self.chance = chance
        mentors = chance.choice([0, 1, 1, 2, 3, 5, 8, 12])
        learners = chance.choice([0, 1, 2, 3, 5, 8, 13, 40])
        self.dear = chance.choice([0, 1, 3, 30, 1000, 2**31 - 1])
        self.below = self.dear * chance.choice([0, 0, 0, 1])
        self.wait = chance.choice([0, 1, 2, 10, 30]) * max(1, self.dear)
        self.most = chance.choice([0, 1, 2, 4, 9])
        self.step = chance.choice([0, 1, 2, 10, max(1, self.dear // 3), 1 << 35])
        self.density = chance.choice([0.1, 0.4, 0.8, 1.0])
        self.seats = [
            sorted(self.seat() for _ in range(chance.randint(0, self.most))) for _ in range(mentors)
        ]
        self.offers = [self.row() for _ in range(learners)]
        self.waits = [self.patience() for _ in range(learners)]
        self.equal = mentors > 1 and chance.random() < 0.15
        if self.equal:  # many ties: every learner, and every mentor, the same
            self.seats = [list(self.seats[0]) for _ in self.seats]
            self.offers = [dict.fromkeys(range(mentors), self.dear // 2) for _ in self.offers]

    def cost(self):
        return self.chance.randint(-self.below, self.dear)

    def seat(self):
        return self.chance.randint(-self.step if self.below else 0, self.step)

    def patience(self):
        return self.chance.choice([self.wait, self.chance.randint(-self.below, self.wait)])

    def row(self):
        wanted = range(len(self.seats)) if self.chance.random() < 0.9 else range(min(1, len(self.seats)))
        return {mentor: self.cost() for mentor in wanted if self.chance.random() < self.density}

    def instance(self):
        rows = [row or {} for row in self.offers]
        ends, seat_ends = [0], [0]
        for row in rows:
            ends.append(ends[-1] + len(row))
        for row in self.seats:
            seat_ends.append(seat_ends[-1] + len(row))
        return Instance.checked(
            ends,
            [mentor for row in rows for mentor in row],
            [cost for row in rows for cost in row.values()],
            [0 if row is None else wait for row, wait in zip(self.offers, self.waits, strict=True)],
            seat_ends,
            [cost for row in self.seats for cost in row],
        )

    def event(self, kept):
        """Does one thing to both, the model and the kept assignment; its name, or None if there was nothing to do."""
        chance = self.chance
        here = [learner for learner, row in enumerate(self.offers) if row is not None]
        mentors = len(self.seats)
        what = chance.choice(
            [
                "arrive",
                "arrive",
                "leave",
                "wait",
                "cost",
                "cost",
                "add edge",
                "remove edge",
                "add seat",
                "remove seat",
                "mentor",
            ]
        )
        learner = chance.choice(here) if here else None
        row = self.offers[learner] if here else {}
        if what == "arrive":
            row, wait = self.row(), self.patience()
            learner, done = kept.arrive([*row], [*row.values()], wait)
            if learner == len(self.offers):
                self.offers.append(None)
                self.waits.append(0)
            assert self.offers[learner] is None
            self.offers[learner], self.waits[learner] = row, wait
        elif what == "leave" and here:
            done = kept.leave(learner)
            self.offers[learner] = None
        elif what == "wait" and here:
            self.waits[learner] = self.patience()
            done = kept.change_wait(learner, self.waits[learner])
        elif what == "cost" and row:
            mentor = chance.choice([*row])
            row[mentor] = self.cost()
            done = kept.change_cost(learner, mentor, row[mentor])
        elif what == "add edge" and here and len(row) < mentors:
            mentor = chance.choice([each for each in range(mentors) if each not in row])
            row[mentor] = self.cost()
            done = kept.add_edge(learner, mentor, row[mentor])
        elif what == "remove edge" and row:
            mentor = chance.choice([*row])
            del row[mentor]
            done = kept.remove_edge(learner, mentor)
        elif what == "add seat" and mentors:
            mentor, cost = chance.randrange(mentors), self.seat()
            self.seats[mentor] = sorted([*self.seats[mentor], cost])
            done = kept.add_seat(mentor, cost)
        elif what == "remove seat" and any(self.seats):
            mentor = chance.choice([each for each in range(mentors) if self.seats[each]])
            cost = chance.choice(self.seats[mentor])
            self.seats[mentor].remove(cost)
            done = kept.remove_seat(mentor, cost)
        elif what == "mentor":
            assert kept.add_mentor() == mentors
            self.seats.append([])
            return what
        else:
            return None
        assert not done.faults, done.faults
        return what


def compare(model, kept):
    instance = model.instance()
    chosen, least, optimal = flow(instance)
    assert optimal
    assert kept.objective == least, (kept.objective, least)
    assert not wrong_with(instance, kept.chosen.tolist(), least)
    assert not kept.faults(), kept.faults()
    assert kept.least_prices().tolist() == least_prices(instance, chosen).tolist()


def pool(seed):
    """How many events; raises AssertionError where the engines differ."""
    model = Model(Random(seed))
    kept = KeptAssignment(model.instance())
    assert not kept.solve(), kept.faults()
    compare(model, kept)
    done = 0
    for _ in range(EVENTS):
        before = kept.chosen
        if model.event(kept):
            done += 1
            compare(model, kept)
            if done == EVENTS // 2:
                again = Assignment(model.instance())
                prices = [*kept.prices.tolist()]
                again.resume([*before.tolist(), *[-1] * len(model.offers)][: len(model.offers)], prices)
                compare(model, again)
    assert not kept.solve()
    compare(model, kept)
    assert not kept.resolved
    return done


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="pools and events, together")
    parser.add_argument("--seed", type=int, default=0, help="of the first pool")
    args = parser.parse_args()
    pools, changes = 0, 0
    while pools + changes < args.count:
        try:
            changes += pool(args.seed + pools)
        except (AssertionError, ValueError) as failure:
            print(json.dumps({"fuzz": "engines differ", "seed": args.seed + pools, "why": repr(failure)}))
            raise
        pools += 1
    print(json.dumps({"fuzz": "engines agree", "pools": pools, "events": changes, "first_seed": args.seed}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
