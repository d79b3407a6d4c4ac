"""Are learners of all audit groups looked after alike?  Told, and never an input to a match.

A group is an opaque label that a platform sends with a profile, kept in a row of its own that nothing else
reads, and kept at all only if the policy names it.  Groups of fewer than `fairness.least` learners are
withheld; where those together are still so few, so is the next smallest, as it could be worked out from
the rest (complementary suppression, the usual rule of official statistics).  Figures are coarse, so that a
report before and one after a match do not tell the learner's group.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from matching.rows import AuditRow, LearnerRow
from schemas.fact import Moment
from schemas.learners import LearnerProfiled
from schemas.policy import FairnessPolicy
from schemas.rounds import GroupShare
from schemas.rows import Rows

LEARNERS, PERMILLE, MINUTES, POINTS = 10, 50, 60, 10  # the steps figures are told in


class Fairness(NamedTuple):
    groups: tuple[GroupShare, ...] = ()
    withheld: int = 0


def listen(rows: Rows, moment: Moment, fact: LearnerProfiled) -> None:
    """Keeps the group a profile tells, if it is one that is reported."""
    groups = moment.policy.fairness.groups
    if fact.audit_group is None or not groups:
        return
    known = rows.find(AuditRow, fact.pool, fact.learner)
    if known is None or known.told_at is None or fact.at > known.told_at:
        group = fact.audit_group if fact.audit_group in groups else ""
        rows.put(AuditRow(group=group, told_at=fact.at), fact.pool, fact.learner)


def fairness(rows: Rows, moment: Moment, pool: str) -> Fairness:
    """Of the learners who study and may be matched, as they stand after the round."""
    policy = moment.policy
    if not policy.fairness.groups:
        return Fairness()
    members: dict[str, list[LearnerRow]] = defaultdict(list)
    for learner, audit in rows.scan(AuditRow, pool):
        row = rows.find(LearnerRow, pool, learner)
        if row is None or audit.group not in policy.fairness.groups:
            continue
        if row.studies and row.consents(policy):
            members[audit.group].append(row)
    told = _told(members, policy.fairness)
    groups = (_share(group, members[group], moment.now) for group in sorted(told))
    return Fairness(tuple(groups), len(members) - len(told))


def _told(members: dict[str, list[LearnerRow]], policy: FairnessPolicy) -> set[str]:
    sizes = {group: len(found) for group, found in members.items()}
    told = {group for group, size in sizes.items() if size >= policy.least}
    hidden = sum(size for group, size in sizes.items() if group not in told)
    if told and 0 < hidden < policy.least:
        told.remove(min(told, key=lambda group: (sizes[group], group)))
    return told


def _share(group: str, members: list[LearnerRow], now: datetime) -> GroupShare:
    paired = [row for row in members if row.pair is not None]
    waits = [row.waited if row.pair is not None else row.waited_at(now) for row in members]
    costs = [row.cost for row in paired]
    return GroupShare(
        group=group,
        learners=_coarse(len(members), LEARNERS),
        matched_permille=_coarse(1000 * len(paired) // len(members), PERMILLE),
        wait_p50_minutes=_coarse(_middle(waits), MINUTES),
        cost_mean=_coarse(sum(costs) // len(costs), POINTS) if costs else 0,
    )


def _middle(values: Iterable[int]) -> int:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _coarse(value: int, step: int) -> int:
    return value // step * step
