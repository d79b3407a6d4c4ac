"""Facts about a person who is to be forgotten: what a platform says, its copies, and the word to readers outside.

Mentions of a person stand in many rows, so intake copies the word to each partition of every ledger.
"""

from schemas.fact import Fact, travels
from schemas.nudges import OfPerson
from schemas.terms import Person


@travels("person.erased.v1", "person-facts", "person", outside=True)
class PersonErased(OfPerson):
    """For good: nothing that is said of this id later is folded.  Who comes back comes with a new id."""


class Erasure(Fact):
    """Intake's copy of `person.erased` for each partition of one ledger."""

    person: Person


@travels("inboxes.erased.v1", "person-facts", "person", course_wide=True)
class InboxesErased(Erasure):
    pass


@travels("pulses.erased.v1", "learner-facts", "person", course_wide=True)
class PulsesErased(Erasure):
    pass


@travels("pools.erased.v1", "pool-facts", "person", course_wide=True)
class PoolsErased(Erasure):
    pass


@travels("person.forgotten.v1", "nudges", "person")
class PersonForgotten(OfPerson):
    """For readers outside: drop what you keep of this person, names above all."""
