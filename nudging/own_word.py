"""What does a learner say of themselves?  How hard something is (check-ins), their zone, and what they agree to."""

from datetime import datetime
from uuid import UUID

from nudging.pulse_rows import NO_OWN, Checkin, PulseRow
from schemas.rows import changed
from schemas.study import CheckinAnswered, LearnerKnown

HARD, FINE = 5, 3


def checked_in(pulse: PulseRow, fact: CheckinAnswered) -> PulseRow:
    """Only the hardest level, and those that take it back, matter; of who said no to it nothing is kept."""
    own = pulse.own or NO_OWN
    if FINE < fact.level < HARD or (own.sensitive_at is not None and not own.sensitive):
        return pulse
    known = (pulse.checkins or {}).get(fact.domain, Checkin())
    field = "hard_at" if fact.level == HARD else "fine_at"
    last: datetime | None = getattr(known, field)
    if last is not None and fact.at <= last:
        return pulse
    evidence: UUID | None = fact.id if fact.level == HARD else known.evidence
    after = changed(known, evidence=evidence, **{field: fact.at})
    return changed(pulse, checkins={**(pulse.checkins or {}), fact.domain: after})


def checkins_since(pulse: PulseRow, since: datetime) -> PulseRow:
    """Without the check-ins before; the very same pulse where there are none."""
    kept = {
        domain: known
        for domain, known in (pulse.checkins or {}).items()
        if any(at is not None and at > since for at in (known.hard_at, known.fine_at))
    }
    return pulse if len(kept) == len(pulse.checkins or {}) else changed(pulse, checkins=kept or None)


def known_as(pulse: PulseRow, fact: LearnerKnown) -> PulseRow:
    own = pulse.own or NO_OWN
    news: dict[str, object] = {}
    if fact.time_zone is not None and (own.zone_at is None or fact.at > own.zone_at):
        news |= {"time_zone": fact.time_zone, "zone_at": fact.at}
    if fact.sensitive is not None and (own.sensitive_at is None or fact.at > own.sensitive_at):
        news |= {"sensitive": fact.sensitive, "sensitive_at": fact.at}
        if not fact.sensitive:  # what was seen with consent goes with it
            news |= {"night": 0, "nights": 0, "worked": 0, "strained_at": None}
            pulse = changed(pulse, checkins=None)
    said = None if own.experiments_at is None else (own.experiments_at, not own.experiments)
    if fact.experiments is not None and (said is None or (fact.at, not fact.experiments) > said):
        news |= {"experiments": fact.experiments, "experiments_at": fact.at}
    return changed(pulse, own=changed(own, **news)) if news else pulse
