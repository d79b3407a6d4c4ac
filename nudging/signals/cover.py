"""M6: a mentor is away, or missed two meetings.  Each learner and the operator hear at once; pools read the same pause."""

from collections.abc import Iterator

from nudging.ladder import DAY, Figures, Ladder, Step
from nudging.sight import Sight

LATELY = 28 * DAY


def ladders(sight: Sight) -> Iterator[Ladder]:
    """Stands while the mentor is away for long enough to matter, or until a meeting is held again."""
    mentoring, policy, now = sight.pulse.mentoring, sight.policy, sight.now
    if mentoring is None or mentoring.learners == []:
        return
    since, until = mentoring.away_at, mentoring.away_until
    least = policy.cover_least_days * DAY
    if since is not None and (until is None or until - since >= least):
        back = "not coming back" if mentoring.gone else until.date().isoformat() if until else "not said"
        figures: Figures = (("why", "left" if mentoring.gone else "paused"), ("until", back))
    else:
        held = mentoring.held_at
        missed = [at for at in mentoring.missed if at > now - LATELY and (held is None or at > held)]
        if len(missed) < policy.cover_missed:
            return
        since, until = missed[policy.cover_missed - 1], missed[-policy.cover_missed] + LATELY
        figures = (("why", "missed meetings"), ("missed", len(missed)))
    yield Ladder(
        "M6", "away", "", since, since, (Step(1, since, ("learner", "operator")),), figures, absence=False,
        until=until,
    )  # fmt: skip
