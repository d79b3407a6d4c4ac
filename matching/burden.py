"""How much of what they offer do the mentors of a pool bear?  In columns, for the report of a round."""

from collections.abc import Mapping

import numpy as np

from matching.columns import Flags, Numbers
from matching.followed import Followed
from matching.rows import MentorRow
from matching.views import offered_by
from schemas.policy import Policy


class Burden:
    """Of each mentor: are they here, and how many minutes a week are promised, and offered?"""

    def __init__(self, mentors: Mapping[str, MentorRow], policy: Policy) -> None:
        self.policy = policy
        self.here: Flags = np.zeros(len(mentors), dtype=np.bool_)
        self.promised, self.offered = (np.zeros(len(mentors), dtype=np.int64) for _ in range(2))
        for at, (id, row) in enumerate(mentors.items()):
            self.put(at, id, row)

    def put(self, at: int, _: str, row: MentorRow) -> None:
        self.here[at], self.promised[at], self.offered[at] = (
            row.here,
            row.promised,
            offered_by(row, self.policy),
        )

    @property
    def permille(self) -> Numbers:
        """Of what they offer, of those here who offer something; in order."""
        some = self.here & (self.offered > 0)
        return np.sort(np.minimum(1000, self.promised[some] * 1000 // self.offered[some]))

    @property
    def over(self) -> int:
        """How many of those here bear more than they offer."""
        return int((self.here & (self.promised > self.offered)).sum())


_burdens = Followed[Burden]()


def burden_of(pool: str, mentors: Mapping[str, MentorRow], policy: Policy) -> Burden:
    return _burdens.take(pool, mentors, policy, lambda: Burden(mentors, policy), Burden.put)
