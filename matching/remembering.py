"""What does a row remember of other people and courses, and what goes first?  So rows never grow with traffic."""

from datetime import datetime, timedelta

KEPT = 64  # courses and blocks remembered of one learner
KEPT_PAST = 32  # mentors a learner had, or was offered
UNWANTED = frozenset({"declined", "by_learner", "by_mentor", "by_operator", "silent"})  # ends of a pair
UNANSWERED = "unanswered"  # the mentor accepted and the learner never answered: no mark against the mentor
# So long after a pair ended in silence, a learner who begins another course may meet that mentor again.
FORGIVES = timedelta(days=28)
UNHEARD = 3  # proposals in a row left unanswered: then the learner gets none for `RESTS`
RESTS = timedelta(days=28)  # unless the learner begins a course before


def remembered(
    kept: dict[str, tuple[datetime, bool]], name: str, at: datetime, on: bool
) -> dict[str, tuple[datetime, bool]]:
    """With one more entry; beyond `KEPT` an entry is dropped: one that is off before one that is on, then the oldest."""
    kept = {**kept, name: (at, on)}
    while len(kept) > KEPT:
        del kept[min(kept, key=lambda other: (other == name, kept[other][1], kept[other][0], other))]
    return kept


def with_past(
    past: dict[str, tuple[datetime, str]], mentor: str, at: datetime, why: str
) -> dict[str, tuple[datetime, str]]:
    """With one more pair that ended; beyond `KEPT_PAST` the oldest is dropped, unwanted pairs after all others."""
    past = {**past, mentor: (at, why)}
    while len(past) > KEPT_PAST:
        del past[min(past, key=lambda name: (name == mentor, past[name][1] in UNWANTED, past[name][0], name))]
    return past


def forgiven(past: dict[str, tuple[datetime, str]], now: datetime) -> dict[str, tuple[datetime, str]]:
    """Without the pairs that ended in silence longer than `FORGIVES` ago."""
    return {name: end for name, end in past.items() if end[1] != "silent" or now - end[0] < FORGIVES}
