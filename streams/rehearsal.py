"""What would the pulses and the inboxes have said over one term of a course?

The whole replay but for the pools: each learner has a stand-in mentor from the enrolment on, as a pool with time
for all would give.  What a pulse says of a learner's study does not depend on who the mentor is, so its advice is
that of the whole pipeline (`tests/replay/test_evaluate.py` compares them), in a fraction of the time.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import ClassVar

from schemas.fact import Fact, Moment, caused_by
from schemas.learners import LearnerEnrolled
from schemas.matches import MatchAnnounced
from schemas.nudges import PersonProfiled
from schemas.policy import Policy
from schemas.rows import Row, Rows, blank, changed
from streams.log import Stored
from streams.replay import TICK, Replay, windows
from streams.role import FactRole
from streams.settings import Settings

MENTEES = 8  # of one stand-in mentor, so that caps and digests work as with real ones


class StandInRow(Row):
    """How many learners of a pool have a mentor."""

    KIND: ClassVar[str] = "stand-in"
    learners: int = 0


class MetRow(Row):
    KIND: ClassVar[str] = "met"


STAND_INS: dict[str, type[Row]] = {row.KIND: row for row in (StandInRow, MetRow)}


def stand_in(rows: Rows, moment: Moment) -> list[Fact]:
    """A pool's part: each learner gets a mentor at once, eight learners the same."""
    fact = moment.cause
    if not isinstance(fact, LearnerEnrolled) or rows.find(MetRow, fact.pool, fact.learner) is not None:
        return []
    rows.put(blank(MetRow), fact.pool, fact.learner)
    row = rows.find(StandInRow, fact.pool) or blank(StandInRow)
    rows.put(changed(row, learners=row.learners + 1), fact.pool)
    mentor = f"stand-in:{fact.pool}-{row.learners // MENTEES}"
    defaults = moment.policy.defaults
    return [
        moment.fact(
            MatchAnnounced, fact.learner, pool=fact.pool, programme=fact.programme, learner=fact.learner,
            state="confirmed", pair=caused_by(fact.id, "pair"), mentor=mentor, since=moment.now, rev=1,
        ),
        moment.fact(
            PersonProfiled, mentor, person=mentor, role="mentor", time_zone=defaults.time_zone,
            language=defaults.language, channels=defaults.channels, derived=True,
        ),
    ]  # fmt: skip


def rehearsed(policy: Policy) -> Policy:
    """The policy as it can be rehearsed: history of a course tells of no messages, so their absence means nothing."""
    return policy.model_copy(update={"pulse": policy.pulse.model_copy(update={"contact_told": False})})


def rehearse(
    settings: Settings,
    policy: Policy,
    facts: Iterable[Fact],
    through: datetime,
    told: Callable[[Fact], None],
) -> Iterator[tuple[datetime, int, Replay]]:
    """Feeds the facts tick by tick, and goes on up to `through`; `told` hears advice, episodes, needs and nudges.

    In one partition: a course is its own whole cohort, and ticks, which go from each partition to each, cost little.
    Yields each tick, how many facts it brought, and the replay, so that a caller may look at what is remembered.
    """

    def hear(topic: str, fact: Fact, line: Stored) -> None:
        told(fact)

    replay = Replay(
        settings.model_copy(update={"partitions": 1}), rehearsed(policy), hear, instead={"pools": FactRole("pools", STAND_INS, stand_in)},
        overheard=("person-facts", "pool-facts"),
    )  # fmt: skip
    at = None
    for at, held in windows(facts, TICK):
        replay.step(at, held)
        yield at, len(held), replay
    while at is not None and at < through:
        at += TICK
        replay.step(at, ())
        yield at, 0, replay
