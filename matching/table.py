"""What of a pool's mentors does every rule and every term look at, in columns?

One learner is held against all mentors at once.  Every figure is the one of `matching.rules` and
`matching.affinity`, which say it pair by pair and are the reference (`tests/matching/test_table.py`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.affinity import ENOUGH, FAR, tops
from matching.columns import Flags, Numbers
from matching.rows import MentorRow
from matching.views import FULL, SLOTS, Learner, Mentor, mentor_view
from schemas.policy import Policy
from schemas.pool_policy import PoolPolicy
from schemas.terms import Binding

WORDS = -(-SLOTS // 64)
NOT_SPOKEN = 99  # stands for a rank no list is long enough for


class Seen(NamedTuple):
    """One learner before all mentors: points without load, what of them was told, and who breaks which rule."""

    cost: Numbers
    known: Numbers
    broken: dict[Binding, Flags]


class Table:
    """The mentors of a pool; `put` replaces one."""

    def __init__(self, mentors: Sequence[Mentor]) -> None:
        self.size = count = len(mentors)
        self.mentors = list(mentors)
        self.place = {mentor.id: at for at, mentor in enumerate(mentors)}
        self.free = np.zeros((count, WORDS), dtype=np.uint64)
        self.later = np.zeros((count, WORDS), dtype=np.uint64)
        self.say, self.helped, self.minutes, self.places = (np.zeros(count, dtype=np.int64) for _ in range(4))
        self.levels = _Columns(count, 0)
        self.guides = _Columns(count, 0)
        self.courses = _Columns(count, 0)
        self.ranks = _Columns(count, NOT_SPOKEN)
        self.names: dict[str, set[int]] = defaultdict(set)
        self.avoids: dict[str, set[int]] = defaultdict(set)
        for at, mentor in enumerate(mentors):
            self._fill(at, mentor)

    def put(self, at: int, mentor: Mentor) -> None:
        old = self.mentors[at]
        for column in (self.levels, self.guides, self.courses, self.ranks):
            column.clear(at)
        for name in old.names:
            self.names[name].discard(at)
        for learner in old.avoids:
            self.avoids[learner].discard(at)
        self.mentors[at] = mentor
        self._fill(at, mentor)

    def _fill(self, at: int, mentor: Mentor) -> None:
        self.free[at], self.later[at] = _words(mentor.free), _words(mentor.free_later)
        self.say[at], self.helped[at] = mentor.say, mentor.helped
        self.minutes[at], self.places[at] = mentor.minutes, mentor.places
        for skill, level in mentor.levels.items():
            self.levels.of(skill)[at] = level
        for goal in mentor.guides:
            self.guides.of(goal)[at] = 1
        for course in mentor.courses:
            self.courses.of(course)[at] = 1
        for rank, language in reversed(list(enumerate(mentor.languages))):
            self.ranks.of(language)[at] = rank
        for name in mentor.names:
            self.names[name].add(at)
        for learner in mentor.avoids:
            self.avoids[learner].add(at)

    def see(self, learner: Learner, policy: PoolPolicy) -> Seen:
        """As `affinity.terms`, `affinity.known` and `rules.RULES` say it of each pair."""
        by = policy.weights
        ranks = self.ranks_of(learner)
        shared = self._shared(learner)
        none = np.zeros(self.size, dtype=np.int64)
        told: tuple[Numbers, ...] = (
            self._skills(learner, by.skills),
            self._goals(learner, by.goals),
            self._hours(learner, shared, policy),
            by.language * np.minimum(ranks, FAR) // FAR,
            by.experience * (ENOUGH - np.minimum(self.helped, ENOUGH)) // ENOUGH if learner.in_need else none,
            self._preferred(learner, by.preferred) if learner.prefers else none,
            self._past(learner, by.past) if learner.past else none,
        )
        untold = (not learner.wants, not learner.goals, not learner.free, False, False, False, False)
        say = np.minimum(self.say, learner.say)
        cost = none.copy()
        for points, top, hidden in zip(told, tops(learner, policy), untold, strict=True):
            cost += top if hidden else top - say * (top - points) // FULL
        return Seen(cost, np.sum(told, axis=0), self._broken(learner, policy, ranks, shared))

    def _broken(
        self, learner: Learner, policy: PoolPolicy, ranks: Numbers, shared: Numbers
    ) -> dict[Binding, Flags]:
        blocked = np.zeros(self.size, dtype=np.bool_)
        for at in self._blocked(learner):
            blocked[at] = True
        none = np.zeros(self.size, dtype=np.bool_)
        hours = bool(learner.free) and self.free.any(axis=1)
        return {
            "blocked": blocked,
            "no_capacity": (self.places < 1) | (self.minutes < learner.effort),
            "no_shared_language": ranks >= NOT_SPOKEN,
            "no_eligible_mentor": self.shares_none(self.courses, learner.courses)
            if policy.must_share_course
            else none,
            "no_skill": self.shares_none(self.levels, learner.skills)
            if policy.must_share_skill and learner.skills
            else none,
            "no_shared_hours": hours & (shared < policy.least_shared_hours * 4),
        }

    def _blocked(self, learner: Learner) -> set[int]:
        found = {self.place[mentor] for mentor in learner.avoids if mentor in self.place}
        found |= self.avoids.get(learner.id, set())
        return found.union(*(self.names.get(name, set()) for name in learner.conflicts))

    def shares_none(self, columns: "_Columns", wanted: frozenset[str]) -> Flags:
        """Who named some, and none that is wanted."""
        some = np.zeros(self.size, dtype=np.bool_)
        for column in columns.kept.values():
            some |= column > 0
        for name in wanted:
            some &= columns.get(name) == 0
        return some

    def ranks_of(self, learner: Learner) -> Numbers:
        best = np.full(self.size, NOT_SPOKEN, dtype=np.int64)
        for rank, language in enumerate(learner.languages):
            column = self.ranks.get(language)
            np.minimum(best, np.where(column < NOT_SPOKEN, column + rank, NOT_SPOKEN), out=best)
        return best

    def _shared(self, learner: Learner) -> Numbers:
        now = np.bitwise_count(self.free & _words(learner.free)).sum(axis=1, dtype=np.int64)
        later = np.bitwise_count(self.later & _words(learner.free_later)).sum(axis=1, dtype=np.int64)
        fewer: Numbers = np.minimum(now, later)
        return fewer

    def _skills(self, learner: Learner, weight: int) -> Numbers:
        total = sum(level for _, level in learner.wants)
        if not total:
            return np.zeros(self.size, dtype=np.int64)
        short = np.zeros(self.size, dtype=np.int64)
        for skill, level in learner.wants:
            short += np.maximum(0, level - self.levels.get(skill))
        points: Numbers = weight * short // total
        return points

    def _goals(self, learner: Learner, weight: int) -> Numbers:
        count = len(learner.goals)
        if not count:
            return np.zeros(self.size, dtype=np.int64)
        missed = np.zeros(self.size, dtype=np.int64)
        for rank, goal in enumerate(learner.goals):
            missed += (count - rank) * (1 - self.guides.get(goal))
        return weight * missed * 2 // (count * (count + 1))

    def _hours(self, learner: Learner, shared: Numbers, policy: PoolPolicy) -> Numbers:
        if not learner.free:
            return np.zeros(self.size, dtype=np.int64)
        weight, good = policy.weights.availability, policy.good_shared_hours * 4
        span = good - policy.least_shared_hours * 4
        points = weight * np.clip(good - shared, 0, span) // span if span > 0 else np.zeros_like(shared)
        return np.where(self.free.any(axis=1), points, weight)

    def _preferred(self, learner: Learner, weight: int) -> Numbers:
        points = np.full(self.size, weight, dtype=np.int64)
        for rank, name in reversed(list(enumerate(learner.prefers))):
            if name in self.place:
                points[self.place[name]] = weight * rank // len(learner.prefers)
        return points

    def _past(self, learner: Learner, weight: int) -> Numbers:
        earlier = np.zeros(self.size, dtype=np.bool_)
        for name in learner.past:
            if name in self.place:
                earlier[self.place[name]] = True
        points: Numbers = (earlier != learner.again) * np.int64(weight)
        return points


class _Columns:
    """A column of whole numbers a name, made when first asked for."""

    def __init__(self, count: int, empty: int) -> None:
        self.kept: dict[str, Numbers] = {}
        self.none: Numbers = np.full(count, empty, dtype=np.int64)
        self.empty = empty

    def get(self, name: str) -> Numbers:
        return self.kept.get(name, self.none)

    def of(self, name: str) -> Numbers:
        if name not in self.kept:
            self.kept[name] = self.none.copy()
        return self.kept[name]

    def clear(self, at: int) -> None:
        for column in self.kept.values():
            column[at] = self.empty


def _words(bits: int) -> NDArray[np.uint64]:
    return np.frombuffer(bits.to_bytes(WORDS * 8, "little"), dtype="<u8")


class _Kept(NamedTuple):
    policy: Policy
    hour: datetime
    rows: list[MentorRow]
    table: Table


_tables: dict[str, _Kept] = {}
POOLS = 16  # tables kept at once


def table_of(pool: str, mentors: Mapping[str, MentorRow], policy: Policy, now: datetime) -> Table:
    """The table of these rows.  That of the round before is taken up again where nearly all rows are the same.

    Clocks change at full hours, so within one a view says the same.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    rows, kept = list(mentors.values()), _tables.pop(pool, None)
    if (
        kept is None
        or kept.policy is not policy
        or kept.hour != hour
        or kept.table.place.keys() != mentors.keys()
    ):
        table = Table([mentor_view(id, row, policy, now) for id, row in mentors.items()])
    else:
        table = kept.table
        for at, (id, row, before) in enumerate(zip(mentors, rows, kept.rows, strict=True)):
            if row is not before:
                table.put(at, mentor_view(id, row, policy, now))
    while len(_tables) >= POOLS:
        del _tables[next(iter(_tables))]
    _tables[pool] = _Kept(policy, hour, rows, table)
    return table
