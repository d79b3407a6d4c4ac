"""Which pairs are ruled out, and by which rule?

One small function a rule, all listed once.  Each gives a table (learners x mentors) of who it removes;
its name is the binding reason a learner is told.
"""

from collections.abc import Callable

import numpy as np

from matching.traits import Flags, Traits
from schemas.policy import PoolPolicy
from schemas.terms import Binding

Rule = Callable[[Traits, Traits, PoolPolicy], Flags]


def shared_hours(learners: Traits, mentors: Traits) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """Whole hours a week both are free."""
    return (learners.hours @ mentors.hours.T).astype(np.int64) // 4


def both_declared(learners: Traits, mentors: Traits) -> Flags:
    return learners.declared[:, None] & mentors.declared[None, :]


def no_shared_language(learners: Traits, mentors: Traits, policy: PoolPolicy) -> Flags:
    return (learners.languages @ mentors.languages.T) == 0


def no_shared_hours(learners: Traits, mentors: Traits, policy: PoolPolicy) -> Flags:
    """Only where both said when they are free."""
    return both_declared(learners, mentors) & (shared_hours(learners, mentors) < policy.least_shared_hours)


def blocked(learners: Traits, mentors: Traits, policy: PoolPolicy) -> Flags:
    """Either side avoids the other, or the pair was blocked, declined or fell silent."""
    out = np.zeros((len(learners.ids), len(mentors.ids)), bool)
    columns = {id: at for at, id in enumerate(mentors.ids)}
    lines = {id: at for at, id in enumerate(learners.ids)}
    for line, avoided in enumerate(learners.avoids):
        for id in avoided:
            if (column := columns.get(id)) is not None:
                out[line, column] = True
    for column, avoided in enumerate(mentors.avoids):
        for id in avoided:
            if (line_of := lines.get(id)) is not None:
                out[line_of, column] = True
    return out


def paused(learners: Traits, mentors: Traits, policy: PoolPolicy) -> Flags:
    return np.repeat(mentors.paused[None, :], len(learners.ids), axis=0)


def left(learners: Traits, mentors: Traits, policy: PoolPolicy) -> Flags:
    return np.repeat(mentors.left[None, :], len(learners.ids), axis=0)


RULES: dict[str, Rule] = {
    "no_shared_language": no_shared_language,
    "no_shared_hours": no_shared_hours,
    "blocked": blocked,
    "paused": paused,
    "left": left,
}
NAMES = tuple(RULES)
BINDING: dict[str, Binding] = {
    "no_shared_language": "no_shared_language",
    "no_shared_hours": "no_shared_hours",
    "blocked": "blocked",
    "paused": "no_eligible_mentor",
    "left": "no_eligible_mentor",
}
