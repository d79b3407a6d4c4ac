"""What did a person say of themselves?  A profile, quiet hours, and a yes or no, each by its last word."""

from datetime import datetime

from schemas.rows import Part, empty
from schemas.terms import Channel, Instant, Role


class Profile(Part):
    """Told beats derived; among equals the later `at`; among those the greater id.

    Of derived ones each zone and language stays as it was last told: an enrolment that tells neither takes none away.
    """

    role: Role
    time_zone: str
    language: str
    channels: tuple[Channel, ...] = ()
    nudges_consent: bool = True
    told: bool = True
    at: Instant
    id: str = ""
    assumed: tuple[str, ...] = ()  # of zone and language: what nobody told yet
    earlier: dict[str, Instant] = empty()  # and when that was told which this profile's own word did not tell

    @property
    def rank(self) -> tuple[bool, datetime, str]:
        return self.told, self.at, self.id

    def told_at(self, name: str) -> Instant | None:
        return None if name in self.assumed else self.earlier.get(name, self.at)

    def beside(self, other: "Profile") -> "Profile":
        """What the two say together, whichever came first."""
        best, less = (self, other) if self.rank >= other.rank else (other, self)
        if best.told:
            return best
        values: dict[str, str] = {}
        assumed: list[str] = []
        earlier: dict[str, Instant] = {}
        for name in ("time_zone", "language"):
            at, before = best.told_at(name), less.told_at(name)
            if before is not None and (at is None or before > at):
                values[name], at = getattr(less, name), before
            if at is None:
                assumed.append(name)
            elif at != best.at:
                earlier[name] = at
        return best.model_copy(update={**values, "earlier": earlier, "assumed": tuple(assumed)})


class Quiet(Part):
    from_minute: int
    to_minute: int
    days: tuple[int, ...]
    at: Instant
    id: str = ""


class Word(Part):
    """The last yes or no of a person to one thing; at the same instant no wins."""

    yes: bool
    at: Instant

    @property
    def rank(self) -> tuple[datetime, bool]:
        return self.at, not self.yes
