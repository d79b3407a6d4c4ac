"""How does an assignment stay the cheapest as learners and mentors come, change and go?

Mended at each event, and proven each time; solved anew where the proof fails.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from matching.kernel import events
from matching.kernel.assignment import Assignment
from matching.kernel.certificate import Fault, faults_nearby
from matching.kernel.edit import DONE, FULL, MISSING
from matching.kernel.instance import DEAREST, MOST, Instance, Int32, Int64, row_places
from matching.kernel.scratch import LEARNERS
from matching.kernel.state import LOW, roomier

COST = np.iinfo(np.int32)


class Repair(NamedTuple):
    """What events led to.  With faults the pool was solved anew, and `moved` is everybody."""

    moved: Int32  # learners whose place may have changed, in their order
    faults: list[Fault]  # of the certificate after the events
    unproven: list[Fault] = []  # of the certificate after solving anew; see `solver.fall_back`


class KeptAssignment(Assignment):
    """Who comes later gets the next number, or that of one who left.

    `resolved` counts how often the certificate failed after events.
    """

    def __init__(self, instance: Instance) -> None:
        super().__init__(instance)
        self.resolved = 0
        self._changed = False  # is the pool another than the one laid out?
        self._left: dict[int, None] = {}

    def solve(self, lanes: int = 1, each: Callable[..., Iterable[Any]] = map) -> list[Fault]:
        if self._changed:
            self._lay_out(self.instance())
            self._changed = False
            self.state.here[self.learner_place[list(self._left)]] = False
        return super().solve(lanes, each)

    def instance(self) -> Instance:
        """As it is by now; who left has no arcs and waits for nothing."""
        if not self._changed:
            return self._given
        s, learners, mentors = (
            self.state,
            self.learner_place[: self._learners],
            self.mentor_place[: self._mentors],
        )
        arcs = s.arcs[row_places(s.arc_first[learners], s.arc_count[learners])]
        seats = row_places(s.seat_first[mentors], s.seat_count[mentors])
        return Instance(
            np.append(0, s.arc_count[learners].cumsum()).astype(np.int32),
            self.mentor_at[arcs & LOW],
            (arcs >> 32).astype(np.int32),
            np.where(s.here[learners], s.waits[learners], 0),
            np.append(0, s.seat_count[mentors].cumsum()).astype(np.int32),
            s.seat_costs[seats],
        )

    def arrive(self, mentors: Sequence[int], costs: Sequence[int], wait: int) -> tuple[int, Repair]:
        """The learner's number, and what came of it."""
        if len(set(mentors)) != len(mentors):
            raise ValueError("mentors: one of them twice")
        learner = next(reversed(self._left), self._learners)
        rows = [(events.ADD_EDGE, learner, *arc) for arc in zip(mentors, costs, strict=True)]
        if not self._left:
            if self._learners == MOST:
                raise ValueError(f"learners: more than {MOST}")
            if self._learners == len(self.state.waits):
                self.make_room()
            self._learners += 1
            self._left[learner] = None
        return learner, self.change_many([*rows, (events.ARRIVE, learner, 0, wait)])

    def leave(self, learner: int) -> Repair:
        return self.change_many([(events.LEAVE, learner, 0, 0)])

    def change_wait(self, learner: int, wait: int) -> Repair:
        return self.change_many([(events.CHANGE_WAIT, learner, 0, wait)])

    def change_cost(self, learner: int, mentor: int, cost: int) -> Repair:
        return self.change_many([(events.CHANGE_COST, learner, mentor, cost)])

    def add_edge(self, learner: int, mentor: int, cost: int) -> Repair:
        return self.change_many([(events.ADD_EDGE, learner, mentor, cost)])

    def remove_edge(self, learner: int, mentor: int) -> Repair:
        return self.change_many([(events.REMOVE_EDGE, learner, mentor, 0)])

    def add_seat(self, mentor: int, cost: int) -> Repair:
        return self.change_many([(events.ADD_SEAT, 0, mentor, cost)])

    def remove_seat(self, mentor: int, cost: int) -> Repair:
        """The mentor's seat of that cost; who is one too many then is moved or waits."""
        return self.change_many([(events.REMOVE_SEAT, 0, mentor, cost)])

    def add_mentor(self) -> int:
        """A mentor without seats or arcs yet."""
        if self._mentors == MOST:
            raise ValueError(f"mentors: more than {MOST}")
        if self._mentors == len(self.state.prices):
            self.make_room()
        self._changed = True
        self._mentors += 1
        return self._mentors - 1

    def change_many(self, rows: ArrayLike) -> Repair:
        """Events in their order, each a row (kind, learner, mentor, value) of numbers as in `events`.

        Raises ValueError, naming the row, for what cannot be; the rows before it have happened.
        """
        todo = np.array(rows, dtype=np.int64).reshape(-1, 4)
        self._check(todo)
        todo[:, 1], todo[:, 2] = self.learner_place[todo[:, 1]], self.mentor_place[todo[:, 2]]
        self._changed = True
        at, moved, found = 0, list[Int32](), list[Fault]()
        while at < len(todo):
            done, went = events.change(self.state, self.scratch, todo[at:])
            self._count(todo[at : at + done])
            at += done
            found += faults_nearby(self.state, self.scratch)
            moved.append(self.learner_at[self.scratch.learners[: self.scratch.counts[LEARNERS]]])
            if went == FULL:
                self.make_room()
            elif went != DONE:
                kind, learner, mentor, value = np.array(rows, dtype=np.int64).reshape(-1, 4)[at].tolist()
                why = "there is no such" if went == MISSING else "there is one already"
                raise ValueError(f"row {at}: {why}: {kind, learner, mentor, value}")
        if found:
            self.resolved += 1
            return Repair(np.arange(self._learners, dtype=np.int32), found, self.solve())
        return Repair(np.unique(np.concatenate(moved)) if moved else np.empty(0, np.int32), [])

    def _count(self, done: Int64) -> None:
        """Keeps count of who is not here."""
        for kind, place in done[done[:, 0] <= events.LEAVE, :2].tolist():
            learner = int(self.learner_at[place])
            if kind == events.LEAVE:
                self._left[learner] = None
            else:
                del self._left[learner]

    def _check(self, rows: Int64) -> None:
        kind, learner, mentor, value = rows.T
        of_seat, of_arc = kind >= events.ADD_SEAT, (kind >= events.CHANGE_COST) & (kind <= events.REMOVE_EDGE)
        wrong = (kind < 0) | (kind > events.REMOVE_SEAT)
        wrong |= ~of_seat & ((learner < 0) | (learner >= self._learners))
        wrong |= (of_seat | of_arc) & ((mentor < 0) | (mentor >= self._mentors))
        wrong |= of_arc & ((value < COST.min) | (value > COST.max)) | (abs(value) > DEAREST)
        if wrong.any():
            row = int(wrong.argmax())
            raise ValueError(
                f"row {row}: no such kind, learner, mentor or value: {tuple(rows[row].tolist())}"
            )

    def make_room(self) -> None:
        """Half as much room again for all that may come; happens by itself where it is needed."""
        self.state = roomier(self.state)
        self._number()
