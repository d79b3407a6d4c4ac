"""M2: matched, and the two have not spoken.  3 days both, 7 the mentor, 14 a new mentor is offered."""

from nudging.ladder import DAY, Ladder, Step
from nudging.pulse_rows import PulseRow
from schemas.policy import PulsePolicy


def ladder(pulse: PulseRow, policy: PulsePolicy) -> Ladder | None:
    """Stands from the confirmation until one message each way, or a meeting."""
    match = pulse.match
    if not policy.contact_told or match.state != "confirmed" or match.pair is None or match.since is None:
        return None
    if not any(course.active for course in pulse.courses.values()):
        return None  # who finished or left hears nothing more
    pair = str(match.pair)
    wrote = set(pulse.contacted.get(pair, ()))
    if {"learner", "mentor"} <= wrote:
        return None
    since = match.since
    return Ladder(
        "M2", pair, "", since, since,
        (
            Step(1, since + policy.contact_both_days * DAY, ("learner", "mentor")),
            Step(2, since + policy.contact_mentor_days * DAY, ("mentor",)),
            Step(3, since + policy.contact_lapse_days * DAY, ("operator",), lapses=True),
        ),
        (("since", since.date().isoformat()), ("wrote", ",".join(sorted(wrote)) or "nobody")),
    )  # fmt: skip
