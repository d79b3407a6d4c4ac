"""When is a whole pool looked at anew, and which of the moves proposed are still true?

A review is asked for some time after a pool last changed, never without a change.  It is solved in a
process of its own on a snapshot (`matching.whole`); a row says so first, and the answer comes back as a
fact, taken only for the review that is asked for.  One that does not come in time is asked for anew.
"""

from datetime import timedelta

from matching.affinity import load, terms
from matching.ending import close
from matching.experiments import held
from matching.explain import Choice
from matching.moves import may_move
from matching.places import fits, place
from matching.rows import LearnerRow, MentorRow, ReviewRow
from matching.views import capacity_of, learner_view, mentor_view, places_of
from schemas.fact import Fact, Moment, Wake, caused_by
from schemas.matches import MatchMoved
from schemas.reviews import PoolReviewed, ReviewReported, Step
from schemas.rows import Rows, blank, changed

ANSWER_WITHIN = timedelta(minutes=30)


def plan(rows: Rows, moment: Moment, pool: str) -> None:
    """The pool changed: it is looked at as a whole in a while, if that is not planned yet."""
    hours = moment.policy.pool.review_hours
    row = rows.find(ReviewRow, pool) or blank(ReviewRow)
    if hours and row.wake_at is None:
        due = (row.done_at or moment.now) + timedelta(hours=hours)
        rows.put(changed(row, wake_at=max(due, moment.now)), pool)


def notice(rows: Rows, moment: Moment, pool: str) -> None:
    """A policy adopted since the last review is a change, too; seen when a pair is next announced."""
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
    """Is everybody still where the snapshot had them, and does the chain keep every mentor's minutes and number?"""
    minutes: dict[str, int] = {}
    count: dict[str, int] = {}
    for learner, own, new in chain:
        row, mentor = rows.find(LearnerRow, pool, learner), rows.find(MentorRow, pool, new)
        if row is None or mentor is None or row.mentor != own or not mentor.takes_at(moment.now):
            return False
        if own is None and (row.waiting_since is None or held(row, learner, moment.policy, moment.now)):
            return False
        if own is not None and not may_move(row, moment):
            return False
        if new in row.never or new in row.avoids or learner in mentor.avoids:
            return False
        minutes[new] = minutes.get(new, 0) + learner_view(learner, row, moment.policy, moment.now).effort
        count[new] = count.get(new, 0) + 1
        before = None if own is None else rows.find(MentorRow, pool, own)
        if own is not None and before is not None:
            minutes[own] = minutes.get(own, 0) - before.mentees.get(learner, 0)
            count[own] = count.get(own, 0) - 1
    for name in count:
        mentor = rows.find(MentorRow, pool, name)
        if mentor is None:
            continue
        free = capacity_of(mentor, moment.policy) - mentor.promised
        if (minutes[name] > 0 and minutes[name] > free) or count[name] > places_of(mentor, moment.policy):
            return False
    return True


def _carry_out(
    rows: Rows, moment: Moment, fact: PoolReviewed, chain: tuple[Step, ...], gain: int
) -> list[Fact]:
    """All pairs of the chain end first, so that one may take the place of another."""
    pool, policy = fact.pool, moment.policy
    before = {learner: rows.find(LearnerRow, pool, learner) for learner, _, _ in chain}
    said: list[Fact] = []
    for learner, own, _ in chain:
        if own is not None:
            said += close(rows, moment, pool, learner, "moved")
    for learner, own, new in chain:
        row, helper, old = (
            rows.find(LearnerRow, pool, learner),
            rows.find(MentorRow, pool, new),
            before[learner],
        )
        assert row is not None
        assert helper is not None
        assert old is not None
        one = learner_view(learner, row, policy, moment.now)
        other = mentor_view(new, helper, policy, moment.now)
        assert fits(rows, moment, pool, one, new)
        cost = load(other.used + one.effort, other.capacity, policy.pool.weights.load)
        shown = (*terms(one, other, policy.pool), ("load", cost))
        said += place(rows, moment, pool, one, new, Choice(shown, None, None))
        after = rows.find(LearnerRow, pool, learner)
        if own is not None and after is not None:
            said.append(
                moment.fact(
                    MatchMoved, learner, pool=pool, programme=after.programme, learner=learner, from_pair=old.pair,
                    from_mentor=own, to_pair=after.pair, to_mentor=new, terms=shown,
                    gain=gain, price=policy.pool.weights.move, round=fact.review,
                )
            )  # fmt: skip
    return said
