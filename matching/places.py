"""What follows when the solver gave a learner a seat: does it fit exactly, and who is told?"""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from matching.announce import confirmed, next_announcement, pair_id, told_both
from matching.experiments import arm_of
from matching.explain import Choice
from matching.rows import HARD, LearnerRow, MentorRow
from matching.views import Learner, capacity_of, most_of
from schemas.fact import Fact, Moment, caused_by
from schemas.matches import MatchProposed
from schemas.policy import Policy
from schemas.rows import Rows, blank, changed


def fits(rows: Rows, moment: Moment, pool: str, learner: Learner, mentor: str) -> bool:
    """By the exact minutes and mentees as they stand now."""
    row = rows.find(MentorRow, pool, mentor)
    if row is None:
        return False
    return has_room(row, moment.policy, learner.effort, 1)


def has_room(row: MentorRow, policy: Policy, minutes: int, count: int) -> bool:
    """Room for so many more minutes a week and mentees?  Both are negative where some leave."""
    return row.promised + minutes <= capacity_of(row, policy) and row.charges + count <= most_of(row, policy)


def place(
    rows: Rows, moment: Moment, pool: str, learner: Learner, mentor: str, chosen: Choice,
    how: Literal["automatic", "pinned"] = "automatic",
) -> list[Fact]:  # fmt: skip
    """Makes the pair.  A pinned one is confirmed at once; any other asks both sides first where the programme says so."""
    policy = moment.policy.pool
    row = rows.find(LearnerRow, pool, learner.id) or blank(LearnerRow)
    helper = rows.find(MentorRow, pool, mentor) or blank(MentorRow)
    pair: UUID = pair_id(pool, learner.id, mentor, row.spell)
    answer_by: datetime = moment.now + timedelta(hours=policy.answer_hours)
    sure = how == "pinned" or moment.policy.confirms_at_once(row.programme)
    arm = arm_of(row, learner.id, moment.policy)
    row = changed(
        row, pair=pair, mentor=mentor, state="confirmed" if sure else "proposed", paired_at=moment.now,
        answer_by=None if sure else answer_by, accepted=(), waited=row.waited_at(moment.now),
        cost=sum(cost for name, cost in chosen.terms if name != "load"), hard=row.band in HARD, pin_told="",
        waiting_since=None, binding="", spell=row.spell + 1, rev=row.rev + 1,
        wake_at=next_announcement(learner.id, moment, first=True) if sure else answer_by,
    )  # fmt: skip
    rows.put(row, pool, learner.id)
    rows.put(changed(helper, mentees={**helper.mentees, learner.id: learner.effort}), pool, mentor)
    proposed = moment.fact(
        MatchProposed, str(pair), pool=pool, programme=row.programme, pair=pair, learner=learner.id, mentor=mentor,
        answer_by=answer_by, minutes=learner.effort, terms=chosen.terms, runner_up=chosen.runner_up,
        runner_up_gap=chosen.gap, hour_price=chosen.price, round=caused_by(moment.cause.id, "round"), arm=arm,
    )  # fmt: skip
    accepted = [confirmed(moment, pool, learner.id, row, how)] if sure else []
    return [proposed, *accepted, *told_both(moment, pool, learner.id, row)]
