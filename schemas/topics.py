"""One table of topics: who writes them, what they are keyed by, how long they keep.

Inner topics share one partition count and one partitioner, so that a key's facts meet.
"""

from typing import NamedTuple

DAY_MS = 86_400_000
LETTER_BYTES = 2_000_000  # a dead letter: the largest record a broker takes by default, and our headers


class Topic(NamedTuple):
    name: str
    key: str
    written_by: str
    keeps_days: int  # unless settings say otherwise; 0 = for ever, but for what compaction removes
    compacted: bool = False
    inner: bool = True  # shares the inner partition count


PLATFORM_EVENTS = Topic("platform-events", "any", "platforms, doors, notification services", 7)
POOL_FACTS = Topic("pool-facts", "pool", "intake, pools, pulses", 30)
LEARNER_FACTS = Topic("learner-facts", "learner", "intake, pools", 30)
PERSON_FACTS = Topic("person-facts", "person", "intake, pools, pulses", 30)
MATCHES = Topic("matches", "learner", "pools", 365)
ROUNDS = Topic("rounds", "pool", "pools", 90)
NUDGES = Topic("nudges", "recipient", "inboxes", 365)
DEAD_LETTERS = Topic("dead-letters", "source topic", "any ledger", 14)
# Faust names it after its app and its table
BOARD = Topic("board-rows-changelog", "row", "gateway", 365, compacted=True)
DEPLOYMENT = Topic("deployment", "what", "topics create", 0, compacted=True, inner=False)

LEDGERS: dict[str, Topic] = {
    "intake": PLATFORM_EVENTS,
    "pools": POOL_FACTS,
    "pulses": LEARNER_FACTS,
    "inboxes": PERSON_FACTS,
}

# Whose ticks a reader waits for on the facts' clock.  pulses -> pools is left out: the feedback edge
# would close a circle in which each waits for the other.
CLOCK_WRITERS: dict[str, tuple[str, ...]] = {
    "intake": ("feed",),
    "pools": ("intake",),
    "pulses": ("intake", "pools"),
    "inboxes": ("intake", "pools", "pulses"),
}


def changelog(ledger: str) -> Topic:
    """The compacted topic that holds a ledger's rows and its progress."""
    return Topic(f"{ledger}-rows", "row", ledger, 0, compacted=True)


TOPICS: tuple[Topic, ...] = (
    PLATFORM_EVENTS, POOL_FACTS, LEARNER_FACTS, PERSON_FACTS, MATCHES, ROUNDS, NUDGES, DEAD_LETTERS,
    *(changelog(name) for name in LEDGERS), BOARD, DEPLOYMENT,
)  # fmt: skip


def readers_of_clock(writer: str) -> tuple[str, ...]:
    """The ledgers that wait for this writer's ticks."""
    return tuple(reader for reader, writers in CLOCK_WRITERS.items() if writer in writers)
