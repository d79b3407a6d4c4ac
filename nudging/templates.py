"""Which pieces of advice can be given, to whom, and what is known when each is put into words?

A template is `signal.rung.role`.  What a text may name at any time is told apart from what is known only
at times: a mentor is, where there is one.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

L, M, O = "learner", "mentor", "operator"  # noqa: E741


class Signal(NamedTuple):
    """`steps` says who hears which rung; `figures` come with it always, `perhaps` at times."""

    kind: str
    steps: Mapping[str, tuple[str, ...]]
    figures: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    course: bool = True  # it is about one course


class Known(NamedTuple):
    kind: str
    always: frozenset[str]
    perhaps: frozenset[str]

    @property
    def dated(self) -> bool:
        """Does the signal say since when, until when or how much within a span?  Then its words do."""
        return bool((self.always & TIMES) - {"days"})


TIMES = frozenset(
    {"days", "since", "last_seen", "due", "asked", "proposed", "last_contact", "until", "week", "active_days"}
)

# The operator hears what no mentor can hear: beside each rung of a mentor stands one for the operator.
SIGNALS: Mapping[str, Signal] = {
    "L1": Signal("start", {"1": (L,), "2": (L, M, O)}, ("since",)),
    "L2": Signal("reengage", {"1": (L,), "2": (M, O), "3": (O,)}, ("last_seen",)),
    "L3": Signal("dip", {"1": (M, O)}, ("active_days", "week"), ("own_median", "cohort_mean")),
    "L4": Signal("due_soon", {"1": (L,), "2": (L,)}, ("item", "due")),
    "L5": Signal("missed", {"1": (L, M, O), "2": (O,)}, ("item", "due", "in_a_row")),
    "L6": Signal("help", {"1": (L,), "2": (M, O)}, ("item",), ("fails", "hints")),
    "L7": Signal("struggling", {"1": (M, O)}, ("item",), ("score_permille", "cohort_mean_permille")),
    "L8": Signal("unanswered", {"1": (M, O), "2": (O,)}, ("asked",)),
    "L9": Signal("celebrate", {"1": (L, M, O)}, ("what",), ("course",), course=False),
    "L10": Signal("balance", {"1": (M,)}, (), ("nights", "open_courses"), course=False),
    "L11": Signal("support", {"1": (M, O), "2": (O,)}, ("domain",), ("level",), course=False),
    "L12": Signal("plan", {"1": (L,)}, ("since",)),
    "L13": Signal("career", {"1": (M, O)}, ("reached",), ("progress_permille",)),
    "L14": Signal("digital", {"1": (L,)}, ("tool",)),
    "M1": Signal("accept", {"1": (M,), "2": (M,)}, ("proposed",), course=False),
    "M2": Signal("first_contact", {"1": (L, M), "2": (M,), "3": (O,)}, ("since",), ("wrote",), course=False),
    "M3": Signal(
        "reply",
        {"1": (L, M), "2": (L, M), "3": (L, M), "4": (O,), "5": (O,)},
        ("asked",),
        ("owes",),
        course=False,
    ),
    "M4": Signal("stalled", {"1": (L, M), "2": (L, M, O), "3": (O,)}, ("last_contact",), course=False),
    "M5": Signal(
        "overload", {"1": (O,)}, (), ("load_permille", "reply_hours", "usual_reply_hours"), course=False
    ),
    "M6": Signal("cover", {"1": (L, O)}, ("why",), ("until",), course=False),
    "M7": Signal("impact", {"1": (M,)}, ("what",), ("course",), course=False),
    "match": Signal("match", {"confirmed": (L, M), "ended": (L, M)}, (), ("reason",), course=False),
    "storm": Signal("storm", {"1": (O,)}, ("signal", "learners")),
    "dead_feed": Signal("dead_feed", {"1": (O,)}, ("source", "since"), course=False),
}
WEEKLY = ("L10", "M5")  # told again each week in the words of the first rung, each time the next of them
OF_NOBODY = ("storm", "dead_feed")  # about a course or a platform
PAIRED = ("M2", "M3", "M4", "match")  # both sides are known


def _known() -> Iterator[tuple[str, Known]]:
    for name, signal in SIGNALS.items():
        always = {*signal.figures, *(("course",) if signal.course else ())}
        if name not in ("match", "storm"):
            always.add("days")
        perhaps = set(signal.perhaps)
        for step, roles in signal.steps.items():
            for role in roles:
                people, maybe = _people(name, role)
                known = Known(signal.kind, frozenset(always | people), frozenset(perhaps | maybe))
                yield f"{name}.{step}.{role}", known


def _people(signal: str, role: str) -> tuple[set[str], set[str]]:
    if signal in OF_NOBODY:
        return set(), set()
    if signal == "M5":
        return {M}, set()
    if signal == "M6" and role == O:
        return {M}, {L}
    if role == M or signal in PAIRED or signal == "M6":
        return {L, M}, set()
    return {L}, {M}


TEMPLATES: Mapping[str, Known] = dict(_known())
KINDS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(name for name, known in TEMPLATES.items() if known.kind == kind)
    for kind in dict.fromkeys(signal.kind for signal in SIGNALS.values())
}

EXAMPLES: Mapping[str, int | str] = {
    "learner": "lms:Ana", "mentor": "lms:Ada", "course": "Algebra", "item": "Essay 2", "tool": "Calc",
    "what": "module Two", "domain": "time", "signal": "L2", "reason": "completed", "wrote": "nobody", "owes": "learner",
    "why": "paused", "reached": "progress", "days": 7, "since": "2026-03-02", "last_seen": "2026-03-05",
    "due": "2026-03-12", "asked": "2026-03-03", "proposed": "2026-03-08", "last_contact": "2026-02-20",
    "until": "2026-03-30", "week": "2026-03-02", "active_days": 2, "own_median": "4.5", "cohort_mean": "3.8",
    "in_a_row": 3, "fails": 3, "hints": 2, "score_permille": 550, "cohort_mean_permille": 720, "nights": 5,
    "open_courses": 5, "level": 5, "progress_permille": 750, "load_permille": 950, "reply_hours": 60,
    "usual_reply_hours": 20, "learners": 120, "source": "academy",
}  # fmt: skip


def worded(template: str, variant: int) -> tuple[str, int]:
    """The template whose words are said, and which of them."""
    signal, _, rest = template.partition(".")
    step, _, role = rest.partition(".")
    if signal not in WEEKLY or not step.isdigit():
        return template, variant
    return f"{signal}.1.{role}", variant + int(step) - 1
