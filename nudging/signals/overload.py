"""M5: a mentor's hours are all but promised, or their replies take twice as long as they used to.

Told to the operator weekly, never to the mentor; the pool hears that the mentor should have room for one fewer.
"""

from collections.abc import Iterator
from datetime import datetime
from statistics import median

from nudging.ladder import DAY, Ladder, Step
from nudging.mentor_rows import Load, Mentoring
from nudging.sight import Sight
from schemas.pulse_policy import PulsePolicy
from schemas.rows import changed

FULL = 1000  # permille
LATELY, FEW, USUAL = 28 * DAY, 3, 5  # replies needed lately, and before, to compare
WEEKLY = 4  # times it is told, a week apart


def load_permille(mentoring: Mentoring) -> int:
    """Of the hours offered, in the pool where that is most; who offers none any more and has learners bears all."""
    return max(_permille(load) for load in mentoring.loads.values())


def _permille(load: Load) -> int:
    return FULL * load.committed // load.capacity if load.capacity else FULL if load.committed else 0


def reply_hours(mentoring: Mentoring, now: datetime) -> tuple[int, int] | None:
    """Median hours to a reply: of the last four weeks, and before; None where there are too few of either."""
    lately = [hours for at, hours in mentoring.replies if at > now - LATELY]
    before = [hours for at, hours in mentoring.replies if at <= now - LATELY]
    if len(lately) < FEW or len(before) < USUAL:
        return None
    return round(median(lately)), round(median(before))


def judged(mentoring: Mentoring, now: datetime, policy: PulsePolicy) -> Mentoring:
    """Strained from the first sight of it until both have been below their lines for a week."""
    hours = reply_hours(mentoring, now)
    slow = hours is not None and hours[0] > policy.overload_slower * max(1, hours[1])
    over = any(
        FULL * load.committed > policy.overload_permille * load.capacity for load in mentoring.loads.values()
    )
    if over or slow:
        if mentoring.strained_at is not None and mentoring.eased_at is None:
            return mentoring
        return changed(mentoring, strained_at=mentoring.strained_at or now, eased_at=None)
    if mentoring.strained_at is None:
        return mentoring
    eased = mentoring.eased_at or now
    if now >= eased + policy.overload_clear_days * DAY:
        return changed(mentoring, strained_at=None, eased_at=None)
    return mentoring if mentoring.eased_at is not None else changed(mentoring, eased_at=eased)


def ladders(sight: Sight) -> Iterator[Ladder]:
    mentoring = sight.pulse.mentoring
    if mentoring is None or mentoring.strained_at is None:
        return
    since, eased = mentoring.strained_at, mentoring.eased_at
    hours = reply_hours(mentoring, sight.now)
    yield Ladder(
        "M5", "load", "", since, since,
        tuple(Step(n + 1, since + 7 * n * DAY, ("operator",)) for n in range(WEEKLY)),
        (
            ("load_permille", load_permille(mentoring)), ("learners", len(mentoring.learners or ())),
            ("reply_hours", hours[0] if hours else "too few replies"),
            ("usual_reply_hours", hours[1] if hours else "too few replies"), ("suggestion", "one learner fewer"),
        ),
        absence=False, until=None if eased is None else eased + sight.policy.overload_clear_days * DAY,
    )  # fmt: skip
