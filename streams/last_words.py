"""What had a person said by then, and is that known?  From the facts still held, and the last words that rows keep.

Nudges are kept longer (a year by default) than what people said (30 days).  But a row keeps the last word on each
thing: one that stands in a row and not in the topic was said before all that the topic holds, and has held since.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from nudging.inbox_rows import InboxRow
from schemas.nudges import (
    ConsentGiven,
    ConsentWithdrawn,
    OfPerson,
    PersonOptedIn,
    PersonOptedOut,
    PersonProfiled,
    QuietHoursSet,
)

GRACE = timedelta(minutes=1)  # a word may be on its way while a nudge is decided
DERIVED = "derived"  # a profile by the policy's defaults, and nobody's word


class Words:
    """`remember` the rows first and `hear` the facts then, or the facts alone where none is lost."""

    def __init__(self) -> None:
        self._heard: dict[str, list[OfPerson]] = defaultdict(list)
        self._last: dict[str, list[OfPerson]] = {}  # of a row

    def hear(self, word: OfPerson) -> None:
        if _about(word) is not None:
            self._heard[word.person].append(word)

    def remember(self, person: str, row: InboxRow | None) -> None:
        """The latest row counts; None = the row was dropped."""
        if row is None:
            self._last.pop(person, None)
        else:
            self._last[person] = words_in(person, row)

    def known(self, person: str, at: datetime, since: datetime | None) -> bool:
        """Is all that was said by then known?  `since` is from when words are held; None = from the first."""
        if since is None:
            return True
        if at < since or person not in self._last:
            return False
        by_then = {_about(word) for word in self._heard[person] if word.seen_at + GRACE <= at}
        # what was said anew while words are held may have been said otherwise before
        return all(
            not self._held(word) or _about(word) in by_then or _about(word) == DERIVED
            for word in self._last[person]
        )

    def by(self, person: str, at: datetime) -> list[OfPerson]:
        """In order of what was said when, the latest last."""
        heard = [word for word in self._heard[person] if word.seen_at + GRACE <= at]
        older = [word for word in self._last.get(person, ()) if not self._held(word)]
        if not any(isinstance(word, PersonProfiled) for word in (*older, *heard)):
            heard += self._first(person)
        return sorted((*older, *heard), key=lambda word: word.at)

    def _first(self, person: str) -> list[OfPerson]:
        """Nobody is told anything before it is known who they are; where the clock goes by ticks, it may seem so."""
        profiles = [word for word in self._heard[person] if isinstance(word, PersonProfiled)]
        first = min((word.seen_at for word in profiles), default=None)
        return [word for word in profiles if first is not None and word.seen_at <= first + GRACE]

    def _held(self, word: OfPerson) -> bool:
        return any(
            one.at == word.at and _about(one) == _about(word) for one in self._heard.get(word.person, ())
        )


def _about(word: OfPerson) -> str | None:
    """On what it is the last word; None = on nothing that bears on a nudge."""
    match word:
        case PersonProfiled():
            return DERIVED if word.derived else "profile"
        case QuietHoursSet():
            return "quiet hours"
        case ConsentGiven() | ConsentWithdrawn() if word.scope == "nudges":
            return "consent"
        case PersonOptedIn() | PersonOptedOut():
            return f"kind {word.kind}"
        case _:
            return None


def words_in(person: str, row: InboxRow) -> list[OfPerson]:
    """What a row remembers, as it was told."""
    found: list[OfPerson] = []

    def add(cls: type[OfPerson], at: datetime, **fields: object) -> None:
        found.append(cls(id=UUID(int=0), at=at, seen_at=at, source="inboxes", person=person, **fields))  # type: ignore[arg-type]

    if (own := row.profile) is not None:
        said: list[tuple[datetime, tuple[str, ...]]] = [(own.at, own.assumed)]
        zone_at = own.earlier.get("time_zone")
        if zone_at is not None:  # the profile's own word told no zone, one before did
            said = [(own.at, (*own.assumed, "time_zone")), (zone_at, ())]
        for at, assumed in said:
            add(
                PersonProfiled, at, role=own.role, time_zone=own.time_zone, language=own.language,
                nudges_consent=own.nudges_consent, derived=not own.told, assumed=assumed,
            )  # fmt: skip
    if (quiet := row.quiet) is not None:
        add(
            QuietHoursSet, quiet.at, from_minute=quiet.from_minute, to_minute=quiet.to_minute, days=quiet.days
        )
    if row.consent is not None:
        add(ConsentGiven if row.consent.yes else ConsentWithdrawn, row.consent.at, scope="nudges")
    for kind, word in row.kinds.items():
        add(PersonOptedIn if word.yes else PersonOptedOut, word.at, kind=kind)
    return found
