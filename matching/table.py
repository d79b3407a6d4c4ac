"""What of a pool's mentors does every rule and every term look at, in columns?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np

from matching.columns import Flags, Numbers
from matching.followed import Followed, half_hour
from matching.rows import MentorRow
from matching.views import Learner, Mentor, mentor_view
from matching.weeks import WORDS, words_of
from schemas.policy import Policy

NOT_SPOKEN = 99  # stands for a rank no list is long enough for


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

    @cached_property
    def rank(self) -> Numbers:
        """Of each the place of their id among all."""
        return np.argsort(sorted(range(self.size), key=lambda at: self.mentors[at].id))

    def put(self, at: int, mentor: Mentor) -> None:
        """In the place of the same mentor as they were before."""
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
        self.free[at], self.later[at] = words_of(mentor.free), words_of(mentor.free_later)
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


_tables = Followed[Table]()


def table_of(pool: str, mentors: Mapping[str, MentorRow], policy: Policy, now: datetime) -> Table:
    """The table of these rows."""

    def view(id: str, row: MentorRow) -> Mentor:
        return mentor_view(id, row, policy, now)

    return _tables.take(
        pool,
        mentors,
        (half_hour(now), policy),
        lambda: Table([view(id, row) for id, row in mentors.items()]),
        lambda table, at, id, row: table.put(at, view(id, row)),
    )
