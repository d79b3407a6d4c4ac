"""What may be said of an experiment?  Differences with intervals, and nothing where people are too few.

Positive is for the treated.  Each line is judged by itself at the stated confidence: of twenty lines of an
experiment that does nothing, one is expected to look as if it did.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, NamedTuple

from schemas.policy import Policy
from streams.effect import ALL, OUTCOMES, Effect, Trial
from streams.proportions import Difference, Group, difference, missing, out_of_proportion

Verdict = Literal["helps", "harms", "no difference shown", "too few"]


class Line(NamedTuple):
    """`found` is None where people are too few: then only how many there are is told."""

    kind: str
    outcome: str
    treated: Group
    held_out: Group
    verdict: Verdict
    found: Difference | None
    missing: int | None  # people that the smaller arm needs more; None = nobody, or everybody, did it

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "kind": self.kind, "outcome": self.outcome, "verdict": self.verdict,
            "treated": self.treated.people, "held_out": self.held_out.people,
        }  # fmt: skip
        if self.found is None:
            return told | {"missing": self.missing}
        return told | {
            "treated_permille": round(1000 * self.treated.share),
            "held_out_permille": round(1000 * self.held_out.share),
            "difference_permille": round(1000 * self.found.value),
            "low_permille": round(1000 * self.found.low), "high_permille": round(1000 * self.found.high),
        }  # fmt: skip


class Told(NamedTuple):
    experiment: str
    people: int
    took_back: int  # left out, as they took their consent back
    crossed: int  # counted by the first arm, and later in the other
    running: bool  # not to be judged yet: whoever looks often enough finds something
    odd: bool  # the arms are out of proportion to the policy's share
    lines: list[Line]
    lost_before: datetime | None = None  # decisions from before are gone: then no line is told

    def as_json(self) -> dict[str, Any]:
        lost = None if self.lost_before is None else self.lost_before.isoformat()
        return {**self._asdict(), "lines": [line.as_json() for line in self.lines], "lost_before": lost}


def told(
    effect: Effect, policy: Policy, since: datetime | None, through: datetime, confidence: float = 0.95,
    decided_since: datetime | None = None,
) -> Iterator[Told]:  # fmt: skip
    """`since` = from when the topics hold what learners did (None = from the first), `through` = until when.

    `decided_since` = from when they hold decisions.  Of an experiment that began before, the first decision held of a
    learner may be their second, after what the first one did to them: then arms are not alike, and nothing is told.
    """
    planned = {one.name: one for one in policy.experiments}
    for trial in effect.trials():
        plan = planned.get(trial.name)
        held = sum(person.arm == "holdout" for person in trial.people.values())
        begun_before = decided_since is not None and (plan is None or plan.starts_at < decided_since)
        lost = decided_since if begun_before else None
        crossed = sum(person.crossed for person in trial.people.values())
        yield Told(
            trial.name, len(trial.people), trial.took_back, crossed, plan is not None and through < plan.ends_at,
            plan is not None and not crossed and out_of_proportion(held, len(trial.people), plan.held_permille),
            [] if lost is not None else list(lines(trial, since, through, confidence)), lost,
        )  # fmt: skip


def lines(trial: Trial, since: datetime | None, through: datetime, confidence: float) -> Iterator[Line]:
    kinds = trial.kinds
    for kind in (ALL, *kinds) if len(kinds) > 1 else kinds:
        for outcome in OUTCOMES:
            groups = trial.groups(outcome, kind, since, through)
            treated, held_out = groups["treatment"], groups["holdout"]
            if outcome.of_item and not treated.people + held_out.people:
                continue
            short = missing(treated, held_out)
            if short != 0:
                yield Line(kind, outcome.name, treated, held_out, "too few", None, short)
                continue
            found = difference(treated, held_out, confidence)
            better = found.value > 0 if outcome.good else found.value < 0
            verdict: Verdict = "no difference shown"
            if found.sure:
                verdict = "helps" if better else "harms"
            yield Line(kind, outcome.name, treated, held_out, verdict, found, 0)
