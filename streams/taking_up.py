"""What follows when a worker takes up a policy?  It may refuse; an operator hears once of what they should know.

Which policy is in force stands in the worker's metrics and health: the file of another host may be another one.
"""

import logging
from collections.abc import Callable

from schemas.policy import Policy
from streams.metrics import WorkerMeter
from streams.policy_file import fingerprint, unheard

log = logging.getLogger("mentorway")


class TakingUp:
    """Asked of each policy before it is in force; `keep` refuses pools that leave people behind, and asks the brokers."""

    def __init__(self, role: str, meter: WorkerMeter, keep: Callable[[Policy], None]) -> None:
        self.role, self.meter, self.keep = role, meter, keep
        self.pools: dict[str, str] | None = None  # of the policy in force
        self.said = ""  # whom nobody answers for, as last told

    def __call__(self, policy: Policy) -> None:
        if policy.pools != self.pools:
            self.keep(policy)
            self.pools = policy.pools
        said = unheard(policy) if self.role == "pulses" else ""
        if said and said != self.said:
            log.warning(said)
        self.said = said
        self.meter.under(policy.version, fingerprint(policy))
