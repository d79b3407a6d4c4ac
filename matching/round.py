"""What does one round of a pool do?  Places those who wait, and tells those who go on waiting why.

Pairs stay.  The solver counts seats, `free minutes // effort_minutes` of each mentor; its placements
are then made oldest wait first, each checked against the exact minutes and mentees.  Whoever does not
fit then stays waiting, and another round follows at once, as it does beyond `round_limit`.  Every
such round places or tells somebody, so they come to an end.
"""

from collections import Counter
from datetime import datetime

from matching import report
from matching.affinity import waiting
from matching.announce import TICK
from matching.explain import choice
from matching.graph import could_pair
from matching.market import Market, open_market
from matching.places import fits, place
from matching.rows import LearnerRow, MentorRow, PoolRow
from matching.views import learner_view, mentor_view
from matching.waitlist import tell_waiting
from schemas.fact import Fact, Moment, Wake
from schemas.rows import Rows, blank, changed


def play_round(rows: Rows, moment: Moment, wake: Wake) -> list[Fact]:
    pool, now = wake.routing, moment.now
    waits = _waiting(rows, pool, now)
    mentors = list(rows.scan(MentorRow, pool))
    row = rows.find(PoolRow, pool) or blank(PoolRow)
    rest = {"wake_at": _pause_ends(mentors, now), "round_at": now, "trigger": "end of a pause"}
    if not waits:
        rows.put(changed(row, **rest), pool)
        return []
    market = _market(waits, mentors, moment)
    outcome = market.solve([waiting(learner.since, now, moment.policy.pool) for learner in market.learners])
    said: list[Fact] = []
    filled: Counter[int] = Counter()
    more = False
    for at, mentor in enumerate(outcome.chosen):
        if mentor is None:
            continue
        learner, name = market.learners[at], market.mentors[mentor].id
        if filled.total() == moment.policy.pool.round_limit or not fits(rows, moment, pool, learner, name):
            more = True
            continue
        said += place(rows, moment, pool, learner, name, choice(market, at, mentor, filled[mentor]))
        filled[mentor] += 1
    graph = could_pair(market.wishes, len(market.mentors))
    left = [at for at, mentor in enumerate(outcome.chosen) if mentor is None]
    told = tell_waiting(rows, moment, pool, waits, market, graph, left)
    if more or told.more:
        rest |= {"wake_at": now + TICK, "trigger": "more to do"}
    rows.put(changed(row, **rest), pool)
    done = report.Done(row.trigger, filled.total(), told.bindings, outcome)
    here = [each for _, each in rows.scan(MentorRow, pool) if each.here]
    return [*said, *told.said, report.reported(moment, pool, waits, here, market, graph, done)]


def _waiting(rows: Rows, pool: str, now: datetime) -> dict[str, LearnerRow]:
    """Who waits, longest first."""
    waits = [(id, row) for id, row in rows.scan(LearnerRow, pool, indexed=True) if row.pair is None]
    return dict(sorted(waits, key=lambda each: (each[1].waiting_since or now, each[0])))


def _pause_ends(mentors: list[tuple[str, MentorRow]], now: datetime) -> datetime | None:
    """When the next pause ends by itself."""
    ends = [row.paused_until for _, row in mentors if row.here and row.paused and row.paused_until]
    return min((end for end in ends if end > now), default=None)


def _market(waits: dict[str, LearnerRow], mentors: list[tuple[str, MentorRow]], moment: Moment) -> Market:
    """Those who may be matched, and the mentors who are here."""
    policy, now = moment.policy, moment.now
    default = policy.defaults.matching_consent
    return open_market(
        [
            learner_view(id, row, policy, now)
            for id, row in waits.items()
            if (default if row.consent is None else row.consent)
        ],
        [mentor_view(id, row, policy, now) for id, row in mentors if row.takes_at(now)],
        policy.pool,
    )
