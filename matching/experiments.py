"""Which learners wait a while, to learn what a mentor is worth?

Only who waits for a first mentor and agreed to experiments: nobody loses a mentor by one.  The arm is drawn
from the learner's own row, by when the wait began, so every look at it draws the same.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from matching.rows import LearnerRow
from schemas.experiments import held_back
from schemas.policy import Policy
from schemas.terms import Arm, Person


class Drawn(NamedTuple):
    arm: Arm
    until: datetime  # a held-out learner waits until then at the most


def drawn(row: LearnerRow, learner: Person, policy: Policy) -> Drawn | None:
    since, defaults = row.waiting_since, policy.defaults
    if not policy.experiments or since is None or row.spell:
        return None
    if not row.consents(policy):
        return None
    if not (defaults.experiment_consent if row.experiment_consent is None else row.experiment_consent):
        return None
    for one in policy.experiments:
        if one.about == "matching" and one.runs(since) and one.covers(row.programme):
            return Drawn(one.arm(learner), min(one.ends_at, since + timedelta(days=one.wait_days)))
    return None


def arm_of(row: LearnerRow, learner: Person, policy: Policy) -> Arm | None:
    found = drawn(row, learner, policy)
    return None if found is None else found.arm


def held(row: LearnerRow, learner: Person, policy: Policy, now: datetime) -> datetime | None:
    """Until when this learner is not matched, if so."""
    found = drawn(row, learner, policy)
    return found.until if found is not None and held_back(found.arm) and found.until > now else None


def all_held(waits: Mapping[Person, LearnerRow], policy: Policy, now: datetime) -> dict[Person, datetime]:
    if not policy.experiments:
        return {}
    return {id: until for id, row in waits.items() if (until := held(row, id, policy, now)) is not None}


def tally(waits: Mapping[Person, LearnerRow], policy: Policy) -> tuple[tuple[str, int], ...]:
    """How many of those who wait are in which arm, by `experiment/arm`."""
    if not policy.experiments:
        return ()
    arms = [found for id, row in waits.items() if (found := arm_of(row, id, policy)) is not None]
    return tuple(sorted(Counter("/".join(arm) for arm in arms).items()))
