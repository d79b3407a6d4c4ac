"""How does a condition become an episode that climbs and clears?

A signal says, from state alone, which ladders stand now.  `nudging.episodes` compares them with the
open episodes.  So an episode clears itself when its condition ends, whatever ended it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.terms import Kind, Role

PRIORITY: dict[str, int] = {"M2": 80, "L5": 70, "L2": 50, "L1": 45, "L9": 30, "storm": 75}
KIND: dict[str, Kind] = {
    "M2": "first_contact",
    "L5": "missed",
    "L2": "reengage",
    "L1": "start",
    "L9": "celebrate",
    "storm": "storm",
}
DAY = timedelta(days=1)


class Step(NamedTuple):
    """One rung: when it is due, and who hears."""

    number: int
    at: datetime
    roles: tuple[Role, ...]
    lapses: bool = False  # the pool is told that the pair does not live


class Ladder(NamedTuple):
    """A condition that stands now.  `since` is what the age of the condition counts from."""

    signal: str
    scope: str  # the course or the pair
    course: str
    since: datetime
    opens_at: datetime
    steps: tuple[Step, ...]
    figures: tuple[tuple[str, int | str], ...] = ()
    absence: bool = True

    @property
    def name(self) -> str:
        return f"{self.signal}/{self.scope}"

    def due(self, horizon: datetime, above: int) -> Step | None:
        """The highest rung due by `horizon` above the one that fired: woken late, one rung, not three."""
        found = [s for s in self.steps if s.number > above and s.at <= horizon]
        return found[-1] if found else None

    def next_at(self, horizon: datetime) -> datetime | None:
        """When something of this ladder falls due after `horizon`."""
        times = [at for at in (self.opens_at, *(s.at for s in self.steps)) if at > horizon]
        return min(times) if times else None

    def expires(self, step: Step) -> datetime:
        """Advice is good until the next rung speaks, at least two days and at most a week."""
        later = [s.at for s in self.steps if s.number > step.number]
        end = min([*later, step.at + 7 * DAY])
        return max(end, step.at + 2 * DAY)
