"""How do learners come to other mentors?  The pairs that were end first, so that one may take another's place."""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from matching.affinity import load, terms
from matching.ending import close
from matching.explain import Choice
from matching.places import place
from matching.rows import LearnerRow, MentorRow
from matching.views import Learner, mentor_view
from schemas.fact import Fact, Moment
from schemas.matches import MatchMoved
from schemas.rows import Rows, blank, changed


class Transfer(NamedTuple):
    """`gain` and `price` are points; without `chosen` the pair's terms are taken as rows stand at its turn."""

    learner: Learner
    mentor: str
    chosen: Choice | None = None
    gain: int = 0
    price: int = 0


def transfer(
    rows: Rows, moment: Moment, pool: str, transfers: Sequence[Transfer], round: UUID,
    how: Literal["automatic", "pinned"] = "automatic",
) -> list[Fact]:  # fmt: skip
    """Ends the old pairs, makes the new ones, and says of each learner who had a mentor that they moved.

    The caller has checked that the minutes of every mentor suffice.
    """
    before = {
        each.learner.id: rows.find(LearnerRow, pool, each.learner.id) or blank(LearnerRow)
        for each in transfers
    }
    said: list[Fact] = []
    for each in transfers:
        said += close(rows, moment, pool, each.learner.id, "moved")
    for each in transfers:
        learner, old = each.learner, before[each.learner.id]
        chosen = each.chosen or _as_rows_stand(rows, moment, pool, learner, each.mentor)
        said += place(rows, moment, pool, learner, each.mentor, chosen, how)
        new = rows.find(LearnerRow, pool, learner.id)
        if old.pair is not None and new is not None:
            # the wait before the first mentor stays on record
            rows.put(changed(new, waited=old.waited), pool, learner.id)
            said.append(
                moment.fact(
                    MatchMoved, learner.id, pool=pool, programme=new.programme, learner=learner.id,
                    from_pair=old.pair, from_mentor=old.mentor, to_pair=new.pair, to_mentor=each.mentor,
                    terms=chosen.terms, gain=each.gain, price=each.price, round=round,
                )
            )  # fmt: skip
    return said


def _as_rows_stand(rows: Rows, moment: Moment, pool: str, learner: Learner, mentor: str) -> Choice:
    policy = moment.policy
    row = rows.find(MentorRow, pool, mentor) or blank(MentorRow)
    other = mentor_view(mentor, row, policy, moment.now)
    cost = load(other.used + learner.effort, other.capacity, policy.pool.weights.load)
    return Choice((*terms(learner, other, policy.pool), ("load", cost)), None, None)
