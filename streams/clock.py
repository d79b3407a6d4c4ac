"""What time is it for a partition?  Never earlier than it was, and never ahead of what was read.

On `wall`, a partition lives at the `seen_at` of its next fact while it is behind, and by the machine's
clock only at the log's end.  On `facts`, it lives at the least that all its writers have ticked.
"""

from datetime import datetime

from schemas.control import ClockTicked
from schemas.topics import CLOCK_WRITERS
from streams.progress import Progress


def at_least(clock: datetime | None, at: datetime) -> datetime:
    return at if clock is None or at > clock else clock


def ticked(progress: Progress, tick: ClockTicked) -> Progress:
    """The tick heard; a repeated or older one changes nothing."""
    name = f"{tick.writer}:{tick.partition}/{tick.partitions}"
    if (before := progress.ticks.get(name)) is not None and before >= tick.through:
        return progress
    return progress.model_copy(update={"ticks": {**progress.ticks, name: tick.through}})


def all_ticked(progress: Progress, ledger: str, partitions: int) -> datetime | None:
    """Through when all writers of this reader have spoken; None until each has.

    The feed ticks each of its partitions by itself, so intake waits for its own partition alone.
    """
    writers = CLOCK_WRITERS[ledger]
    expected = 1 if writers == ("feed",) else len(writers) * partitions
    return min(progress.ticks.values()) if len(progress.ticks) == expected else None
