"""What does each seat that a mentor still has cost in load?  Worked out for the mentors somebody asks about."""

from collections.abc import Mapping, Sequence
from operator import attrgetter

import numpy as np

from matching.affinity import seats
from matching.columns import Numbers
from matching.views import Mentor
from schemas.pool_policy import PoolPolicy

NO_SEAT = 1 << 40  # stands for the load of a mentor without a seat: dearer than anything


class Seats:
    """By a mentor's number the cost of each seat, cheapest first; `counts` says otherwise of some how many.

    `count` is how many seats each has, `first` what the first costs; `minutes` a week are free and `places` for
    mentees.
    """

    def __init__(
        self, mentors: Sequence[Mentor], policy: PoolPolicy, counts: Mapping[int, int] | None = None
    ) -> None:
        self.mentors, self.policy = mentors, policy
        used, most, places = (
            np.fromiter(map(attrgetter(name), mentors), dtype=np.int64, count=len(mentors))
            for name in ("used", "capacity", "places")
        )
        self.minutes: Numbers = np.maximum(0, most - used)
        self.places: Numbers = places
        free = self.minutes // policy.effort_minutes
        self.count: Numbers = np.maximum(0, np.minimum(places, np.maximum(1, free)))
        for at, count in (counts or {}).items():
            self.count[at] = count
        next_used = np.minimum(most, used + policy.effort_minutes)
        load = policy.weights.load * next_used * next_used // np.maximum(1, most * most)
        self.first: Numbers = np.where(self.count > 0, load, NO_SEAT)
        self._made: dict[int, list[int]] = {}

    def cheapest(self, at: int, count: int) -> list[int]:
        """Up to so many of them: a round looks at as many as it has learners, of mentors with room for hundreds."""
        count = min(count, int(self.count[at]))
        made = self._made.get(at, [])
        if len(made) < count:
            made = self._made[at] = seats(self.mentors[at], self.policy, count)
        return made[:count]
