"""What does an inbox remember of a person?

One small row a person; what waits has rows of its own (`pending`), so that neither grows with the other.
Rings hold the last half of an id (62 random bits): enough to know a repeat, a third of the bytes.  What was
heard is forgotten after 14 to 28 days, so that a row does not grow after its first month; by then advice that
comes again has expired long since, and is told to have.  Of an episode it is known until 14 to 28 days after its end.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self
from uuid import UUID

from nudging.person_rows import Profile, Quiet, Word
from schemas.nudges import NudgeItem
from schemas.rows import Part, Row, changed, empty
from schemas.terms import Instant

MAX_PENDING, MAX_SEEN, MAX_WITHDRAWN, MAX_EPISODES, MAX_TEMPLATES = 64, 128, 64, 32, 64
MAX_UNDELIVERED, MAX_LEFT = 16, MAX_PENDING
MAX_DAYS, WEEK = 8, 7
SAID_ONCE = ("celebrate", "match")  # kinds without a ladder that climbs
TURNS_AFTER = timedelta(days=14)  # twice what the longest advice is good for
_HALF = (1 << 64) - 1


def short(id: UUID) -> str:
    return f"{id.int & _HALF:016x}"


def ring(old: tuple[str, ...], new: str, size: int) -> tuple[str, ...]:
    return old if new in old else (*old, new)[-size:]


class SentDay(Part):
    """How many nudges of each sort a person heard on one of their local days."""

    day: date
    learner: int = 0
    mentor: int = 0  # at once
    operator: int = 0  # at once
    digests: int = 0


NOTHING = SentDay(day=date.min)  # a day on which nothing was heard


class InboxRow(Row):
    KIND: ClassVar[str] = "inbox"

    profile: Profile | None = None
    consent: Word | None = None  # said as such, not by a profile
    experiments: Word | None = None  # may they be held out?
    quiet: Quiet | None = None
    kinds: dict[str, Word] = empty()  # wanted or not, by kind of nudge or "all"
    waiting: int = 0  # pieces of advice that wait
    judged: str = ""  # by which policy; empty = something was learned since that may free what is held
    sent: tuple[SentDay, ...] = ()  # the last local days with a nudge
    variants: dict[str, int] = empty()  # last wording of each template, latest last
    ladders: dict[str, int] = empty()  # nudges heard of each episode that has not ended, latest last
    rungs: dict[str, int] = empty()  # the same of those that ended lately
    seen: tuple[str, ...] = ()
    turned_at: Instant | None = None  # since when `rungs` and `seen` are kept; before it, those of:
    rungs_before: dict[str, int] | None = None
    seen_before: tuple[str, ...] | None = None
    withdrawn: tuple[str, ...] = ()  # before their advice came
    left: dict[str, Instant] = empty()  # advice taken back unsaid as its learner left, and when
    pairs: tuple[str, ...] = ()  # what was told of each pair, of rows by an earlier release
    undelivered: tuple[str, ...] = ()  # nudges told to be so, by webhook

    def consents(self) -> bool:
        """An explicit no holds until an explicit yes; a profile that says no, until a later yes.

        What is assumed of a person nobody told of counts only until they say either.
        """
        told = self.profile is None or self.profile.nudges_consent
        if self.consent is None:
            return told
        if self.profile is None or not self.profile.told:
            return self.consent.yes
        return self.consent.yes and (told or self.consent.at >= self.profile.at)

    def opted_out(self, kind: str) -> bool:
        if not self.kinds:
            return False
        words = [word for name in (kind, "all") if (word := self.kinds.get(name)) is not None]
        return bool(words) and not max(words, key=lambda word: word.rank).yes

    def knows(self, advice: UUID) -> bool:
        name = short(advice)
        return name in self.seen or name in (self.seen_before or ())

    def having_left(self, advice: UUID, at: datetime) -> Self:
        left = {**self.left, short(advice): at}
        return changed(self, left=dict(list(left.items())[-MAX_LEFT:]))

    def may_come_back(self, advice: UUID, at: datetime) -> bool:
        """Given again, as the learner came back: a roster may lose all of a course for a day."""
        left_at = self.left.get(short(advice))
        return left_at is not None and at > left_at

    def was_told(self, pair: UUID, state: str) -> bool:
        """That a match stands, or that it ended: what an earlier release noted."""
        return f"{short(pair)}/{state}" in self.pairs or f"{short(pair)}/ended" in self.pairs

    def heard_of(self, episode: UUID) -> int:
        """Nudges of this episode."""
        name = short(episode)
        return self.ladders.get(name) or self.rungs.get(name) or (self.rungs_before or {}).get(name, 0)

    def having_ended(self, episode: UUID) -> Self:
        """A rung may come months after the one before, so what was heard is known until the episode ends, and some
        weeks on: it may be the same again, if a roster lost the learner for a few days."""
        name = short(episode)
        if name not in self.ladders:
            return self
        ladders = {other: heard for other, heard in self.ladders.items() if other != name}
        rungs = dict(list({**self.rungs, name: self.ladders[name]}.items())[-MAX_EPISODES:])
        return changed(self, ladders=ladders, rungs=rungs)

    def having_seen(self, advice: UUID, now: datetime) -> Self:
        inbox = self
        if self.turned_at is None:
            inbox = changed(self, turned_at=now)
        elif now - self.turned_at >= TURNS_AFTER:
            inbox = changed(
                self,
                turned_at=now,
                seen=(),
                seen_before=self.seen,
                rungs={},
                rungs_before=self.rungs,
                left={other: at for other, at in self.left.items() if now - at < TURNS_AFTER},
                pairs=(),
            )
        name = short(advice)
        if name in inbox.left:
            inbox = changed(inbox, left={other: at for other, at in inbox.left.items() if other != name})
        seen = ring(inbox.seen, name, MAX_SEEN)
        before = inbox.seen_before
        if before is not None and len(seen) + len(before) > MAX_SEEN:  # both together stay as small as one
            before = before[len(seen) + len(before) - MAX_SEEN :]
        return changed(inbox, seen=seen, seen_before=before)

    def on(self, day: date) -> SentDay:
        return next((sent for sent in self.sent if sent.day == day), NOTHING)

    def free_day(self, day: date, a_day: int, a_week: int) -> bool:
        """May a learner hear one more on this day, by the day and by each seven days around it?"""
        heard = [0] * (2 * WEEK - 1)  # from six days before to six days after
        for sent in self.sent:
            if -WEEK < (place := (sent.day - day).days) < WEEK:
                heard[place + WEEK - 1] = sent.learner
        if heard[WEEK - 1] >= a_day:
            return False
        if sum(heard) < a_week:  # then no seven days of them hold more
            return True
        return all(sum(heard[first : first + WEEK]) < a_week for first in range(WEEK))

    def having_sent(self, day: date, what: str, items: tuple[NudgeItem, ...]) -> Self:
        today = self.on(day)
        today = changed(today, day=day, **{what: getattr(today, what) + 1})
        oldest = day - timedelta(days=MAX_DAYS)  # a week, and a day for who travels west
        days = sorted(
            (*(s for s in self.sent if s.day != day and s.day >= oldest), today), key=lambda s: s.day
        )
        variants, ladders = dict(self.variants), dict(self.ladders)
        for item in items:
            variants.pop(item.template, None)
            variants[item.template] = item.variant
            if what == "learner" and item.kind not in SAID_ONCE:  # whom alone a ladder is cut short for
                name = short(item.episode)
                heard = ladders.pop(name, 0) or self.heard_of(item.episode)
                ladders[name] = heard + 1
        return changed(
            self,
            sent=tuple(days[-MAX_DAYS:]),
            variants=dict(list(variants.items())[-MAX_TEMPLATES:]),
            ladders=dict(list(ladders.items())[-MAX_EPISODES:]),
        )
