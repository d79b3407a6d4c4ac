"""Which people are unequal efforts measured on?  Seeded, of any size.

Skills (32), goals (16) and time zones (24) in one inner product, people gathered in 40 fields, and
languages, unevenly spoken, as hard blocks: eight of them from 500 mentors on, else one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.instance import Instance

SKILLS, GOALS, ZONES, FIELDS = 32, 16, 24, 40
SPOKEN = (0.4, 0.2, 0.12, 0.1, 0.08, 0.05, 0.03, 0.02)
BLOCKS_FROM = 500  # mentors
FINE = 4096  # a column's 1.0 in whole numbers
POINTS, LOAD, WAIT, NEAR, OTHERS = 10_000, 800, 100_000, 14, 6

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


class Block(NamedTuple):
    learners: Numbers
    mentors: Numbers


class People(NamedTuple):
    ours: Floats
    theirs: Floats
    blocks: tuple[Block, ...]


def people(learners: int, mentors: int, seed: int = 0) -> People:
    """The learner's side carries the weights .5, .3 and .2, so that an affinity is the product as it stands."""
    chance = np.random.default_rng(seed)
    popular = 1 / np.sqrt(np.arange(1, FIELDS + 1))
    field = chance.choice(FIELDS, learners, p=popular / popular.sum()), chance.choice(FIELDS, mentors)
    ours, theirs = [], []
    for weight, size in ((0.5, SKILLS), (0.3, GOALS)):
        centres = chance.normal(size=(FIELDS, size))
        near = [centres[each] + 1.2 * chance.normal(size=(len(each), size)) for each in field]
        units = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in near]
        ours.append(weight * units[0])
        theirs.append(units[1])
    apart = np.abs(np.arange(ZONES)[:, None] - np.arange(ZONES))
    overlap = np.maximum(0, 1 - np.minimum(apart, ZONES - apart) / 8)
    ours.append(0.2 * overlap[chance.integers(0, ZONES, learners)])
    theirs.append(np.eye(ZONES)[chance.integers(0, ZONES, mentors)])
    spoken = SPOKEN if mentors >= BLOCKS_FROM else (1.0,)
    speaks = [chance.choice(len(spoken), count, p=spoken) for count in (learners, mentors)]
    blocks = tuple(
        Block(*(np.flatnonzero(each == tongue) for each in speaks)) for tongue in range(len(spoken))
    )
    return People(np.hstack(ours).astype(np.float32), np.hstack(theirs).astype(np.float32), blocks)


def _nearest(made: People, ours: Numbers, theirs: Numbers, k: int) -> Numbers:
    """For each learner the k mentors of the least cost, of equal cost the first.  The sums are whole numbers
    below 2^53, so doubles hold them."""
    mentor = np.full((len(ours), k), -1)
    for block in made.blocks:
        alike = ours[block.learners].astype(np.float64) @ theirs[block.mentors].astype(np.float64).T
        points = _points(alike.astype(np.int64))
        order = np.argsort(points, axis=1, kind="stable")[:, :k]
        mentor[block.learners[:, None], np.arange(order.shape[1])] = block.mentors[order]
    return mentor


def _points(alike: Numbers) -> Numbers:
    """10,000 less 10,000 times the affinity, rounded down."""
    points: Numbers = POINTS * np.maximum(0, FINE * FINE - alike) // (FINE * FINE)
    return points


def mixed_pool(learners: int, mentors: int, seed: int = 0) -> Instance:
    """Efforts of 1 to 4 units, 20 candidates a learner: the best 14 and up to 6 others who may be had.

    A mentor has 3 to 21 times 2.5 units, of which the r-th of n costs round(800 (2r - 1) / n), and takes
    20 learners at the most; to wait costs 100,000.  Some languages have fewer units than learners need.
    """
    made = people(learners, mentors, seed)
    chance = np.random.default_rng(seed + 1)
    ours, theirs = (np.rint(each * FINE).astype(np.int64) for each in (made.ours, made.theirs))
    near = _nearest(made, ours, theirs, NEAR)
    others = np.empty((learners, OTHERS), dtype=np.int64)
    for block in made.blocks:
        drawn = chance.integers(0, len(block.mentors), (len(block.learners), OTHERS))
        others[block.learners] = block.mentors[drawn]
    rows, cost = [], []
    for learner in range(learners):
        mentor = np.unique(np.append(near[learner], others[learner]))
        mentor = mentor[mentor >= 0]
        rows.append(mentor)
        cost.append(_points(theirs[mentor] @ ours[learner]))
    counts = np.array([len(each) for each in rows])
    units = (chance.integers(3, 22, mentors) * 5 + 1) // 2
    unit = np.arange(units.sum()) - np.repeat(units.cumsum() - units, units)
    return Instance(
        np.append(0, counts.cumsum()),
        np.concatenate(rows),
        np.concatenate(cost),
        np.repeat(chance.integers(1, 5, learners), counts),
        np.full(learners, WAIT),
        np.append(0, units.cumsum()),
        np.rint(LOAD * (2 * unit + 1) / np.repeat(units, units)).astype(np.int64),
        np.full(mentors, 20),
    )
