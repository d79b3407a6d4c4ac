"""What is kept of one learner's term: courses, pairs, episodes, and words on their way to somebody."""

from dataclasses import dataclass, field
from datetime import datetime

from schemas.advice import AdviceGiven
from schemas.nudges import NudgeItem
from streams.sentences import SIGNAL

JOINED, BACK, LEFT = "joined", "came back", "left the course"
OVER = {"withdrew": LEFT, "done": "completed", "failed": "failed"}  # of a pulse's row
MOST = 2000  # of each sort of mark; a term has some hundreds


@dataclass
class Course:
    joined_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    words: set[tuple[datetime, str]] = field(
        default_factory=set
    )  # each joining, and each end with its reason

    @property
    def turns(self) -> list[tuple[datetime, str]]:
        """Each end, and each coming back after one, in order of time."""
        found: list[tuple[datetime, str]] = []
        for at, what in sorted(self.words):
            if what != JOINED:
                found.append((at, what))
            elif found and found[-1][1] != BACK:
                found.append((at, BACK))
        return found

    @property
    def over_at(self) -> datetime | None:
        """When it ended for the learner, who has not come back."""
        turns = self.turns
        return turns[-1][0] if turns and turns[-1][1] != BACK else None

    @property
    def over(self) -> str:
        """How it ended: who finished and was taken off the roster then has finished."""
        ends: list[str] = []
        for _, what in self.turns:
            ends = [] if what == BACK else [*ends, what]
        return next((what for what in ends if what != LEFT), ends[-1] if ends else "")


@dataclass
class Pair:
    mentor: str
    since: datetime
    ended_at: datetime | None = None
    reason: str = ""


@dataclass
class Episode:
    signal: str
    opened_at: datetime
    closed_at: datetime | None = None
    reason: str = ""


@dataclass
class Word:
    """One piece of advice on its way to one person: what held it, and how it ended."""

    role: str
    recipient: str
    signal: str
    about: str
    given_at: datetime
    held: list[tuple[datetime, str]] = field(default_factory=list)
    ended_at: datetime | None = None
    how: str = "waits"  # sent, unsaid
    why: str = ""

    @property
    def holds(self) -> tuple[str, ...]:
        """What held it; a digest it was then said in is no delay of its own."""
        reasons = (reason.replace("_", " ") for _, reason in self.held)
        return tuple(
            dict.fromkeys(reason for reason in reasons if reason != "digest" or "digest" not in self.why)
        )

    @property
    def said(self) -> str:
        """How it ended and why, with what held it before."""
        ending = (
            f"{self.how}: {self.why}" if self.why and self.how != "sent" else f"{self.how} {self.why}".strip()
        )
        return f"{ending}, held before: {', '.join(self.holds)}" if self.holds else ending


def about_of(item: AdviceGiven | NudgeItem) -> str:
    """The reason in few words, with the figures that tell most."""
    figures = dict(item.figures)
    if item.signal == "match":
        return (
            f"the match ended ({figures['reason']})".replace("_", " ")
            if "reason" in figures
            else "a match began"
        )
    shown = (
        [f"{figures['days']} days"]
        if figures.get("days") and item.signal in ("L1", "L2", "M2", "M3", "M4")
        else []
    )
    shown += [f"item {figures['item']}"] if "item" in figures else []
    shown += [str(figures["what"]).partition(" ")[0]] if "what" in figures else []
    return SIGNAL.get(item.signal, item.signal) + (f", {', '.join(shown)}" if shown else "")
