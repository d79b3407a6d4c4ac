"""Facts about what a mentor does and bears, keyed by mentor: what a mentor's own pulse reads and says."""

from typing import Annotated

from pydantic import Strict

from schemas.fact import Fact, travels
from schemas.learners import OfPool
from schemas.terms import Count, Instant, Items, Person, Side, Uid

Pair = Annotated[tuple[Uid, Person], Strict(False)]  # and its learner


class OfMentor(Fact):
    mentor: Person


@travels("message.copied.v1", "learner-facts", "mentor")
class MessageCopied(OfMentor):
    """Intake's copy of `message.sent` for the mentor's pulse."""

    pair: Uid
    learner: Person
    sender: Side
    expects_reply: bool = True


@travels("meeting.copied.v1", "learner-facts", "mentor")
class MeetingCopied(OfMentor):
    """Intake's copy of `meeting.held` and `meeting.missed`."""

    pair: Uid
    learner: Person
    missed_by: Side | None = None  # None = it was held


@travels("mentor.away.v1", "learner-facts", "mentor")
class MentorAway(OfMentor):
    """Intake's copy of `mentor.paused`, `mentor.resumed`, `mentor.left` and `mentor.joined`."""

    programme: str = ""
    away: bool
    until: Instant | None = None
    gone: bool = False  # for good
    joined: bool = False  # here again if they were gone; ends no pause


@travels("mentor.loaded.v1", "learner-facts", "mentor")
class MentorLoaded(OfPool):
    """A mentor's present load, whole, as the pool counts it; a reader folds only a newer `rev`."""

    mentor: Person
    committed_minutes: Count  # a week
    capacity_minutes: Count
    max_mentees: Count
    pairs: Items[Pair] = ()  # up to 64

    @property
    def mentees(self) -> int:
        return len(self.pairs)


@travels("mentor.needs_changed.v1", "pool-facts", "pool")
class MentorNeedsChanged(OfPool):
    """A pulse saw that a mentor bears too much, or no longer.  The pool decides; pairs are not ended by it."""

    mentor: Person
    fewer_mentees: Count  # than the mentor's own limit; 0 = as the mentor said
    load_permille: Count = 0
