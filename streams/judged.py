"""How much of what is the matter is told, and how much of what is told is true?  A made-up programme, lived in one process."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

from schemas.advice import AdviceGiven
from schemas.fact import Fact
from schemas.policy import Policy, ProgrammePolicy
from streams.company import Company
from streams.log import Stored
from streams.replay import TICK, Replay, windows
from streams.settings import Settings
from streams.simulate import PROGRAMME, SOURCE, Shape, programme
from streams.truth import Judge


class Judged:
    """`run` yields each tick with how many facts it brought; then `verdict` tells each signal's recall and precision."""

    def __init__(self, settings: Settings, policy: Policy, shape: Shape, start: datetime) -> None:
        """The programme asks both sides of a match, so that an answer can stay away."""
        asks = {**policy.programmes, PROGRAMME: ProgrammePolicy(auto_confirm=False)}
        self.facts, self.truths = programme(shape, start)
        self.company = Company(SOURCE, PROGRAMME, start, shape.days, asks=True)
        self.judge, self.ends = Judge(), start + timedelta(days=shape.days)
        self._matches: list[Fact] = []
        self._to_come: list[tuple[datetime, UUID, Fact]] = []
        self._replay = Replay(
            settings, policy.model_copy(update={"programmes": asks}), self._hear, overheard=("person-facts",)
        )

    def _hear(self, topic: str, fact: Fact, line: Stored) -> None:
        if isinstance(fact, AdviceGiven):
            self.judge.hear(fact)
        elif topic == "matches":
            self._matches.append(fact)

    def run(self) -> Iterator[tuple[datetime, int]]:
        for through, held in windows(self.facts, TICK):
            while self._to_come and self._to_come[0][0] <= through:
                held.append(heappop(self._to_come)[2])
            self._replay.step(through, held)
            for match in self._matches:
                for fact in self.company.answer(match, through):
                    heappush(self._to_come, (fact.at, fact.id, fact))
            self._matches.clear()
            yield through, len(held)

    def verdict(self) -> dict[str, dict[str, Any]]:
        return self.judge.verdict([*self.truths, *self.company.truths], self.ends)
