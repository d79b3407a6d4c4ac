"""M4: a pair that spoke says nothing more, and nobody owes an answer.  21 days as Mentorloop, 90 and 97 as Guider."""

from collections.abc import Iterator

from nudging.breaks import counts_from
from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight


def ladders(sight: Sight) -> Iterator[Ladder]:
    """Counts from the last word, or from the end of a learner's break since then."""
    policy, match, talk = sight.policy, sight.pulse.match, sight.pulse.talk
    if not policy.contact_told or match.state != "confirmed" or match.pair is None or not sight.pulse.goes_on:
        return
    last = talk.last
    if last is None or len(talk.wrote) < 2 or talk.learner_asks or talk.mentor_asks:
        return  # no first contact is M2, and an answer owed is M3
    since = counts_from(sight.pulse, last, sight.now)
    if since is None:
        return
    yield Ladder(
        "M4", str(match.pair), "", since, since + policy.stalled_days * DAY,
        (
            Step(1, since + policy.stalled_days * DAY, ("learner", "mentor")),
            Step(2, since + policy.stalled_notice_days * DAY, ("learner", "mentor", "operator")),
            Step(3, since + policy.stalled_lapse_days * DAY, ("operator",), lapses="silent"),
        ),
        (("last_contact", last.date().isoformat()),),
    )  # fmt: skip
