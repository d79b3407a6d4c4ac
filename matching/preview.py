"""What would a new policy do to a pool as it stands?  Nothing is emitted; both sides are priced by the new policy."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from matching.affinity import terms
from matching.market import open_market
from matching.report import share
from matching.rows import LearnerRow
from matching.table import Table
from matching.views import Mentor
from matching.whole import Optimum, optimise, snapshot
from schemas.fact import Moment
from schemas.pool_policy import PoolPolicy
from schemas.rows import Rows


class Change(NamedTuple):
    """One learner who would have another mentor; `gain` is what their own pair would be the better by, in points."""

    learner: str
    before: str | None
    after: str | None
    gain: int | None  # None where there is no pair on one side
    terms: tuple[tuple[str, int], ...]  # of the new pair


class Side(NamedTuple):
    """Of those who are looked at: the pairs that may move, and who waits and may be placed."""

    matched: int
    waiting: int
    points: dict[str, int]  # by term, of all pairs looked at; load is not among them
    load_min_permille: int
    load_p50_permille: int
    load_max_permille: int


class Preview(NamedTuple):
    pool: str
    before: Side
    after: Side
    changes: tuple[Change, ...]
    wait_p50_days: int  # of those who would still wait
    wait_p95_days: int
    reasons: dict[str, int]  # why those would wait: no mentor may be theirs, or hours run out
    points_before: int  # all costs, waiting and load included, prices of moves paid
    points_after: int
    bound: int  # no answer of eligible pairs costs less
    stay: int  # pairs that may not move: too young, pinned, proposed, covered, or of a programme that asks both sides

    @property
    def moved(self) -> int:
        return sum(change.before is not None and change.after is not None for change in self.changes)

    @property
    def gain(self) -> int:
        return sum(change.gain is not None and change.gain > 0 for change in self.changes)

    @property
    def lose(self) -> int:
        return sum(change.gain is not None and change.gain < 0 for change in self.changes)


def preview(rows: Rows, moment: Moment, pool: str) -> Preview:
    """The moment's policy is the new one.  Pairs that may not move by it stay, and are not looked at."""
    by = moment.policy.pool
    found = optimise(snapshot(rows, moment, pool), by)
    taken = found.taken
    changes = [
        _change(found, by, at)
        for at, own in enumerate(taken.own)
        if found.chosen[at] != own and _real(found, at)
    ]
    after = [new if _real(found, at) else taken.own[at] for at, new in enumerate(found.chosen)]
    pairs = sum(row.pair is not None for _, row in rows.scan(LearnerRow, pool))
    left = [at for at, mentor in enumerate(after) if mentor is None]
    days = [(moment.now - taken.learners[at].since).days for at in left]
    market = open_market([taken.learners[at] for at in left], Table(taken.mentors), by)
    reasons = Counter(
        "no hours left" if offer.wished.any() else "no mentor may be theirs" for offer in market.offers
    )
    return Preview(
        pool=pool, before=_side(found, by, taken.own), after=_side(found, by, after), changes=tuple(changes),
        wait_p50_days=share(days, 500), wait_p95_days=share(days, 950), reasons=dict(sorted(reasons.items())),
        points_before=found.stays, points_after=found.objective, bound=found.bound,
        stay=pairs - sum(own is not None for own in taken.own),
    )  # fmt: skip


def _real(found: Optimum, at: int) -> bool:
    """A pair is never ended for nothing, whatever a solver could not place."""
    return found.taken.own[at] is None or found.chosen[at] is not None


def _change(found: Optimum, by: PoolPolicy, at: int) -> Change:
    learner, mentors = found.taken.learners[at], found.taken.mentors
    own, new = found.taken.own[at], found.chosen[at]
    old = None if own is None else sum(cost for _, cost in terms(learner, mentors[own], by))
    shown = () if new is None else terms(learner, mentors[new], by)
    gain = None if old is None or new is None else old - sum(cost for _, cost in shown)
    return Change(learner.id, _id(mentors, own), _id(mentors, new), gain, shown)


def _id(mentors: Sequence[Mentor], at: int | None) -> str | None:
    return None if at is None else mentors[at].id


def _side(found: Optimum, by: PoolPolicy, chosen: Sequence[int | None]) -> Side:
    points: Counter[str] = Counter()
    used = [mentor.used for mentor in found.taken.mentors]
    for learner, mentor in zip(found.taken.learners, chosen, strict=True):
        if mentor is not None:
            points.update(dict(terms(learner, found.taken.mentors[mentor], by)))
            used[mentor] += learner.effort
    loads = [
        min(1000, minutes * 1000 // mentor.capacity)
        for minutes, mentor in zip(used, found.taken.mentors, strict=True)
        if mentor.capacity
    ]
    matched = sum(mentor is not None for mentor in chosen)
    return Side(
        matched, len(chosen) - matched, dict(points), share(loads, 0), share(loads, 500), share(loads, 1000)
    )
