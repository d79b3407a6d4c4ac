"""What does one round of a pool do?  Places those who wait, and tells those who go on waiting why.

Pairs stay.  The solver counts seats, `free minutes // effort_minutes` of each mentor; its placements
are then made oldest wait first, each checked against the exact minutes and mentees.  Whoever does not
fit then stays waiting, and another round follows at once, as it does beyond `round_limit`.  Every
such round places somebody, so they come to an end.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from matching import report
from matching.affinity import waiting
from matching.announce import TICK, confirmed, next_announcement, pair_id, told_both
from matching.explain import WORDS, Choice, bound, choice
from matching.graph import competing, could_pair
from matching.market import Market, open_market
from matching.rows import LearnerRow, MentorRow, PoolRow
from matching.solver import Arc
from matching.views import Learner, capacity_of, learner_view, mentor_view, places_of
from schemas.fact import Fact, Moment, Wake, caused_by
from schemas.matches import LearnerWaitlisted, MatchProposed
from schemas.rows import Rows


def play_round(rows: Rows, moment: Moment, wake: Wake) -> list[Fact]:
    pool, policy, now = wake.routing, moment.policy, moment.now
    waits = [(id, row) for id, row in rows.scan(LearnerRow, pool) if row.waiting_since and row.pair is None]
    waits.sort(key=lambda each: (each[1].waiting_since, each[0]))
    mentors = list(rows.scan(MentorRow, pool))
    paused = [row.paused_until for _, row in mentors if row.here and row.paused and row.paused_until]
    wake_at = min((until for until in paused if until > now), default=None)
    row = rows.find(PoolRow, pool) or PoolRow()
    if not waits:
        rows.put(row.model_copy(update={"wake_at": wake_at, "round_at": now}), pool)
        return []
    asked = {id: row for id, row in waits if _consents(row, policy.defaults.matching_consent)}
    said = [
        each
        for id, row in waits
        if id not in asked
        for each in _waitlist(rows, moment, pool, id, row, "no_consent")
    ]
    market = open_market(
        [learner_view(id, row, policy, now) for id, row in asked.items()],
        [mentor_view(id, row, policy, now) for id, row in mentors if row.takes_at(now)],
        policy.pool,
    )
    outcome = market.solve([waiting(learner.since, now, policy.pool) for learner in market.learners])
    arcs: defaultdict[int, list[Arc]] = defaultdict(list)
    for arc in market.arcs:
        arcs[arc.learner].append(arc)
    filled: Counter[int] = Counter()
    placed, later, left = 0, False, list[int]()
    for at, mentor in enumerate(outcome.chosen):
        if mentor is None:
            left.append(at)
        elif placed == policy.pool.round_limit or not _fits(rows, moment, pool, market, at, mentor):
            later = True
        else:
            chosen = choice(market, at, mentor, filled[mentor], arcs[at])
            said += _place(rows, moment, pool, market.learners[at], market.mentors[mentor].id, chosen)
            filled[mentor] += 1
            placed += 1
    graph = could_pair(len(market.learners), len(market.mentors), market.wishes)
    bindings = Counter({"no_consent": len(waits) - len(asked)})
    for at in left:
        id = market.learners[at].id
        rivals = competing(graph, at)
        if rivals[1] and asked[id].binding == "no_capacity":
            bindings["no_capacity"] += 1
            continue
        why = bound(market, at, wished=rivals[1] > 0)
        bindings[why.binding] += 1
        said += _waitlist(rows, moment, pool, id, asked[id], why.binding, why.removed, rivals)
    if later:
        wake_at = now + TICK
    rows.put(row.model_copy(update={"wake_at": wake_at, "round_at": now}), pool)
    loads = [row for _, row in rows.scan(MentorRow, pool) if row.here]
    since = [row.waiting_since or now for _, row in waits]
    said.append(report.reported(moment, pool, since, placed, bindings, market, loads, graph, outcome))
    return said


def _consents(row: LearnerRow, default: bool) -> bool:
    return default if row.consent is None else row.consent


def _fits(rows: Rows, moment: Moment, pool: str, market: Market, learner: int, mentor: int) -> bool:
    """By the exact minutes and mentees as they stand now."""
    row = rows.find(MentorRow, pool, market.mentors[mentor].id)
    if row is None:
        return False
    free = capacity_of(row, moment.policy) - sum(row.mentees.values())
    return places_of(row, moment.policy) > 0 and free >= market.learners[learner].effort


def _place(
    rows: Rows, moment: Moment, pool: str, learner: Learner, mentor: str, chosen: Choice
) -> list[Fact]:
    policy = moment.policy.pool
    row = rows.find(LearnerRow, pool, learner.id) or LearnerRow()
    helper = rows.find(MentorRow, pool, mentor) or MentorRow()
    pair: UUID = pair_id(pool, learner.id, mentor, row.spell)
    answer_by: datetime = moment.now + timedelta(hours=policy.answer_hours)
    sure = policy.auto_confirm
    row = row.model_copy(
        update={
            "pair": pair,
            "mentor": mentor,
            "state": "confirmed" if sure else "proposed",
            "paired_at": moment.now,
            "answer_by": None if sure else answer_by,
            "accepted": (),
            "waiting_since": None,
            "binding": "",
            "spell": row.spell + 1,
            "rev": row.rev + 1,
            "wake_at": next_announcement(learner.id, moment, first=True) if sure else answer_by,
        }
    )
    rows.put(row, pool, learner.id)
    mentees = {**helper.mentees, learner.id: learner.effort}
    rows.put(helper.model_copy(update={"mentees": mentees}), pool, mentor)
    said: list[Fact] = [
        moment.fact(
            MatchProposed,
            str(pair),
            pool=pool,
            programme=row.programme,
            pair=pair,
            learner=learner.id,
            mentor=mentor,
            answer_by=answer_by,
            minutes=learner.effort,
            terms=chosen.terms,
            runner_up=chosen.runner_up,
            runner_up_gap=chosen.gap,
            round=caused_by(moment.cause.id, "round"),
        )
    ]
    if sure:
        said.append(confirmed(moment, pool, learner.id, row, "automatic"))
    return said + told_both(moment, pool, learner.id, row)


def _waitlist(
    rows: Rows,
    moment: Moment,
    pool: str,
    learner: str,
    row: LearnerRow,
    binding: str,
    removed: tuple[tuple[str, int], ...] = (),
    rivals: tuple[int, int] = (0, 0),
) -> list[Fact]:
    """Said only when the reason changed."""
    if row.binding == binding:
        return []
    rows.put(row.model_copy(update={"binding": binding}), pool, learner)
    return [
        moment.fact(
            LearnerWaitlisted,
            learner,
            pool=pool,
            programme=row.programme,
            learner=learner,
            since=row.waiting_since or moment.now,
            binding=binding,
            removed=removed,
            competing_learners=rivals[0],
            competing_mentors=rivals[1],
            would_change=WORDS[binding],
        )
    ]
