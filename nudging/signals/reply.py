"""M3: a message waits for its answer.  7, 14, 21 days who owes it, 28 the operator, a week later the pair ends.

As Exercism nudges its mentors and students; half of it where a course has graded deadlines.
"""

from collections.abc import Iterator
from datetime import datetime

from nudging.breaks import counts_from
from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight
from schemas.terms import Role


def ladders(sight: Sight) -> Iterator[Ladder]:
    """Counts from the first message that waits; a chaser does not start it anew, and a learner's own break does."""
    policy, match, talk = sight.policy, sight.pulse.match, sight.pulse.talk
    if not policy.contact_told or match.state != "confirmed" or match.pair is None or not sight.pulse.goes_on:
        return
    waiting: list[tuple[datetime, datetime, Role]] = [(at, at, "mentor") for at in talk.learner_asks[:1]]
    for at in talk.mentor_asks[:1]:
        counted = counts_from(sight.pulse, at, sight.now)
        waiting += [] if counted is None else [(counted, at, "learner")]
    if not waiting:
        return
    since, asked, owes = min(waiting)
    day = DAY / 2 if policy.reply_halved and _graded(sight) else DAY
    times = (policy.reply_first_days, policy.reply_second_days, policy.reply_third_days)
    yield Ladder(
        "M3", str(match.pair), "", since, since + policy.reply_first_days * day,
        (
            *(Step(n, since + days * day, (owes,)) for n, days in enumerate(times, 1)),
            Step(4, since + policy.reply_operator_days * day, ("operator",)),
            Step(5, since + policy.reply_lapse_days * day, ("operator",), lapses="no_reply"),
        ),
        (("asked", asked.date().isoformat()), ("owes", owes)),
    )  # fmt: skip


def _graded(sight: Sight) -> bool:
    return any(
        date.required
        for name, course in sight.pulse.courses.items()
        if course.active
        for date in sight.dates(name, course).values()
    )
