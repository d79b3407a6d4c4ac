"""The view of each learner who waits, kept from one round to the next, as a round changes few of their rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from matching.followed import half_hour, keep
from matching.rows import LearnerRow
from matching.views import Learner, learner_view
from schemas.policy import Policy


class _Kept(NamedTuple):
    mark: tuple[datetime, Policy]
    views: dict[str, tuple[LearnerRow, Learner]]


_kept: dict[str, _Kept] = {}


def views_of(pool: str, waits: Mapping[str, LearnerRow], policy: Policy, now: datetime) -> list[Learner]:
    """The `learner_view` of each, in their order."""
    mark, before = (half_hour(now), policy), _kept.pop(pool, None)
    known = before.views if before is not None and before.mark == mark else {}
    views = {}
    for id, row in waits.items():
        seen = known.get(id)
        views[id] = seen if seen is not None and seen[0] is row else (row, learner_view(id, row, policy, now))
    keep(_kept, pool, _Kept(mark, views))
    return [view for _, view in views.values()]
