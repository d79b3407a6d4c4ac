"""M1: a match is proposed and not yet answered.  24 and 48 hours; at 72 the pool lets it go and looks anew."""

from collections.abc import Iterator
from datetime import timedelta

from nudging.ladder import Ladder, Step
from nudging.sight import Sight


def ladders(sight: Sight) -> Iterator[Ladder]:
    policy, match = sight.policy, sight.pulse.match
    if match.state != "proposed" or match.pair is None or match.since is None:
        return
    since = match.since
    yield Ladder(
        "M1", str(match.pair), "", since, since,
        (
            Step(1, since + timedelta(hours=policy.accept_first_hours), ("mentor",)),
            Step(2, since + timedelta(hours=policy.accept_last_hours), ("mentor",)),
        ),
        (("proposed", since.date().isoformat()),),
    )  # fmt: skip
