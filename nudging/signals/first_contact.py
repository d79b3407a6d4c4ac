"""M2: matched, and the two have not spoken.  3 days both, 7 the mentor, 14 a new mentor is offered."""

from collections.abc import Iterator

from nudging.breaks import counts_from
from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight


def ladders(sight: Sight) -> Iterator[Ladder]:
    """Stands from the confirmation until one message each way, or a meeting; a learner's break does not count."""
    policy, match = sight.policy, sight.pulse.match
    if not policy.contact_told or match.state != "confirmed" or match.pair is None or match.since is None:
        return
    wrote = sight.pulse.talk.wrote
    if len(wrote) == 2 or not sight.pulse.goes_on:  # who finished or left hears nothing more
        return
    since = counts_from(sight.pulse, match.since, sight.now)
    if since is None:
        return
    yield Ladder(
        "M2", str(match.pair), "", since, since,
        (
            Step(1, since + policy.contact_both_days * DAY, ("learner", "mentor")),
            Step(2, since + policy.contact_mentor_days * DAY, ("mentor",)),
            Step(3, since + policy.contact_lapse_days * DAY, ("operator",), lapses="no_contact"),
        ),
        (("since", match.since.date().isoformat()), ("wrote", ",".join(sorted(wrote)) or "nobody")),
    )  # fmt: skip
