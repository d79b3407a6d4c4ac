"""L6: tries on one item fail again and again, or hints do not help.  The learner hears at once, the mentor in 48 h.

No threshold of a known system was found: 3 fails or 2 hints are a proposal.
"""

from datetime import timedelta

from nudging.course_rows import Course
from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    """Stands until the item is passed, or is left alone for a week; one item at a time."""
    if course.work is None or not course.work.stuck:
        return None
    policy = sight.policy
    found = []
    for item, stuck in course.work.stuck.items():
        if len(stuck.fails) < policy.stuck_fails and len(stuck.hints) < policy.stuck_hints:
            continue
        since = sight.since(f"L6/{name}/{item}", stuck.last_at)
        told_at = sight.since(f"L6/{name}/{item}", sight.now)  # the learner, who may hear of it late
        until = stuck.last_at + policy.stuck_quiet_days * DAY
        if until <= sight.now and f"L6/{name}/{item}" not in sight.pulse.episodes:
            continue
        found.append(
            Ladder(
                "L6", f"{name}/{item}", name, since, since,
                (
                    Step(1, since, ("learner",)),
                    Step(2, told_at + timedelta(hours=policy.stuck_mentor_hours), ("mentor",)),
                ),
                (("item", item), ("fails", len(stuck.fails)), ("hints", len(stuck.hints))),
                absence=False, until=until, evidence=(stuck.evidence,) if stuck.evidence is not None else (),
            )
        )  # fmt: skip
    return sight.first(found)
