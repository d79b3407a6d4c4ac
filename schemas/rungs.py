"""Is every rung of every ladder reached?  Each comes later than the one before, and before what it is about is let go."""

from itertools import pairwise

from schemas.knobs import Knobs

LADDERS = (
    ("start_learner_days", "start_mentor_days"),
    ("silence_watch_days", "silence_learner_days", "silence_mentor_days", "silence_operator_days"),
    ("due_last_days", "due_first_days"),
    ("unanswered_mentor_hours", "unanswered_operator_hours"),
    ("accept_first_hours", "accept_last_hours"),
    ("contact_both_days", "contact_mentor_days", "contact_lapse_days"),
    (
        "reply_first_days", "reply_second_days", "reply_third_days", "reply_operator_days", "reply_lapse_days",
    ),
    ("stalled_days", "stalled_notice_days", "stalled_lapse_days"),
)  # fmt: skip
# The last rung of a ladder, and when what it is about is let go, whatever else.
LET_GO = (
    ("start_mentor_days", "forgotten_after_days"),
    ("silence_operator_days", "forgotten_after_days"),
    ("stuck_mentor_hours", "stuck_quiet_days"),
    ("unanswered_operator_hours", "unanswered_keep_days"),
    ("support_operator_hours", "support_keep_days"),
    ("plan_after_days", "plan_keep_days"),
    ("digital_unopened_days", "digital_keep_days"),
)


def unreached(policy: Knobs) -> str:
    """Which rung is never heard, and which two knobs say so; empty = each is."""
    for names in LADDERS:
        for before, after in pairwise(names):
            if getattr(policy, before) >= getattr(policy, after):
                return f"{after} must be more than {before}: each rung must come later than the one before"
    for rung, let_go in LET_GO:
        hours, until = (_hours(policy, name) for name in (rung, let_go))
        if hours >= until:
            return (
                f"{let_go} must be more than {rung}, and is {until} hours to its {hours}: the episode is let go "
                f"before anybody hears that rung"
            )
    return ""


def _hours(policy: Knobs, name: str) -> int:
    value: int = getattr(policy, name)
    return value * 24 if name.endswith("_days") else value
