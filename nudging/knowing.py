"""What does an inbox learn of its person: profile, consent, quiet hours, and kinds not wanted?"""

from datetime import datetime
from typing import Any

from nudging.inbox_rows import InboxRow, short
from nudging.person_rows import Profile, Quiet, Word
from schemas.fact import Fact, Moment
from schemas.nudges import (
    ConsentGiven,
    ConsentWithdrawn,
    PersonOptedIn,
    PersonOptedOut,
    PersonProfiled,
    QuietHoursSet,
)  # fmt: skip
from schemas.rows import Rows, blank, changed

OF_PERSON = (PersonProfiled, ConsentGiven, ConsentWithdrawn, PersonOptedOut, PersonOptedIn, QuietHoursSet)


def sooner(wake_at: datetime | None, other: datetime) -> datetime:
    return other if wake_at is None else min(wake_at, other)


def learn(rows: Rows, moment: Moment, fact: Any) -> None:
    """The later word wins.  What waits is looked at again, as it may be free now, or not wanted."""
    inbox = rows.find(InboxRow, fact.person) or blank(InboxRow)
    news = _news(inbox, fact)
    if not news:
        return
    if inbox.waiting:
        news |= {"wake_at": sooner(inbox.wake_at, moment.now), "judged": ""}
    rows.put(changed(inbox, **news), fact.person)


def _news(inbox: InboxRow, fact: Fact) -> dict[str, Any]:
    if isinstance(fact, PersonProfiled):
        profile = Profile(
            role=fact.role, time_zone=fact.time_zone, language=fact.language, channels=fact.channels[:5],
            nudges_consent=fact.nudges_consent, told=not fact.derived, at=fact.at, id=short(fact.id),
            assumed=fact.assumed,
        )  # fmt: skip
        both = profile if inbox.profile is None else profile.beside(inbox.profile)
        return {"profile": both} if both != inbox.profile else {}
    if isinstance(fact, QuietHoursSet):
        days = tuple(sorted(set(fact.days)))
        quiet = Quiet(
            from_minute=fact.from_minute, to_minute=fact.to_minute, days=days, at=fact.at, id=short(fact.id)
        )
        old = inbox.quiet
        return {"quiet": quiet} if old is None or (quiet.at, quiet.id) > (old.at, old.id) else {}
    if isinstance(fact, ConsentGiven | ConsentWithdrawn):
        word = Word(yes=isinstance(fact, ConsentGiven), at=fact.at)
        field = {"nudges": "consent", "experiments": "experiments"}.get(fact.scope)
        known = getattr(inbox, field) if field is not None else None
        return {} if field is None or (known is not None and word.rank <= known.rank) else {field: word}
    if isinstance(fact, PersonOptedOut | PersonOptedIn):
        word = Word(yes=isinstance(fact, PersonOptedIn), at=fact.at)
        last = inbox.kinds.get(fact.kind)
        return {} if last and word.rank <= last.rank else {"kinds": {**inbox.kinds, fact.kind: word}}
    return {}
