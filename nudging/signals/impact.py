"""M7: a learner found back within two weeks of the mentor's word: the mentor is thanked, and told what it did."""

from nudging.ladder import DAY
from nudging.pulse_rows import PulseRow
from schemas.fact import Moment

HELPED = {
    "L2": "came back after silence",
    "L3": "was as active again as before",
    "L5": "handed in what was missed",
    "L6": "solved what they were stuck on",
    "L7": "got a better grade",
}


def thanks(pulse: PulseRow, moment: Moment, signal: str) -> str | None:
    """What the learner recovered from, if the mentor had spoken to them lately and was not just thanked."""
    policy, spoke = moment.policy.pulse, pulse.talk.mentor_last
    if signal not in HELPED or spoke is None or pulse.match.state != "confirmed" or "M7" in policy.off:
        return None
    if moment.now - spoke > policy.impact_days * DAY:
        return None
    last = pulse.thanked_at
    if last is not None and moment.now - last < policy.impact_every_days * DAY:
        return None
    return HELPED[signal]
