"""When is a whole pool looked at anew, and which of the moves proposed are still true?

A review is asked for some time after a pool last changed, never without a change.  It is solved in a
process of its own on a snapshot (`matching.whole`); a row says so first, and the answer comes back as a
fact, taken only for the review that is asked for.  One that does not come in time is asked for anew.
"""

from collections import Counter
from datetime import timedelta

from matching.moves import may_be_placed, may_move
from matching.places import has_room
from matching.pool_rows import ReviewRow
from matching.rows import LearnerRow, MentorRow
from matching.rules import broken
from matching.transfer import Transfer, transfer
from matching.views import learner_view, mentor_view
from schemas.fact import Fact, Moment, Wake, caused_by
from schemas.reviews import PoolReviewed, ReviewReported, Step
from schemas.rows import Rows, blank, changed

ANSWER_WITHIN = timedelta(minutes=30)


def plan(rows: Rows, moment: Moment, pool: str) -> None:
    """The pool changed: plans a review `review_hours` after the last, unless one is due sooner or is being solved."""
    hours = moment.policy.pool.review_hours
    row = rows.find(ReviewRow, pool) or blank(ReviewRow)
    due = max((row.done_at or moment.now) + timedelta(hours=hours), moment.now)
    if hours and (row.wake_at is None or (row.asked is None and due < row.wake_at)):
        rows.put(changed(row, wake_at=due), pool)


def notice(rows: Rows, moment: Moment, pool: str) -> None:
    """Plans a review also where the policy has changed since the last one; looked at when a pair is announced again."""
    row = rows.find(ReviewRow, pool)
    if row is not None and row.policy != moment.policy.version:
        plan(rows, moment, pool)


def woken(rows: Rows, moment: Moment, wake: Wake) -> list[Fact]:
    """Asks for a review, or asks anew where an answer stayed away."""
    row = rows.find(ReviewRow, wake.routing) or blank(ReviewRow)
    if not moment.policy.pool.review_hours:
        rows.put(changed(row, wake_at=None, asked=None), wake.routing)
        return []
    asked = caused_by(moment.cause.id, "review")
    late = moment.now + ANSWER_WITHIN
    now = {"asked": asked, "asked_at": moment.now, "policy": moment.policy.version}
    rows.put(changed(row, wake_at=late, **now), wake.routing)
    return []


def reviewed(rows: Rows, moment: Moment, fact: PoolReviewed) -> list[Fact]:
    row = rows.find(ReviewRow, fact.pool) or blank(ReviewRow)
    if row.asked != fact.review:
        return []
    rows.put(changed(row, asked=None, wake_at=None, done_at=moment.now), fact.pool)
    said: list[Fact] = []
    moved = placed = stale = 0
    for chain, gain in zip(fact.chains, fact.gains, strict=False):
        if moved >= moment.policy.pool.review_moves or not _holds(rows, moment, fact.pool, chain):
            stale += 1
            continue
        said += _carry_out(rows, moment, fact, chain, gain)
        moved += sum(own is not None for _, own, _ in chain)
        placed += sum(own is None for _, own, _ in chain)
    if said:
        plan(rows, moment, fact.pool)
    report = moment.fact(
        ReviewReported, pool=fact.pool, programme=fact.programme, review=fact.review, learners=fact.learners,
        moved=moved, placed=placed, stale=stale, stays=fact.stays, objective=fact.objective, bound=fact.bound,
        every_pair=fact.every_pair,
    )  # fmt: skip
    return [*said, report]


def _holds(rows: Rows, moment: Moment, pool: str, chain: tuple[Step, ...]) -> bool:
    """Is everybody still where the snapshot had them, and does the chain keep every rule, minutes and number?"""
    minutes, count = Counter[str](), Counter[str]()
    receivers: dict[str, MentorRow] = {}
    for learner, own, new in chain:
        row, mentor = rows.find(LearnerRow, pool, learner), rows.find(MentorRow, pool, new)
        if row is None or mentor is None or row.mentor != own or not mentor.takes_at(moment.now):
            return False
        if not (may_be_placed(row, learner, moment) if own is None else may_move(row, moment)):
            return False
        view = learner_view(learner, row, moment.policy, moment.now)
        now_broken = broken(view, mentor_view(new, mentor, moment.policy, moment.now), moment.policy.pool)
        if set(now_broken) - {"no_capacity"}:  # minutes are counted over the whole chain
            return False
        receivers[new] = mentor
        minutes[new] += view.effort
        count[new] += 1
        if own is not None and (before := rows.find(MentorRow, pool, own)) is not None:
            minutes[own] -= before.mentees.get(learner, 0)
            count[own] -= 1
    return all(has_room(row, moment.policy, minutes[name], count[name]) for name, row in receivers.items())


def _carry_out(
    rows: Rows, moment: Moment, fact: PoolReviewed, chain: tuple[Step, ...], gain: int
) -> list[Fact]:
    transfers = [
        Transfer(
            learner_view(id, row, moment.policy, moment.now), new, gain=gain, price=moment.policy.pool.weights.move
        )
        for id, _, new in chain
        if (row := rows.find(LearnerRow, fact.pool, id)) is not None
    ]  # fmt: skip
    return transfer(rows, moment, fact.pool, transfers, fact.review)
