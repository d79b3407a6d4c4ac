"""What does one pair cost, in the whole numbers of `matching.affinity`, where a learner is held against columns?"""

import numpy as np

from matching.compiled import inlined, ones
from matching.features import Learners, Limits, Mentors, Small
from matching.views import FULL

OUT = -(1 << 40)  # stands for points of a pair that may not be


@inlined
def levels_of(m: Mentors, s: Learners, row: int, place: int) -> int:
    met = 0
    for want in range(s.skill_at[row], s.skill_at[row + 1]):
        if s.skill[want] >= 0:
            met += min(s.level[want], m.levels[s.skill[want], place])
    return met


@inlined
def ranks_of(m: Mentors, s: Learners, row: int, place: int) -> int:
    reached = 0
    for wish in range(s.goal_at[row], s.goal_at[row + 1]):
        if s.goal[wish] >= 0:
            reached += s.rank[wish] * m.guides[s.goal[wish], place]
    return reached


@inlined
def gains_of(
    by: Limits, m: Mentors, s: Learners, row: int, need: bool, gain: Small, place: int, met: int, reached: int,
    hours: int, favour: int, again: int,
) -> tuple[int, ...]:  # fmt: skip
    """What each term gains over its worst, in the order of `affinity.NAMES`, before anybody's say."""
    experience = np.int64(m.experience[place]) if need else 0
    language = np.int64(gain[place]) - experience - (m.hours[place] if s.told[row] else 0)
    skills = by.skills - by.skills * (s.total[row] - met) // s.total[row] if s.total[row] else 0
    goals = by.goals - by.goals * (s.ranks[row] - reached) // s.ranks[row] if s.ranks[row] else 0
    return skills, goals, hours, int(language), int(experience), favour, again


@inlined
def points_of(
    by: Limits, m: Mentors, s: Learners, row: int, need: bool, gain: Small, place: int, met: int, reached: int,
    hours: int, favour: int, again: int,
) -> int:  # fmt: skip
    """What the pair costs without load, or OUT if a rule or the floor is against it."""
    if (
        gain[place] < 0
        or hours < 0
        or (by.must_share_skill and s.total[row] and m.skilled[place] and not met)
    ):
        return OUT
    gains = gains_of(by, m, s, row, need, gain, place, met, reached, hours, favour, again)
    say = min(s.say[row], m.say[place])
    cost = s.top[row]
    for each in gains:
        cost -= say * each // FULL
    if cost + m.load[place] > by.floor:
        known = s.top[row]
        for each in gains:
            known -= each
        known -= 0 if s.total[row] else by.skills
        known -= 0 if s.ranks[row] else by.goals
        known -= 0 if s.told[row] else by.hours[len(by.hours) - 1]
        if known + m.load[place] > by.floor:
            return OUT
    return int(cost)


@inlined
def hours_of(by: Limits, m: Mentors, s: Learners, row: int, place: int) -> int:
    """Points gained by hours that both are free, at the worse of the two times of the year; below 0 if too few."""
    if not (s.told[row] and m.told[place]):
        return 0
    now = later = np.uint64(0)
    half = s.free.shape[1] // 2
    for word in range(half):
        now += ones(s.free[row, word] & m.free[place, word])
        later += ones(s.free[row, half + word] & m.free[place, half + word])
    shared = int(now if now < later else later) * by.step
    return int(by.hours[min(shared, len(by.hours) - 1)])
