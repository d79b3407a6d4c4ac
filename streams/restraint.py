"""Was anybody told too much, at night, too late, or against their word?  Counted from the topics alone.

An auditor: it shares no code with the inboxes that decide, only their facts and the policy's figures.
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

GRACE = timedelta(minutes=1)  # a word may be on its way while a nudge is decided
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
    nudges: int = 0
    breaches: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)  # a nudge of each breach
    _words: dict[str, list[OfPerson]] = field(default_factory=lambda: defaultdict(list))
    _heard: dict[str, _Heard] = field(default_factory=lambda: defaultdict(_Heard))
    _active: dict[str, set[Week]] = field(default_factory=lambda: defaultdict(set))

    def hear(self, fact: Fact) -> None:
        if isinstance(fact, NudgeSent):
            self._nudged(fact)
        elif isinstance(fact, OfPerson):
            self._words[fact.person].append(fact)

    def was_active(self, learner: str, at: datetime) -> None:
        """A week in which a learner did something is one of which a median is taken."""
        self._active[learner].add(at.isocalendar()[:2])

    def _nudged(self, nudge: NudgeSent) -> None:
        self.nudges += 1
        heard, zone = self._heard[nudge.recipient], ZoneInfo(self._zone(nudge))
        for found in {
            *self._too_much(nudge, heard, nudge.at.astimezone(zone).date()),
            *self._unwished(nudge, nudge.at.astimezone(zone)),
            *_ill_told(nudge, heard, self.policy),
        }:
            self.breaches[found] += 1
            self.examples.setdefault(found, str(nudge.nudge))
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

    def _known(self, nudge: NudgeSent) -> list[OfPerson]:
        """The person's words by then, the latest last."""
        words = [word for word in self._words[nudge.recipient] if word.seen_at + GRACE <= nudge.at]
        return sorted(words, key=lambda word: word.at)

    def _profile(self, nudge: NudgeSent) -> PersonProfiled | None:
        found = [word for word in self._known(nudge) if isinstance(word, PersonProfiled)]
        return max(found, key=lambda one: (not one.derived, one.at), default=None)

    def _zone(self, nudge: NudgeSent) -> str:
        profile = self._profile(nudge)
        if profile is None or profile.derived:
            for operator in self.policy.operators:
                if operator.id == nudge.recipient:
                    return operator.time_zone
        return self.policy.defaults.time_zone if profile is None else profile.time_zone

    def _unwished(self, nudge: NudgeSent, local: datetime) -> list[str]:
        found = ["after its time"] if nudge.at >= nudge.expires_at else []
        words = self._known(nudge)
        if not nudge.critical and self._quiet(words, local):
            found.append("in quiet hours")
        for kind in {item.kind for item in nudge.items}:
            said = [
                w for w in words if isinstance(w, PersonOptedIn | PersonOptedOut) and w.kind in (kind, "all")
            ]
            if said and isinstance(said[-1], PersonOptedOut):
                found.append(f"opted out of {kind}")
        consents = [
            w for w in words if isinstance(w, ConsentGiven | ConsentWithdrawn) and w.scope == "nudges"
        ]
        profile = self._profile(nudge)
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
            "breaches": sum(self.breaches.values()),
            "breaches by kind": dict(sorted(self.breaches.items())),
            "active learner-weeks": len(weeks),
            "nudges in the median active week": median(weeks) if weeks else None,
            "most in an active week": max(weeks, default=None),
        }


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
