"""Which pools must hear that a learner agreed to experiments, or no longer does?

The word is a person's and names no pool; the pulse knows which pools the learner's courses belong to.
"""

from nudging.pulse_rows import NO_OWN, PulseRow
from schemas.fact import Fact, Moment
from schemas.learners import LearnerAllowed
from schemas.policy import Policy
from schemas.terms import Person


def tell_pools(moment: Moment, before: PulseRow, after: PulseRow, person: Person) -> list[Fact]:
    """The consent as it is now: to every pool of the learner where it has changed, else to the pools that are new."""
    own = after.own or NO_OWN
    if own.experiments is None:
        return []
    pools = _pools(after, moment.policy)
    known = before.own or NO_OWN
    if (own.experiments, own.experiments_at) == (known.experiments, known.experiments_at):
        for pool in _pools(before, moment.policy):
            pools.pop(pool, None)
    return [
        moment.fact(
            LearnerAllowed, pool, person, pool=pool, programme=programme, learner=person,
            experiment_consent=own.experiments, said_at=own.experiments_at,
        )
        for pool, programme in sorted(pools.items())
    ]  # fmt: skip


def _pools(pulse: PulseRow, policy: Policy) -> dict[str, str]:
    """Each pool with a programme of it."""
    programmes = sorted({course.programme for course in pulse.courses.values() if course.programme})
    return {policy.pool_of(programme): programme for programme in programmes}
