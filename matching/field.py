"""How do a pool's mentors lie in columns, and what are learners before them?"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.affinity import ENOUGH, FAR, tops
from matching.columns import Flags, Numbers, numbers
from matching.features import BARRED, RUN, Kind, Learners, Limits, Mentors, Small
from matching.table import NOT_SPOKEN, Table
from matching.views import Learner
from matching.weeks import Words, words
from schemas.pool_policy import PoolPolicy
from schemas.terms import Binding


class Field:
    """The mentors of a table in columns, and what learners are before them."""

    def __init__(self, table: Table, policy: PoolPolicy, first: Numbers) -> None:
        """`first` is the load of each mentor's first free seat."""
        by = policy.weights
        self.table, self.policy = table, policy
        self.order = np.argsort(-table.say, kind="stable")
        self.places = -(-table.size // RUN) * RUN
        self.place = np.empty(table.size, dtype=np.int64)
        self.place[self.order] = np.arange(table.size)
        self.skills = {name: at for at, name in enumerate(table.levels.kept)}
        self.goals = {name: at for at, name in enumerate(table.guides.kept)}
        self.limits = Limits(by.skills, by.goals, _hours(policy), 1, policy.floor, policy.must_share_skill)
        free, later = self.laid(table.free), self.laid(table.later)
        short = ENOUGH - np.minimum(table.helped, ENOUGH)
        skilled = np.zeros(table.size, dtype=np.bool_)
        for levels in table.levels.kept.values():
            skilled |= levels > 0
        number = np.full(self.places, -1, dtype=np.int64)
        number[: table.size] = self.order
        self.mentors = Mentors(
            number, self._stacked(table.levels.kept.values()), self._stacked(table.guides.kept.values()),
            self.laid(by.experience - by.experience * short // ENOUGH).astype(np.int16), self._most(free, later),
            np.asarray(free.any(axis=1)), self.laid(skilled), np.hstack([free, later]), self.laid(table.say), self.laid(first),
        )  # fmt: skip

    def laid(self, column: NDArray[Any]) -> NDArray[Any]:
        """From the table's order into that of places."""
        by_place = np.zeros((self.places, *column.shape[1:]), dtype=column.dtype)
        by_place[: len(column)] = column[self.order]
        return by_place

    def _stacked(self, columns: Iterable[Numbers]) -> Small:
        by_place = [self.laid(column).astype(np.int16) for column in columns]
        return np.stack(by_place) if by_place else np.zeros((0, self.places), dtype=np.int16)

    def _most(self, free: Words, later: Words) -> Small:
        """Points gained by hours as if the learner were free at all times."""
        shared = np.minimum(*(np.bitwise_count(each).sum(axis=1, dtype=np.int64) for each in (free, later)))
        gain = self.limits.hours[np.minimum(shared, len(self.limits.hours) - 1)]
        return np.where(free.any(axis=1), np.maximum(0, gain), 0).astype(np.int16)

    def alike(self, learners: Sequence[Learner]) -> Iterator[Numbers]:
        """Each learner is in one: whom the rules that look at one side at a time bar from the same mentors."""
        found: dict[tuple[object, ...], list[int]] = {}
        of_course = self.policy.must_share_course
        for at, each in enumerate(learners):
            courses = each.courses if of_course else None
            kind = each.languages, each.effort, each.in_need, not each.free, each.conflicts, courses
            found.setdefault(kind, []).append(at)
        yield from map(numbers, found.values())

    def kinds(self, learners: Sequence[Learner]) -> Iterator[Kind]:
        for rows in self.alike(learners):
            one = learners[rows[0]]
            yield Kind(rows, one.effort, one.in_need, self._gain(one))

    def _gain(self, learner: Learner) -> Small:
        barred = np.zeros(self.table.size, dtype=np.bool_)
        for flags in self.broken(learner).values():
            barred |= flags
        return np.where(self.laid(~barred), self.gain(learner), np.int16(BARRED))

    def broken(self, learner: Learner) -> dict[Binding, Flags]:
        """Who breaks which of the rules that look at one side at a time, or at languages; in the table's order."""
        table = self.table
        conflicts = np.zeros(table.size, dtype=np.bool_)
        for name in learner.conflicts:
            conflicts[list(table.names.get(name, ()))] = True
        found: dict[Binding, Flags] = {
            "blocked": conflicts,
            "no_capacity": (table.places < 1) | (table.minutes < learner.effort),
            "no_shared_language": table.ranks_of(learner) >= NOT_SPOKEN,
        }
        if self.policy.must_share_course:
            found["no_eligible_mentor"] = table.shares_none(table.courses, learner.courses)
        return found

    def gain(self, learner: Learner) -> Small:
        """By place, whoever is barred: points gained by language, experience and, at the most, hours."""
        weight = self.policy.weights.language
        ranks = np.minimum(self.table.ranks_of(learner), FAR)
        gain = self.laid(weight - weight * ranks // FAR).astype(np.int16)
        if learner.in_need:
            gain += self.mentors.experience
        if learner.free:
            gain += self.mentors.hours
        return gain

    def learners(self, learners: Sequence[Learner], own: Sequence[int | None]) -> Learners:
        """`own` is whom each has already: for them nothing is found that they have."""
        past = self.policy.weights.past
        worst = [tops(each, self.policy) for each in learners]
        wants, goals = [each.wants for each in learners], [each.goals for each in learners]
        named = [self._named(each, mine) for each, mine in zip(learners, own, strict=True)]
        return Learners(
            _begin(wants), numbers(self.skills.get(name, -1) for each in wants for name, _ in each),
            numbers(level for each in wants for _, level in each).astype(np.int16),
            numbers(sum(level for _, level in each) for each in wants),
            _begin(goals), numbers(self.goals.get(name, -1) for each in goals for name in each),
            numbers(len(each) - rank for each in goals for rank in range(len(each))).astype(np.int16),
            numbers(len(each) * (len(each) + 1) // 2 for each in goals),
            np.hstack([words(each.free for each in learners), words(each.free_later for each in learners)]),
            np.asarray([each.free != 0 for each in learners], dtype=np.bool_), numbers(each.say for each in learners),
            numbers(map(sum, worst)), numbers(sum(each[-2:]) for each in worst),
            numbers(past if each.past and not each.again else 0 for each in learners),
            _begin(named), *(numbers(one[part] for each in named for one in each) for part in range(3)),
        )  # fmt: skip

    def _named(self, learner: Learner, own: int | None) -> list[tuple[int, int, int]]:
        """Place, and points gained by the terms of names; the first is -1 where the mentor is not to be had."""
        place, by = self.table.place, self.policy.weights
        barred = {place[name] for name in learner.avoids if name in place}
        barred |= self.table.avoids.get(learner.id, set())
        if own is not None:
            barred.add(own)
        found = []
        for at in sorted(
            barred.union(place[name] for name in (*learner.prefers, *learner.past) if name in place)
        ):
            id, favour, again = self.table.mentors[at].id, 0, 0
            if id in learner.prefers:
                favour = by.preferred - by.preferred * learner.prefers.index(id) // len(learner.prefers)
            if learner.past and (id in learner.past) == learner.again:
                again = by.past
            found.append((int(self.place[at]), -1 if at in barred else favour, again))
        return found


def _hours(policy: PoolPolicy) -> Numbers:
    weight, least, good = (
        policy.weights.availability,
        policy.least_shared_hours * 4,
        policy.good_shared_hours * 4,
    )
    shared, span = np.arange(max(least, good) + 1), good - least
    cost = weight * np.clip(good - shared, 0, span) // span if span > 0 else np.zeros_like(shared)
    return np.where(shared < least, -1, weight - cost)


def _begin(lists: Sequence[Sequence[object]]) -> Numbers:
    return np.cumsum([0, *map(len, lists)], dtype=np.int64)
