"""Was anybody told too much, at night, too late, or against their word?  Counted from the topics alone.

An auditor: it shares no code with the inboxes that decide, only their facts, the last words in their rows and the
policy's figures.  Where what a person had said by then is no longer known, a nudge is not held against it, and
counted as such: to judge it by what is usual would accuse wrongly, and acquit wrongly.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from schemas.fact import Fact
from schemas.nudges import (
    ConsentGiven,
    ConsentWithdrawn,
    NudgeSent,
    OfPerson,
    PersonOptedIn,
    PersonOptedOut,
    PersonProfiled,
    QuietHoursSet,
)
from schemas.policy import Policy
from streams.last_words import Words

WEEK_DAYS = 7
Week = tuple[int, int]  # of ISO 8601: year and week


@dataclass
class _Heard:
    """What one person was told so far."""

    days: dict[tuple[str, date], int] = field(default_factory=Counter)  # by what it counts as
    rungs: dict[object, int] = field(default_factory=Counter)  # by episode
    wording: dict[str, int] = field(default_factory=dict)  # the last of each template
    weeks: Counter[Week] = field(default_factory=Counter)


@dataclass
class Audit:
    """`hear` takes facts of people before the nudges they bear on, and each person's nudges in order."""

    policy: Policy
    words: Words = field(default_factory=Words)
    nudges: int = 0
    unknown: int = 0  # nudges not held against what was said, as that is no longer known
    breaches: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)  # a nudge of each breach
    _heard: dict[str, _Heard] = field(default_factory=lambda: defaultdict(_Heard))
    _active: dict[str, set[Week]] = field(default_factory=lambda: defaultdict(set))

    def hear(self, fact: Fact, since: datetime | None = None) -> None:
        """`since`, with a nudge: from when its person's words are held; None = from the first."""
        if isinstance(fact, NudgeSent):
            self._nudged(fact, since)
        elif isinstance(fact, OfPerson):
            self.words.hear(fact)

    def was_active(self, learner: str, at: datetime) -> None:
        """A week in which a learner did something is one of which a median is taken."""
        self._active[learner].add(at.isocalendar()[:2])

    def _nudged(self, nudge: NudgeSent, since: datetime | None) -> None:
        self.nudges += 1
        heard = self._heard[nudge.recipient]
        found = set(_ill_told(nudge, heard, self.policy))
        if nudge.at >= nudge.expires_at:
            found.add("after its time")
        if self.words.known(nudge.recipient, nudge.at, since):
            words = self.words.by(nudge.recipient, nudge.at)
            local = nudge.at.astimezone(ZoneInfo(self._zone(nudge, words)))
            today = local.date()
            found.update(self._unwished(nudge, words, local))
        else:
            self.unknown += 1
            today = date.fromisoformat(nudge.local_day)
        found.update(self._too_much(nudge, heard, today))
        for breach in found:
            self.breaches[breach] += 1
            self.examples.setdefault(breach, str(nudge.nudge))
        heard.weeks[nudge.at.isocalendar()[:2]] += 1

    def _too_much(self, nudge: NudgeSent, heard: _Heard, today: date) -> list[str]:
        inbox = self.policy.inbox
        what = "digest" if nudge.digest else str(nudge.role)
        heard.days[what, today] += 1
        count = heard.days[what, today]
        a_day = {
            "learner": inbox.learner_a_day, "mentor": inbox.mentor_immediate_a_day,
            "operator": inbox.operator_a_day, "digest": 1,
        }[what]  # fmt: skip
        found = [f"{what}: more than {a_day} a day"] if count > a_day else []
        if what == "learner":
            week = sum(heard.days["learner", today - timedelta(days=n)] for n in range(WEEK_DAYS))
            found += ["learner: more than a week allows"] if week > inbox.learner_a_week else []
        return found + (["digest: too long"] if len(nudge.items) > inbox.digest_items else [])

    def _zone(self, nudge: NudgeSent, words: list[OfPerson]) -> str:
        profile = _profile(words)
        if profile is None or profile.derived:
            for operator in self.policy.operators:
                if operator.id == nudge.recipient:
                    return operator.time_zone
        if profile is None:
            return self.policy.defaults.time_zone
        if profile.derived:  # one that tells no zone takes none away
            told = [
                w
                for w in words
                if isinstance(w, PersonProfiled) and w.derived and "time_zone" not in w.assumed
            ]
            return max(told, key=lambda one: one.at, default=profile).time_zone
        return profile.time_zone

    def _unwished(self, nudge: NudgeSent, words: list[OfPerson], local: datetime) -> list[str]:
        found = ["in quiet hours"] if not nudge.critical and self._quiet(words, local) else []
        for kind in {item.kind for item in nudge.items}:
            said = [
                w for w in words if isinstance(w, PersonOptedIn | PersonOptedOut) and w.kind in (kind, "all")
            ]
            if said and isinstance(said[-1], PersonOptedOut):
                found.append(f"opted out of {kind}")
        consents = [
            w for w in words if isinstance(w, ConsentGiven | ConsentWithdrawn) and w.scope == "nudges"
        ]
        profile = _profile(words)
        no = profile is not None and not profile.nudges_consent and not consents
        if no or (consents and isinstance(consents[-1], ConsentWithdrawn)):
            found.append("without consent")
        return found

    def _quiet(self, words: list[OfPerson], local: datetime) -> bool:
        own = [word for word in words if isinstance(word, QuietHoursSet)]
        inbox, minute = self.policy.inbox, local.hour * 60 + local.minute
        begins, ends, days = (
            (own[-1].from_minute, own[-1].to_minute, set(own[-1].days)) if own else (inbox.quiet_from, inbox.quiet_to, set(range(7)))
        )  # fmt: skip
        if begins <= ends:
            return begins <= minute < ends and local.weekday() in days
        return (minute >= begins and local.weekday() in days) or (
            minute < ends and (local.weekday() - 1) % 7 in days
        )

    def as_json(self) -> dict[str, Any]:
        """`a_week`: nudges to a learner in the weeks in which that learner was active."""
        weeks = [
            self._heard[learner].weeks[week] if learner in self._heard else 0
            for learner, active in self._active.items()
            for week in active
        ]
        return {
            "nudges": self.nudges,
            "not held against what was said": self.unknown,
            "breaches": sum(self.breaches.values()),
            "breaches by kind": dict(sorted(self.breaches.items())),
            "active learner-weeks": len(weeks),
            "nudges in the median active week": median(weeks) if weeks else None,
            "most in an active week": max(weeks, default=None),
        }


def _profile(words: list[OfPerson]) -> PersonProfiled | None:
    found = [word for word in words if isinstance(word, PersonProfiled)]
    return max(found, key=lambda one: (not one.derived, one.at), default=None)


def _ill_told(nudge: NudgeSent, heard: _Heard, policy: Policy) -> list[str]:
    found: list[str] = []
    for item in nudge.items:
        if heard.wording.get(item.template) == item.variant and policy.inbox.wordings > 1:
            found.append("the same wording twice in a row")
        heard.wording[item.template] = item.variant
        heard.rungs[item.episode] += 1
        if nudge.role == "learner" and item.kind != "match":
            many = heard.rungs[item.episode] > policy.inbox.rungs_per_episode
            found += ["learner: too many rungs of an episode"] if many else []
    return found
