"""What of a pool's people does an affinity look at, as whole numbers in columns?

Every linear term is times * (full - shared) // over, where `shared` is an inner product of a learner's and
a mentor's columns: wanted levels are met level by level (min(wanted, offered) of a skill is how many of
its steps 1, 2, ... both have), goals count by rank.  Hours are one more product, of free quarters; what is
shared beyond `good` is no better, so that term is times * max(0, full - shared) // over, and fewer
than `need` shared rule the pair out.  Blocks are the rules that look at one side at a time: all their
learners may have all their mentors, but for pairs that are forbidden by name.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.compiled import Numbers
from matching.rules import no_shared_language, no_skill, other_courses
from matching.views import SLOTS, Learner, Mentor
from schemas.policy import PoolPolicy

Columns = NDArray[np.int16]


class Term(NamedTuple):
    """One row a person; `times`, `full`, `over` and `need` one number a learner."""

    learners: Columns
    mentors: Columns
    times: Numbers
    full: Numbers
    over: Numbers
    need: Numbers


class Block(NamedTuple):
    learners: Numbers
    mentors: Numbers  # ascending


class Features(NamedTuple):
    terms: tuple[Term, ...]  # linear: never more shared than `full`
    hours: Term | None
    blocks: tuple[Block, ...]
    forbidden: tuple[Numbers, Numbers]  # where each learner's begin, and the mentors, ascending


def features(learners: Sequence[Learner], mentors: Sequence[Mentor], policy: PoolPolicy) -> Features:
    """Capacity is no feature: who is full today may have an hour tomorrow."""
    return Features(
        (_skills(learners, mentors, policy.weights.skills), _goals(learners, mentors, policy.weights.goals)),
        _hours(learners, mentors, policy),
        _blocks(learners, mentors, policy),
        _forbidden(learners, mentors),
    )


def _term(count: int, mentors: int, width: int) -> Term:
    zeros, ones = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int64)
    columns = np.zeros((count, width), dtype=np.int16), np.zeros((mentors, width), dtype=np.int16)
    return Term(*columns, zeros, zeros.copy(), ones, zeros.copy())


def _skills(learners: Sequence[Learner], mentors: Sequence[Mentor], weight: int) -> Term:
    top: dict[str, int] = {}  # no step beyond the highest level that is wanted tells mentors apart
    for learner in learners:
        for skill, level in learner.wants:
            top[skill] = max(top.get(skill, 0), level)
    start = dict(zip(top, accumulate(top.values(), initial=0), strict=False))
    made = _term(len(learners), len(mentors), sum(top.values()))
    for at, learner in enumerate(learners):
        for skill, level in learner.wants:
            made.learners[at, start[skill] : start[skill] + level] += 1
        total = sum(level for _, level in learner.wants)
        made.times[at], made.full[at], made.over[at] = (weight, total, total) if total else (0, 0, 1)
    for at, mentor in enumerate(mentors):
        for skill, level in mentor.levels.items():
            if skill in start:
                made.mentors[at, start[skill] : start[skill] + min(level, top[skill])] = 1
    return made


def _goals(learners: Sequence[Learner], mentors: Sequence[Mentor], weight: int) -> Term:
    names = sorted({goal for learner in learners for goal in learner.goals})
    made = _term(len(learners), len(mentors), len(names))
    for at, learner in enumerate(learners):
        count = len(learner.goals)
        for rank, goal in enumerate(learner.goals):
            made.learners[at, names.index(goal)] += count - rank
        if count:
            made.times[at], made.full[at] = weight * 2, count * (count + 1) // 2
            made.over[at] = count * (count + 1)
    for at, mentor in enumerate(mentors):
        made.mentors[at] = [goal in mentor.guides for goal in names]
    return made


def _hours(learners: Sequence[Learner], mentors: Sequence[Mentor], policy: PoolPolicy) -> Term:
    """Whom a mentor told no hours shares as much with as costs half the weight and rules nothing out.

    Where more than the least is no better, quarters count twice, so that there is room for half of one.
    """
    least, good = policy.least_shared_hours * 4, policy.good_shared_hours * 4
    weight, span = policy.weights.availability, good - least
    step, untold, times, over, full, need, alone = (
        (1, good - span // 2, weight, span, good, least, span // 2)
        if span > 0
        else (2, 2 * least - 1, weight // 2, 1, 2 * least, 2 * least - 1, 1)
    )
    masks = {learner.free for learner in learners} | {mentor.free for mentor in mentors}
    rows = {free: _quarters(free) for free in masks}
    grain = 4 if all((row.reshape(-1, 4) == row[::4, None]).all() for row in rows.values()) else 1
    made = _term(len(learners), len(mentors), SLOTS // grain + 1)
    made.times[:], made.over[:] = times, over
    for at, learner in enumerate(learners):
        made.learners[at, :-1] = rows[learner.free][::grain] * grain * step
        made.learners[at, -1] = bool(learner.free)
        made.full[at], made.need[at] = (full, need) if learner.free else (alone, 0)
    for at, mentor in enumerate(mentors):
        made.mentors[at, :-1] = rows[mentor.free][::grain]
        made.mentors[at, -1] = 0 if mentor.free else untold
    return made


def _quarters(free: int) -> Columns:
    return np.unpackbits(
        np.frombuffer(free.to_bytes(SLOTS // 8, "little"), np.uint8), bitorder="little"
    ).astype(np.int16)


def _blocks(learners: Sequence[Learner], mentors: Sequence[Mentor], policy: PoolPolicy) -> tuple[Block, ...]:
    """Learners alike in what these rules look at are one block."""
    rules = (no_shared_language, other_courses, no_skill)
    alike: dict[object, list[int]] = {}
    for at, learner in enumerate(learners):
        courses = learner.courses if policy.must_share_course else None
        skills = learner.skills if policy.must_share_skill else None
        alike.setdefault((learner.languages, courses, skills), []).append(at)
    found = []
    for group in alike.values():
        first = learners[group[0]]
        able = [
            at for at, mentor in enumerate(mentors) if not any(rule(first, mentor, policy) for rule in rules)
        ]
        found.append(Block(np.asarray(group, dtype=np.int64), np.asarray(able, dtype=np.int64)))
    return tuple(found)


def _forbidden(learners: Sequence[Learner], mentors: Sequence[Mentor]) -> tuple[Numbers, Numbers]:
    place = {mentor.id: at for at, mentor in enumerate(mentors)}
    avoided: dict[str, set[int]] = {}
    for at, mentor in enumerate(mentors):
        for id in mentor.avoids:
            avoided.setdefault(id, set()).add(at)
    pairs = [
        sorted({place[id] for id in learner.avoids if id in place} | avoided.get(learner.id, set()))
        for learner in learners
    ]
    begin = np.cumsum([0, *(len(each) for each in pairs)], dtype=np.int64)
    return begin, np.asarray([at for each in pairs for at in each], dtype=np.int64)
