"""What is every pair of a round, at once: its cost, the rules against it, and the best two of each learner?

In the whole numbers of `matching.affinity` and by the rules of `matching.rules`, which say it pair by pair and
are the reference (`tests/matching/test_sheet.py`).  A row a kind of learner, a column a mentor in the table's
order; mentors are gone through by place.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.columns import Flags, Numbers
from matching.compiled import bare, wide
from matching.features import Learners, Limits, Mentors, Middle, Small
from matching.points import OUT, gains_of, hours_of, levels_of, points_of, ranks_of
from matching.rules import RULES
from matching.views import FULL

Bits = NDArray[np.uint8]  # a bit a rule, in the order of `RULES`
BLOCKED, NO_CAPACITY, NO_SKILL, NO_HOURS = (
    1 << list(RULES).index(name) for name in ("blocked", "no_capacity", "no_skill", "no_shared_hours")
)
NOBODY = 1 << 62  # stands for a key of no mentor: above any other
NO_SEAT = 1 << 30  # points; no pair costs as much
FEW = 64


class Pairs(NamedTuple):
    """A row a kind of learner; the first three have a column a mentor."""

    cost: Middle  # points without load of who is wished
    wished: Flags  # passes every lasting rule and the floor
    open: Flags  # and has hours now
    removed: Numbers  # (rows, rules) how many mentors each rule bars
    alone: Numbers  # and it alone
    dear: Numbers  # (rows) mentors beyond the floor

    @classmethod
    def empty(cls, rows: int, mentors: int) -> "Pairs":
        shape, rules = (rows, mentors), (rows, len(RULES))
        return cls(
            np.zeros(shape, np.int32), np.zeros(shape, np.bool_), np.zeros(shape, np.bool_),
            np.zeros(rules, np.int64), np.zeros(rules, np.int64), np.zeros(rows, np.int64),
        )  # fmt: skip


class Room(NamedTuple):
    """To work in, by place; and by set of rules."""

    met: Small
    reached: Small
    favour: Numbers
    again: Numbers
    shut: Bits
    sets: Numbers

    @classmethod
    def of(cls, places: int) -> "Room":
        return cls(
            np.empty(places, np.int16), np.empty(places, np.int16), np.empty(places, np.int64),
            np.empty(places, np.int64), np.empty(places, np.uint8), np.empty(1 << len(RULES), np.int64),
        )  # fmt: skip


@bare
def look(
    by: Limits, m: Mentors, s: Learners, rows: Numbers, need: bool, gain: Small, rules: Bits, pairs: Pairs, room: Room,
) -> None:  # fmt: skip
    """Fills the rows of learners whom `rules` bars from the same mentors and who gain alike by languages."""
    size, sets = pairs.cost.shape[1], room.sets
    for row in rows:
        _of_run(m, s, row, size, room)
        _of_names(s, row, size, room)
        sets[:] = 0
        for place in range(size):
            hours = hours_of(by, m, s, row, place)
            met, reached = room.met[place], room.reached[place]
            bits = wide(rules[place]) | wide(room.shut[place])
            if hours < 0:
                bits |= NO_HOURS
            if by.must_share_skill and s.total[row] and m.skilled[place] and not met:
                bits |= NO_SKILL
            sets[bits] += 1
            if bits & ~NO_CAPACITY:
                continue
            points = points_of(
                by, m, s, row, need, gain, place, met, reached, hours, room.favour[place], room.again[place]
            )
            if points == OUT:
                pairs.dear[row] += 1
                continue
            mentor = m.number[place]
            pairs.cost[row, mentor], pairs.wished[row, mentor] = points, True
            pairs.open[row, mentor] = bits == 0
        for rule in range(pairs.alone.shape[1]):
            pairs.alone[row, rule] = sets[1 << rule]
            for bits in range(len(sets)):
                pairs.removed[row, rule] += sets[bits] * (bits >> rule & 1)


@bare
def _of_run(m: Mentors, s: Learners, row: int, size: int, room: Room) -> None:
    """As `levels_of` and `ranks_of`, of all mentors."""
    met, reached = room.met, room.reached
    met[:size] = 0
    reached[:size] = 0
    for want in range(s.skill_at[row], s.skill_at[row + 1]):
        if s.skill[want] >= 0:
            level, column = s.level[want], m.levels[s.skill[want]]
            for place in range(size):
                met[place] += min(level, column[place])
    for wish in range(s.goal_at[row], s.goal_at[row + 1]):
        if s.goal[wish] >= 0:
            rank, column = s.rank[wish], m.guides[s.goal[wish]]
            for place in range(size):
                reached[place] += rank * column[place]


@bare
def _of_names(s: Learners, row: int, size: int, room: Room) -> None:
    room.favour[:size] = 0
    room.again[:size] = s.apart[row]
    room.shut[:size] = 0
    for at in range(s.named_at[row], s.named_at[row + 1]):
        place = s.named[at]
        if s.favour[at] < 0:
            room.shut[place] = BLOCKED
        else:
            room.favour[place], room.again[place] = s.favour[at], s.again[at]


@bare
def tell_terms(
    by: Limits, m: Mentors, s: Learners, rows: Numbers, places: Numbers, need: Flags, gain: Small, group: Numbers,
    worst: Numbers, told: Numbers,
) -> None:  # fmt: skip
    """For each pair of a row and a place what each term costs, in the order of `affinity.NAMES`."""
    for pair in range(len(rows)):
        row, place = rows[pair], places[pair]
        favour, again = 0, wide(s.apart[row])
        for at in range(s.named_at[row], s.named_at[row + 1]):
            if s.named[at] == place:
                favour, again = wide(s.favour[at]), wide(s.again[at])
        met, reached = levels_of(m, s, row, place), ranks_of(m, s, row, place)
        hours = hours_of(by, m, s, row, place)
        gains = gains_of(
            by, m, s, row, need[row], gain[group[row]], place, met, reached, hours, favour, again
        )
        say = min(s.say[row], m.say[place])
        for number, each in enumerate(gains):
            told[pair, number] = worst[row, number] - say * each // FULL


@bare
def best_two(rows: Numbers, cost: Middle, open: Flags, first: Middle, rank: Numbers, found: Numbers) -> None:
    """The least two keys of each row: cost with the first seat in the upper half, the mentor's rank in the lower.

    A few are first looked at together, without branches, so that it becomes a few wide instructions."""
    size = cost.shape[1]
    for at in range(len(rows)):
        row = rows[at]
        one = other = NOBODY
        bar = np.int32(NO_SEAT)
        for start in range(0, size, FEW):
            end = min(start + FEW, size)
            least = np.int32(NO_SEAT)
            for mentor in range(start, end):
                points = np.int32(cost[row, mentor] + first[mentor])
                least = min(least, points if open[row, mentor] else np.int32(NO_SEAT))
            if least > bar or least == np.int32(NO_SEAT):
                continue
            for mentor in range(start, end):
                points = np.int32(cost[row, mentor] + first[mentor])
                if open[row, mentor] and points < np.int32(NO_SEAT):
                    key = wide(points) << 32 | rank[mentor]
                    if key < one:
                        one, other = key, one
                    elif key < other:
                        other = key
            bar = np.int32(min(other >> 32, NO_SEAT))
        found[at, 0], found[at, 1] = one, other


@bare
def most_paid(rows: Numbers, pays: Numbers, cost: Middle, wished: Flags, worth: Numbers) -> None:
    """The most that any learner who may have the mentor pays beyond what the mentor costs them; 0 at the least."""
    for at in range(len(rows)):
        row, paid = rows[at], pays[at]
        for mentor in range(cost.shape[1]):
            saved = paid - cost[row, mentor] if wished[row, mentor] else 0
            worth[mentor] = max(worth[mentor], saved)
