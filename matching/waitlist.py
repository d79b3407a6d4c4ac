"""Who goes on waiting, and which reason is each told?  A reason is told once, until it changes."""

from collections import Counter
from typing import NamedTuple

from matching.experiments import arm_of
from matching.explain import WORDS, Bound
from matching.graph import Wishes, competing, is_cut_off
from matching.market import Market
from matching.reasons import Reasons
from matching.rows import LearnerRow
from schemas.fact import Fact, Moment
from schemas.matches import LearnerWaitlisted
from schemas.rows import Rows, changed
from schemas.terms import Binding


class Told(NamedTuple):
    said: list[Fact]
    bindings: Counter[str]  # how many wait for which reason
    more: bool  # some are not told yet: one transaction tells as many as a round may place


def tell_waiting(
    rows: Rows,
    moment: Moment,
    pool: str,
    waits: dict[str, LearnerRow],
    market: Market,
    graph: Wishes,
    left: list[int],
    refused: dict[str, Binding],
) -> Told:
    """`left` are those of the market without a seat, `refused` wait for the one mentor pinned for them,
    or are held out.

    Who waits and is neither gave no consent.
    """
    said: list[Fact] = []
    bindings: Counter[str] = Counter()
    more = False
    asked = {learner.id for learner in market.learners}
    reasons: list[tuple[str, Bound, int | None]] = [
        (id, Bound(refused.get(id, "no_consent"), ()), None) for id in waits if id not in asked
    ]
    why_not = Reasons(market, [None] * len(market.learners))
    for at in left:
        id, wished = market.learners[at].id, not is_cut_off(graph, at)
        known = wished and waits[id].binding == "no_capacity"
        reasons.append((id, Bound("no_capacity", ()) if known else why_not.bound(at, wished=wished), at))
    for id, why, place in reasons:
        bindings[why.binding] += 1
        if waits[id].binding == why.binding:
            continue
        if len(said) == moment.policy.pool.round_limit:
            more = True
        else:
            rivals = (0, 0) if place is None else competing(graph, place)
            said.append(_waitlisted(rows, moment, pool, id, waits[id], why, rivals))
    return Told(said, bindings, more)


def _waitlisted(
    rows: Rows,
    moment: Moment,
    pool: str,
    learner: str,
    row: LearnerRow,
    why: Bound,
    rivals: tuple[int, int],
) -> LearnerWaitlisted:
    row = rows.find(LearnerRow, pool, learner) or row  # this round may have changed it
    rows.put(changed(row, binding=why.binding), pool, learner)
    return moment.fact(
        LearnerWaitlisted,
        learner,
        pool=pool,
        programme=row.programme,
        learner=learner,
        since=row.waiting_since or moment.now,
        binding=why.binding,
        removed=why.removed,
        competing_learners=rivals[0],
        competing_mentors=rivals[1],
        would_change=WORDS[why.binding],
        arm=arm_of(row, learner, moment.policy),
    )
