"""Made-up worlds in which we know whether nudges help: does the report say so, and no more often than it may?

`python -m tests.nudging.worlds --worlds 400` for the full figures, one JSON line each.

What is real here: the draw (`Policy.arm_of_nudge`), the inbox's decision to send or withhold, and every line of
the report.  What is made up: the advice (one piece a learner, about silence) and what learners do after it.
Each learner has chances of their own to come back and to leave, whatever the arm; who hears the nudge comes
back more often by `lift`, and leaves less often by the same.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from nudging.inbox import fold
from nudging.inbox_rows import InboxRow
from nudging.person_rows import Profile
from schemas.activity import ActivitySeen
from schemas.advice import AdviceGiven
from schemas.experiments import Experiment
from schemas.fact import Fact, Moment
from schemas.ids import numbered
from schemas.learners import CourseLeft
from schemas.nudges import NudgeSent, NudgeSuppressed
from schemas.policy import Defaults, Policy
from schemas.rows import R, Row, RowKey, wake_of
from streams.effect import DAY, Effect
from streams.verdicts import Line, told
from tests.memory import START

COURSE = "AAA"
BACK, LEFT = "active within 7 days", "withdrew within 28 days"
PROFILE = Profile(role="learner", time_zone="UTC", language="en", channels=("platform",), at=START)


class Held:
    """Rows of one recipient as objects, without bytes: worlds are many."""

    def __init__(self) -> None:
        self.rows: dict[RowKey, Row] = {}

    def find(self, cls: type[R], routing: str, id: str = "") -> R | None:
        found = self.rows.get(RowKey(cls.KIND, routing, id))
        return found if isinstance(found, cls) else None

    def put(self, row: Row, routing: str, id: str = "") -> None:
        self.rows[RowKey(row.KIND, routing, id)] = row

    def drop(self, cls: type[Row], routing: str, id: str = "") -> None:
        self.rows.pop(RowKey(cls.KIND, routing, id), None)

    def scan(self, cls: type[R], routing: str, *, indexed: bool = False) -> Iterator[tuple[str, R]]:
        for key, row in sorted(self.rows.items()):
            if key.kind == cls.KIND and key.routing == routing and isinstance(row, cls):
                yield key.id, row


class World(NamedTuple):
    seed: int
    learners: int
    lift: float  # how much more often who hears comes back within a week
    held_permille: int = 500


def policy_of(world: World) -> Policy:
    trial = Experiment(
        name=f"world-{world.seed}", about="nudging", held_permille=world.held_permille, starts_at=START,
        ends_at=START + 90 * DAY,
    )  # fmt: skip
    return Policy(experiments=(trial,), defaults=Defaults(experiment_consent=True))


def lived(world: World) -> list[Line]:
    """What the report says of this world."""
    chance, effect, policy = Random(f"{world.seed}/{world.lift}"), Effect(), policy_of(world)
    for number in range(world.learners):
        learner, at = f"ou:{number}", START + timedelta(hours=chance.randrange(24 * 20))
        advised = _advised(chance, learner, at, policy)
        (decision,) = decided(advised, policy)
        effect.decided(decision)
        heard = isinstance(decision, NudgeSent)
        assert heard or (isinstance(decision, NudgeSuppressed) and decision.reason == "holdout")
        back = chance.betavariate(4, 6) * 0.7 + 0.1 + (world.lift if heard else 0)
        leaves = chance.betavariate(4, 6) * 0.6 + 0.1 - (world.lift / 2 if heard else 0)
        if chance.random() < back:
            effect.happened(_did(chance, ActivitySeen, learner, decision.at, 7, kind="view"))
        if chance.random() < leaves:
            effect.happened(_did(chance, CourseLeft, learner, decision.at, 28))
    (found,) = told(effect, policy, None, START + 80 * DAY)
    return found.lines


def _advised(chance: Random, learner: str, at: Any, policy: Policy) -> AdviceGiven:
    ids = [UUID(int=chance.getrandbits(128)) for _ in range(3)]
    return AdviceGiven(
        id=ids[0], at=at, seen_at=at, source="pulses", advice=ids[1], episode=ids[2], signal="L2", rung=1,
        recipient=learner, role="learner", kind="reengage", learner=learner, course=COURSE, priority=50,
        expires_at=at + 7 * DAY, arm=policy.arm_of_nudge(learner, "P", "reengage", "learner", None, at),
    )  # fmt: skip


def decided(advice: AdviceGiven, policy: Policy) -> list[Fact]:
    """What the inbox says last of it, after quiet hours if need be."""
    rows = Held()
    rows.put(InboxRow(profile=PROFILE), advice.recipient)
    said = fold(rows, Moment(advice, advice.at, policy, "inboxes"))
    while (inbox := rows.find(InboxRow, advice.recipient)) is not None and inbox.wake_at is not None:
        wake = wake_of(RowKey(InboxRow.KIND, advice.recipient), inbox.wake_at)
        said = fold(rows, Moment(wake, inbox.wake_at, policy, "inboxes"))
    return said


def _did(chance: Random, cls: type[Any], learner: str, after: Any, days: int, **fields: Any) -> Fact:
    at = after + timedelta(days=chance.uniform(0.01, days - 0.01))
    fact: Fact = cls(
        id=numbered(chance.getrandbits(128)), at=at, seen_at=at, source="ou", learner=learner, course=COURSE, **fields
    )  # fmt: skip
    return fact


class Figures(NamedTuple):
    """Over many worlds of one lift, of one outcome."""

    outcome: str
    lift: float
    worlds: int
    spoke: int
    found: int  # the interval leaves out nought
    wrong: int  # and on the wrong side of it
    covered: int  # the interval holds the truth


def over(worlds: int, learners: int, lift: float) -> list[Figures]:
    counts = {name: [0, 0, 0, 0] for name in (BACK, LEFT)}
    for seed in range(worlds):
        for line in lived(World(seed, learners, lift)):
            if line.outcome in counts and line.found is not None:
                truth = lift if line.outcome == BACK else -lift / 2
                counts[line.outcome][0] += 1
                counts[line.outcome][1] += line.found.sure
                counts[line.outcome][2] += line.found.sure and line.found.value * truth < 0
                counts[line.outcome][3] += line.found.low <= truth <= line.found.high
    return [Figures(name, lift, worlds, *each) for name, each in counts.items()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--worlds", type=int, default=400, help="worlds with an effect, and as many with none (400)"
    )
    parser.add_argument("--learners", type=int, default=300, help="learners in each (300)")
    args = parser.parse_args()
    for lift in (0.0, 0.1, 0.2):
        for figures in over(args.worlds, args.learners, lift):
            print(json.dumps(figures._asdict()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
