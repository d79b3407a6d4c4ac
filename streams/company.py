"""How do made-up pairs keep company?  They answer what the pipeline decides: accept, write, meet, fall silent, go away.

Each pair draws its own fate from its id, each mentor from theirs, so the same matches live the same lives.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from schemas.activity import MeetingHeld, MessageSent
from schemas.fact import F, Fact
from schemas.matches import MatchAccepted, MatchConfirmed, MatchEnded, MatchProposed
from schemas.mentors import MentorPaused
from schemas.study import MeetingMissed
from streams.troubles import DAY, HOUR, make
from streams.truth import Truth

LATE = 6 * DAY  # an answer that takes longer is owed
SILENT = 21 * DAY
BETWEEN = 4.0  # days from one exchange to the next
SLOW_DAYS = 35


class Mentor:
    """Seldom away for some weeks; seldom slow for five; a few come to no meeting."""

    def __init__(self, name: str, start: datetime, days: int) -> None:
        chance = Random(name)
        self.unreliable = chance.random() < 0.06
        self.slow_from = start + DAY * chance.uniform(35, max(36, days)) if chance.random() < 0.15 else None
        self.away_from = start + DAY * chance.uniform(10, max(11, days)) if chance.random() < 0.15 else None
        self.away_until = self.away_from + DAY * chance.uniform(9, 20) if self.away_from is not None else None

    def answers(self, at: datetime, after: timedelta) -> datetime:
        if self.slow_from is not None and self.slow_from <= at < self.slow_from + SLOW_DAYS * DAY:
            after *= 4
        at += after
        if (
            self.away_from is not None
            and self.away_until is not None
            and self.away_from <= at < self.away_until
        ):
            return self.away_until + after
        return at


class Company:
    """`answer` takes the matches as they are decided and gives what people then do; `truths` is what really was."""

    def __init__(self, source: str, programme: str, start: datetime, days: int, asks: bool) -> None:
        """`asks`: must both sides accept?  `days` is how long the programme lasts."""
        self.source, self.programme, self.asks = source, programme, asks
        self.start, self.days, self.ends = start, days, start + days * DAY
        self.mentors: dict[str, Mentor] = {}
        self._truths: dict[UUID, list[Truth]] = defaultdict(list)
        self._of_mentors: list[Truth] = []
        self._ended: dict[UUID, datetime] = {}

    def answer(self, fact: Fact | None, now: datetime) -> list[Fact]:
        if isinstance(fact, MatchProposed) and self.asks:
            return list(self._accepted(fact, now))
        if isinstance(fact, MatchConfirmed):
            return [*self._known(fact.mentor, now), *self._company(fact, now)]
        if isinstance(fact, MatchEnded):
            self._ended.setdefault(fact.pair, fact.at)
        return []

    @property
    def truths(self) -> Iterator[Truth]:
        """What a pair that has ended would still have come to is nobody's fault: true, but not to be reached."""
        yield from self._of_mentors
        for pair, truths in self._truths.items():
            over = self._ended.get(pair)
            for truth in truths:
                cut = over is not None and over < truth.due
                yield truth._replace(by=self.ends + SILENT) if cut else truth

    def _make(self, cls: type[F], at: datetime, name: object, **fields: Any) -> F:
        return make(self.source, cls, at, str(name), **fields)

    def _of(self, cls: type[F], match: Any, at: datetime, name: str, **fields: Any) -> F:
        return self._make(
            cls,
            at,
            f"{match.pair}/{name}",
            pair=match.pair,
            learner=match.learner,
            mentor=match.mentor,
            **fields,
        )

    def _known(self, name: str, now: datetime) -> Iterator[Fact]:
        """What befalls a mentor is drawn with their first pair."""
        if name in self.mentors:
            return
        mentor = self.mentors[name] = Mentor(name, self.start, self.days)
        if mentor.slow_from is not None:
            since = mentor.slow_from + 7 * DAY  # until then a few late answers are just that
            self._of_mentors.append(Truth("M5", name, since, mentor.slow_from + (SLOW_DAYS + 14) * DAY))
        if mentor.away_from is not None and mentor.away_until is not None and mentor.away_from > now:
            self._of_mentors.append(Truth("M6", name, mentor.away_from, mentor.away_until))
            yield self._make(
                MentorPaused, mentor.away_from, name, programme=self.programme, mentor=name, paused_until=mentor.away_until
            )  # fmt: skip

    def _accepted(self, match: MatchProposed, now: datetime) -> Iterator[Fact]:
        chance = Random(f"{match.pair}/accept")
        for side in ("learner", "mentor"):
            if chance.random() < 0.12:
                self._truths[match.pair].append(Truth("M1", match.learner, now, now + 3 * DAY, now + 2 * DAY))
                continue
            at = now + HOUR * min(20.0, chance.expovariate(1 / 6))
            yield self._make(
                MatchAccepted, at, f"{match.pair}/{side}", programme=self.programme, pair=match.pair,
                learner=match.learner, mentor=match.mentor, by=side,
            )  # fmt: skip

    def _company(self, match: MatchConfirmed, now: datetime) -> Iterator[Fact]:
        chance = Random(str(match.pair))
        true = self._truths[match.pair].append
        if chance.random() < 0.15:
            true(Truth("M2", match.learner, now, now + 14 * DAY, now + 8 * DAY))
            return
        mentor = self.mentors[match.mentor]
        at, number = mentor.answers(now, HOUR * chance.uniform(2, 30)), 0
        missed: list[datetime] = []
        while at < self.ends:
            number += 1
            if number > 1 and chance.random() < 0.25:
                if mentor.unreliable:
                    missed.append(at)
                    yield self._of(MeetingMissed, match, at, f"missed/{number}", missed_by="mentor")
                else:
                    yield self._of(MeetingHeld, match, at, f"met/{number}", minutes=30)
                last = at
            else:
                asks = "mentor" if number == 1 else chance.choice(("learner", "mentor"))
                yield self._of(MessageSent, match, at, f"asks/{number}", sender=asks)
                after = HOUR * chance.expovariate(1 / 14)
                last = mentor.answers(at, after) if asks == "learner" else at + after
                neglected = chance.random() < 0.05
                if neglected or last - at > LATE:
                    true(Truth("M3", match.learner, at, at + 2 * SILENT if neglected else last, at + 8 * DAY))
                if neglected:
                    return
                other = "learner" if asks == "mentor" else "mentor"
                yield self._of(
                    MessageSent, match, last, f"answers/{number}", sender=other, expects_reply=False
                )
            if number > 2 and chance.random() < 0.06:
                true(Truth("M4", match.learner, last, last + 90 * DAY, last + SILENT + 2 * DAY))
                return
            at = max(at, last) + DAY * chance.expovariate(1 / BETWEEN)
        if len(missed) > 1:
            self._of_mentors.append(Truth("M6", match.mentor, missed[0], missed[-1] + SILENT))
