"""Real learners whom nobody nudged: does the report find an effect no more often than it may?

`python -m tests.nudging.placebo OULAD DECISIONS`, where DECISIONS was written by `streams oulad OULAD --replay
--decisions DECISIONS`.

The Open University's learners never heard what the replay would have sent them, so every difference between two
arms is chance.  Real are the moments and kinds of the nudges, what learners did after them, and every line of the
report; the arms are drawn anew for each of many experiments, by the same hash.
"""

import argparse
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from schemas.codec import check
from schemas.experiments import held_out
from schemas.fact import Moment
from schemas.nudges import NudgeItem, NudgeSent
from schemas.policy import Policy
from streams.compare import read
from streams.effect import DAY, Effect, Trial
from streams.intake import inner
from streams.oulad import Source
from streams.verdicts import lines


def lived(folder: Path, decisions: Path) -> tuple[Trial, Any]:
    """What became of everybody after their first nudge, as if all were treated; and when it all ended."""
    effect, policy = Effect(), Policy()
    for number, made in enumerate(read(decisions)):
        if made.type != "nudge.sent.v1":
            continue
        context = {"id": f"{number:032x}", "at": made.at, "seen_at": made.at, "source": "inboxes"}
        nudge = check(NudgeSent, {**orjson.loads(made.body), **context})
        assert isinstance(nudge, NudgeSent), nudge
        if nudge.role == "learner" and nudge.items[0].kind != "match":
            items: list[NudgeItem] = [
                item.model_copy(update={"arm": ("all", "treatment")}) for item in nudge.items
            ]
            effect.decided(nudge.model_copy(update={"items": tuple(items)}))
    last = None
    for fact in Source(folder).events():
        last = fact.at
        for one in inner(fact, Moment(fact, fact.at, policy, "intake")):
            effect.happened(one)
    (trial,) = effect.trials()
    return trial, last


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("decisions", type=Path)
    parser.add_argument(
        "--draws", type=int, default=1000, help="experiments, each with arms of its own (1000)"
    )
    parser.add_argument("--held-permille", type=int, default=500)
    args = parser.parse_args()
    everybody, last = lived(args.folder, args.decisions)
    spoke: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for draw in range(args.draws):
        people = {
            who: replace(
                person, arm="holdout" if held_out(f"placebo-{draw}", who, args.held_permille) else "treatment"
            )
            for who, person in everybody.people.items()
        }
        for line in lines(Trial(f"placebo-{draw}", people), None, last + DAY, 0.95):
            if line.found is not None:
                spoke[line.kind, line.outcome] += 1
                found[line.kind, line.outcome] += line.found.sure
    for (kind, outcome), count in sorted(spoke.items()):
        told = {"kind": kind, "outcome": outcome, "learners": len(everybody.people), "draws": args.draws}
        print(
            json.dumps({**told, "spoke": count, "found_permille": round(1000 * found[kind, outcome] / count)})
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
