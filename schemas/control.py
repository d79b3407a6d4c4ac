"""Facts about the pipeline itself: how far it has heard, what time it is, what it set aside."""

from typing import Annotated

from pydantic import Strict

from schemas.fact import Fact, Source, travels
from schemas.terms import Count, Instant, Items, Name

Heard = Annotated[tuple[Source, Instant], Strict(False)]


@travels("source.progressed.v1", "learner-facts", "reader", course_wide=True)
class SourceProgressed(Fact):
    """Through which `seen_at` one input partition was read to its end; idle partitions say it too.

    `partitions` is how many such partitions there are, so a reader knows when it has heard all.
    `last_heard` tells for each platform when it last said anything in this partition.
    """

    reader: Name
    input_topic: Name
    input_partition: Count
    partitions: Count
    heard_through: Instant
    last_heard: Items[Heard] = ()  # up to 32


@travels("clock.ticked.v1", "", "writer")
class ClockTicked(Fact):
    """On the facts' clock: all that `writer`'s partition will ever say through `through` is said."""

    writer: Name
    partition: Count
    partitions: Count
    through: Instant


@travels("fact.parked.v1", "dead-letters", "topic")
class FactParked(Fact):
    """The original bytes are the record's value, the original headers follow ours, prefixed."""

    topic: Name
    partition: Count
    offset: Count
    reason: str
    dialect: str = ""
