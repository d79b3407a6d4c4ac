"""What does a row remember of other people and courses, and what goes first?  So rows never grow with traffic."""

from datetime import datetime

KEPT = 64  # courses and blocks remembered of one learner
KEPT_PAST = 32  # mentors a learner had, or was offered
UNWANTED = frozenset({"declined", "by_learner", "by_mentor", "by_operator", "silent"})  # ends of a pair


def remembered(
    kept: dict[str, tuple[datetime, bool]], name: str, at: datetime, on: bool
) -> dict[str, tuple[datetime, bool]]:
    """With one more entry; beyond `KEPT`, what is off and oldest goes first."""
    kept = {**kept, name: (at, on)}
    while len(kept) > KEPT:
        del kept[min(kept, key=lambda other: (other == name, kept[other][1], kept[other][0], other))]
    return kept


def with_past(
    past: dict[str, tuple[datetime, str]], mentor: str, at: datetime, why: str
) -> dict[str, tuple[datetime, str]]:
    """With one more pair that ended; beyond `KEPT_PAST` the oldest goes first, those nobody wanted last."""
    past = {**past, mentor: (at, why)}
    while len(past) > KEPT_PAST:
        del past[min(past, key=lambda name: (name == mentor, past[name][1] in UNWANTED, past[name][0], name))]
    return past
