"""What is kept of one learner's term: courses, pairs, episodes, and words on their way to somebody."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Course:
    joined_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    over_at: datetime | None = None
    over: str = ""


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
    def said(self) -> str:
        """How it ended and why, with what held it before."""
        held = ", ".join(dict.fromkeys(reason.replace("_", " ") for _, reason in self.held))
        ending = (
            f"{self.how}: {self.why}" if self.why and self.how != "sent" else f"{self.how} {self.why}".strip()
        )
        return f"{ending}, held before: {held}" if held else ending
