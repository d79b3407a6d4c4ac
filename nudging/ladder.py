"""How does a condition become an episode that climbs and clears?

A signal says, from state alone, which ladders stand now.  `nudging.episodes` compares them with the
open episodes.  So an episode clears itself when its condition ends, whatever ended it.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from schemas.terms import Role

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Figures = tuple[tuple[str, int | str], ...]
Lapse = Literal["no_contact", "no_reply", "silent"]


class Step(NamedTuple):
    """One rung: when it is due, and who hears."""

    number: int
    at: datetime
    roles: tuple[Role, ...]
    lapses: Lapse | None = None  # the pool is told that the pair does not live


class Ladder(NamedTuple):
    """A condition that stands now.  `since` is what the age of the condition counts from.

    `absence`: something did not happen, so it is judged against what was heard; otherwise something
    did, so the first rung fires at once, and only later rungs wait for what was heard.
    `storms`: it is suspect when it opens for much of a course on one day.
    `until`: then it is let go, whatever else.
    `private`: told to nobody but the named role, not even to an operator where there is no mentor.
    """

    signal: str
    scope: str  # the course, the pair, the item
    course: str
    since: datetime
    opens_at: datetime
    steps: tuple[Step, ...]
    figures: Figures = ()
    absence: bool = True
    storms: bool = True
    until: datetime | None = None
    evidence: tuple[UUID, ...] = ()
    critical: bool = False
    private: bool = False

    @property
    def name(self) -> str:
        return f"{self.signal}/{self.scope}"

    def stands(self, now: datetime) -> bool:
        return self.opens_at <= now and (self.until is None or now < self.until)

    def too_late(self, through: datetime, days: int) -> bool:
        """Should it have opened so many days ago that it opens no more, with no rung to come?"""
        return self.opens_at + days * DAY < through and self.next_at(through) is None

    def due(self, now: datetime, horizon: datetime | None, above: int) -> Step | None:
        """The highest rung due above the one that fired: woken late, one rung, not three."""
        for step in reversed(self.steps):
            through = now if not self.absence and step is self.steps[0] else horizon
            if through is not None and step.at <= through:
                return step if step.number > above else None
        return None

    def next_at(self, horizon: datetime) -> datetime | None:
        """When something of this ladder falls due after `horizon`."""
        times = [at for at in (self.opens_at, *(s.at for s in self.steps)) if at > horizon]
        return min(times) if times else None

    def expires(self, step: Step) -> datetime:
        """Advice is good until the next rung speaks, at least two days and at most a week."""
        later = [s.at for s in self.steps if s.number > step.number]
        end = min([*later, step.at + 7 * DAY])
        return max(end, step.at + 2 * DAY)
