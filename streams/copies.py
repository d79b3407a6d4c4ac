"""What does a pulse need of facts that are keyed by somebody else?  Small copies, keyed by whose pulse reads them.

A mentor has a pulse too, and a learner's pulse counts nights in the learner's own zone, if it may.
"""

from collections.abc import Iterator
from typing import Any

from schemas.activity import MeetingHeld, MessageSent
from schemas.erasure import InboxesErased, PersonErased, PoolsErased, PulsesErased
from schemas.fact import F, Fact, caused_by
from schemas.learners import MatchingConsentTold
from schemas.mentoring import MeetingCopied, MentorAway, MessageCopied
from schemas.mentors import MentorLeft, MentorPaused, MentorResumed
from schemas.nudges import ConsentGiven, ConsentWithdrawn, PersonProfiled
from schemas.study import LearnerKnown, MeetingMissed

COPIED = (
    MessageSent, MeetingHeld, MeetingMissed, MentorPaused, MentorResumed, MentorLeft, PersonProfiled, ConsentGiven,
    ConsentWithdrawn, PersonErased,
)  # fmt: skip


def copies(fact: Fact) -> Iterator[Fact]:
    match fact:
        case MessageSent():
            yield more(
                fact, MessageCopied, mentor=fact.mentor, learner=fact.learner, pair=fact.pair, sender=fact.sender,
                expects_reply=fact.expects_reply,
            )  # fmt: skip
        case MeetingHeld() | MeetingMissed():
            missed_by = fact.missed_by if isinstance(fact, MeetingMissed) else None
            yield more(
                fact,
                MeetingCopied,
                mentor=fact.mentor,
                learner=fact.learner,
                pair=fact.pair,
                missed_by=missed_by,
            )
        case MentorPaused():
            yield more(
                fact,
                MentorAway,
                mentor=fact.mentor,
                programme=fact.programme,
                away=True,
                until=fact.paused_until,
            )
        case MentorResumed():
            yield more(fact, MentorAway, mentor=fact.mentor, programme=fact.programme, away=False)
        case MentorLeft():
            yield more(fact, MentorAway, mentor=fact.mentor, programme=fact.programme, away=True, gone=True)
        case PersonProfiled() if fact.role == "learner" and not fact.derived:
            yield more(fact, LearnerKnown, learner=fact.person, time_zone=fact.time_zone)
        case ConsentGiven() | ConsentWithdrawn() if fact.scope == "sensitive":
            yield more(fact, LearnerKnown, learner=fact.person, sensitive=isinstance(fact, ConsentGiven))
        case ConsentGiven() | ConsentWithdrawn() if fact.scope == "experiments":
            yield more(fact, LearnerKnown, learner=fact.person, experiments=isinstance(fact, ConsentGiven))
        case ConsentGiven() | ConsentWithdrawn() if fact.scope == "matching":
            yield more(fact, MatchingConsentTold, person=fact.person, given=isinstance(fact, ConsentGiven))
        case PersonErased():
            for cls in (InboxesErased, PulsesErased, PoolsErased):
                yield more(fact, cls, person=fact.person)
        case _:
            pass


def more(fact: Fact, cls: type[F], **fields: Any) -> F:
    """Another fact of the same cause, with an id made from it."""
    return cls(
        id=caused_by(fact.id, cls.TYPE), at=fact.at, seen_at=fact.seen_at, source=fact.source, cause=fact.id,
        policy=fact.policy, **fields,
    )  # fmt: skip
