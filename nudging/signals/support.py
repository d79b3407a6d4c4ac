"""L11: the learner says that something is very challenging.  The mentor hears at once, whatever the hour.

Seven domains and the level 5 of 5, as MentorPRO's weekly check-ins have them.  Only with consent.
"""

from collections.abc import Iterator
from datetime import timedelta

from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight


def ladders(sight: Sight) -> Iterator[Ladder]:
    """Stands, for each domain, until a level of 3 or less; the operator hears if the mentor says no word in a day."""
    pulse, policy = sight.pulse, sight.policy
    if not pulse.checkins or pulse.own is None or not pulse.own.sensitive or not pulse.goes_on:
        return
    spoke = pulse.mentor_spoke_at
    for domain, checkin in pulse.checkins.items():
        at = checkin.hard_at
        if at is None or (checkin.fine_at is not None and checkin.fine_at >= at):
            continue
        steps = [Step(1, at, ("mentor",))]
        if spoke is None or spoke < at:
            told_at = sight.since(f"L11/{domain}", sight.now)  # the mentor, who may hear of it late
            steps.append(Step(2, told_at + timedelta(hours=policy.support_operator_hours), ("operator",)))
        yield Ladder(
            "L11", domain, "", at, at, tuple(steps), (("domain", domain), ("level", 5)), absence=False,
            until=at + policy.support_keep_days * DAY, critical=True,
            evidence=(checkin.evidence,) if checkin.evidence is not None else (),
        )  # fmt: skip
