"""Which mentors are among a learner's best?  Looks at a run of mentors at once, prices the few that may be.

Of each pair it is first said what all terms gain at the most over their worst: skills, goals, language and
experience as they are but for rounding up, hours as if the learner were free at all times, and the say of
the run's loudest.  Only a pair that this may bring below the dearest one kept is priced, in the same whole
numbers as `matching.affinity` (`tests/matching/test_candidates.py` holds them equal).
"""

import numpy as np

from matching.columns import Numbers
from matching.compiled import bare, inlined
from matching.features import RUN, Learners, Limits, Mentors, Middle, Small
from matching.points import OUT, hours_of, levels_of, points_of, ranks_of
from matching.views import FULL

FEW = 16  # of a run, those looked at one by one if any may be near
SAY = 1024  # so that no division is needed where many are looked at
SHIFT = 10
FINE = 16  # bits below a point


def sift(
    by: Limits, m: Mentors, s: Learners, rows: Numbers, need: bool, gain: Small, asked: Middle, limit: Numbers, keys: Numbers,
) -> None:  # fmt: skip
    """Each learner's keys are a heap, the greatest first: cost + asked, then the mentor, as one number.

    `limit` is what each pair must stay below; `asked` the price of each mentor by place.
    """
    loudest = -(-m.say.reshape(-1, RUN).max(axis=1, initial=0) * SAY // FULL)
    met, reached = np.empty(RUN, np.int16), np.empty(RUN, np.int16)
    gained, most = np.empty(RUN, np.int32), np.empty(RUN, np.int32)
    _sift(
        by, m, s, rows, need, gain, asked, limit, keys, loudest.astype(np.int32), met, reached, gained, most
    )


@bare
def _sift(
    by: Limits, m: Mentors, s: Learners, rows: Numbers, need: bool, gain: Small, asked: Middle, limit: Numbers,
    keys: Numbers, loudest: Middle, met: Small, reached: Small, gained: Middle, most: Middle,
) -> None:  # fmt: skip
    """The last four are room to work in."""
    for row in rows:
        heap = keys[row]
        for at in range(len(heap)):
            heap[at] = limit[row] << 32
        _offer_named(by, m, s, row, need, gain, asked, heap)
        own = np.int32(-(-s.say[row] * SAY // FULL))
        per_level = np.int32(-(-(by.skills << FINE) // max(1, s.total[row])))
        per_rank = np.int32(-(-(by.goals << FINE) // max(1, s.ranks[row])))
        apart = np.int32(s.apart[row])
        bar = np.int32(s.top[row] - (heap[0] >> 32))
        for run in range(len(loudest)):
            first = run * RUN
            _sum(m, s, row, first, met, reached)
            say = own if own < loudest[run] else loudest[run]
            if _near(gain, asked, first, met, reached, per_level, per_rank, apart, say, bar, gained, most):
                bar = _offer_run(
                    by, m, s, row, need, gain, asked, first, met, reached, gained, most, say, bar, heap
                )


@inlined
def _offer_named(
    by: Limits, m: Mentors, s: Learners, row: int, need: bool, gain: Small, asked: Middle, heap: Numbers
) -> None:
    """Mentors who are not for this learner what all others are: priced one by one."""
    for at in range(s.named_at[row], s.named_at[row + 1]):
        if s.favour[at] >= 0:
            place, favour, again = s.named[at], s.favour[at], s.again[at]
            hours = hours_of(by, m, s, row, place)
            met, reached = levels_of(m, s, row, place), ranks_of(m, s, row, place)
            _offer(by, m, s, row, need, gain, asked, place, met, reached, hours, favour, again, heap)


@inlined
def _offer_run(
    by: Limits, m: Mentors, s: Learners, row: int, need: bool, gain: Small, asked: Middle, first: int, met: Small,
    reached: Small, gained: Middle, most: Middle, say: np.int32, bar: np.int32, heap: Numbers,
) -> np.int32:  # fmt: skip
    """Prices those of the run who reach the bar; answers where it is then."""
    for few in range(0, RUN, FEW):
        if not _above(most[few : few + FEW], bar):
            continue
        for at in range(few, few + FEW):
            place = first + at
            if most[at] < bar or gain[place] < 0:
                continue
            hours = hours_of(by, m, s, row, place)  # then the same with the hours as they are
            exact = gained[at] - m.hours[place] * s.told[row] + hours
            if (exact * say >> SHIFT) - asked[place] < bar or _named(s, row, place):
                continue
            apart = s.apart[row]
            _offer(by, m, s, row, need, gain, asked, place, met[at], reached[at], hours, 0, apart, heap)
            bar = np.int32(s.top[row] - (heap[0] >> 32))
    return bar


@inlined
def _sum(m: Mentors, s: Learners, row: int, first: int, met: Small, reached: Small) -> None:
    """For each of the run the wanted levels that are met, and the points of goals that are guided."""
    for at in range(RUN):
        met[at] = 0
        reached[at] = 0
    for want in range(s.skill_at[row], s.skill_at[row + 1]):
        if s.skill[want] >= 0:
            level, column = s.level[want], m.levels[s.skill[want], first : first + RUN]
            for at in range(RUN):
                met[at] += min(level, column[at])
    for wish in range(s.goal_at[row], s.goal_at[row + 1]):
        if s.goal[wish] >= 0:
            rank, column = s.rank[wish], m.guides[s.goal[wish], first : first + RUN]
            for at in range(RUN):
                reached[at] += rank * column[at]


@inlined
def _near(
    gain: Small, asked: Middle, first: int, met: Small, reached: Small, per_level: np.int32, per_rank: np.int32,
    apart: np.int32, say: np.int32, bar: np.int32, gained: Middle, most: Middle,
) -> bool:  # fmt: skip
    """What is gained at the most, less what is asked; is it enough with any?  Without branches and of one width,
    so that it becomes a few wide instructions."""
    found = np.int32(0)
    up = np.int32((1 << FINE) - 1)
    for at in range(RUN):
        skills = np.int32(np.int32(np.int32(met[at] * per_level) + up) >> np.int32(FINE))
        goals = np.int32(np.int32(np.int32(reached[at] * per_rank) + up) >> np.int32(FINE))
        all = np.int32(np.int32(np.int32(gain[first + at] + skills) + goals) + apart)
        value = np.int32(np.int32(np.int32(all * say) >> np.int32(SHIFT)) - asked[first + at])
        gained[at], most[at] = all, value
        found |= np.int32(value >= bar)
    return bool(found != 0)


@inlined
def _above(most: Middle, bar: np.int32) -> bool:
    found = np.int32(0)
    for at in range(FEW):
        found |= np.int32(most[at] >= bar)
    return bool(found != 0)


@inlined
def _named(s: Learners, row: int, place: int) -> bool:
    found = False
    for at in range(s.named_at[row], s.named_at[row + 1]):
        found |= s.named[at] == place
    return found


@inlined
def _offer(
    by: Limits, m: Mentors, s: Learners, row: int, need: bool, gain: Small, asked: Middle, place: int,
    met: int, reached: int, hours: int, favour: int, again: int, heap: Numbers,
) -> None:  # fmt: skip
    """Prices the pair, and keeps it if it is cheaper than the dearest one kept."""
    cost = points_of(by, m, s, row, need, gain, place, met, reached, hours, favour, again)
    key = (cost + asked[place]) << 32 | m.number[place]
    if cost != OUT and key < heap[0]:
        _replace(heap, key)


@inlined
def _replace(heap: Numbers, key: int) -> None:
    """The greatest goes, the key comes in."""
    node = 0
    while 2 * node + 1 < len(heap):
        child = 2 * node + 1
        if child + 1 < len(heap) and heap[child + 1] > heap[child]:
            child += 1
        if heap[child] <= key:
            break
        heap[node] = heap[child]
        node = child
    heap[node] = key
