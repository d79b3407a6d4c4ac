"""How does a demo read?  What came out in the order in which it happened, a nudge with the words people would read.

Outputs come of many partitions, so what is of the last hours waits a moment for what is older and comes later.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from textwrap import fill

from rich.console import Console
from rich.text import Text

from nudging.letters import Unsayable, letter
from nudging.wording import Wording, pick
from schemas.fact import Fact
from schemas.nudges import NudgeHeld, NudgeSent, NudgeSuppressed
from streams.sentences import sentence

Line = tuple[datetime, bool, str, tuple[str, ...]]  # when, is it a nudge, what was decided, what people read
INDENT = 7 * " "  # below 09:30


class Story:
    """`hear` facts as they come, `tell` what is old enough.  `told` counts all by their class."""

    def __init__(self, console: Console, words: Mapping[str, Wording]) -> None:
        self.console, self.words = console, words
        self.told = Counter[str]()
        self._lines: list[Line] = []
        self._held: list[tuple[datetime, str]] = []
        self._day = ""

    def hear(self, fact: Fact) -> None:
        self.told[type(fact).__name__] += 1
        if isinstance(fact, NudgeHeld):
            self._held.append((fact.at, fact.reason.replace("_", " ")))
        elif (said := sentence(fact)) is not None:
            nudge = isinstance(fact, (NudgeSent, NudgeSuppressed))
            self._lines.append((fact.at, nudge, said, self._letter(fact)))

    def tell(self, through: datetime) -> None:
        for at, _, said, read in sorted(line for line in self._lines if line[0] <= through):
            if (day := f"{at:%A, %Y-%m-%d}") != self._day:
                self._day = day
                self.console.print(Text(f"\n{day} (UTC)", "bold"))
            self._print(f"{at:%H:%M}", said)
            for text in read:
                self._print("", text, "italic")
        held = Counter(reason for at, reason in self._held if at <= through)
        if held:
            why = ", ".join(f"{count} by {reason}" for reason, count in held.most_common())
            self._print("", f"held   {held.total()} for a better moment: {why}", "dim")
        self._lines = [line for line in self._lines if line[0] > through]
        self._held = [each for each in self._held if each[0] > through]

    def summary(self, days: int) -> str:
        told = self.told
        return (
            f"\nIn {days} days: {told['MatchProposed']} matches made and {told['MatchEnded']} ended, "
            f"{told['LearnerWaitlisted']} times a learner was told why there is nobody yet. "
            f"{told['NudgeSent']} nudges sent, {told['NudgeHeld']} times one was held for a better moment, "
            f"{told['NudgeSuppressed']} left unsaid, each with its reason."
        )

    def _letter(self, fact: Fact) -> tuple[str, ...]:
        if not isinstance(fact, NudgeSent) or not self.words:  # an installed package has none
            return ()
        try:
            found = letter(fact, pick(self.words, fact.language), {})
        except Unsayable as error:
            return (f"not said: {error}",)
        said = found.text.split("\n\n")[1:-1]  # without the salutation and the signature
        if len(said) == 1:
            return (f"“{found.subject}” {said[0]}",)
        return (f"“{found.subject}”", *(f"- {each}" for each in said))

    def _print(self, time: str, said: str, style: str = "") -> None:
        lines = fill(
            f"{time:5}  {said}", self.console.width, subsequent_indent=INDENT, break_on_hyphens=False
        )
        self.console.print(Text(lines, style), soft_wrap=True)
