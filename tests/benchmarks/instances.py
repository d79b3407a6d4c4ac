"""Which pools are the engines measured on?  Seeded, of any size, shaped as a programme's are.

A pair's affinity is one inner product over skills (32), goals (16) and time zones (24).  People gather
in 40 fields; languages, unevenly spoken, are hard blocks from 500 mentors on.  A learner has `k` candidates: the best,
and six more at random, as cheap pre-selection leaves them.  A pair costs round(10000 (1 - affinity)), a
mentor has 3 to 21 seats of which the r-th costs round(2000 (2r - 1) / seats), and waiting costs 100,000.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from matching.kernel.instance import Instance

SKILLS, GOALS, ZONES, FIELDS = 32, 16, 24, 40
SPOKEN = (0.4, 0.2, 0.12, 0.1, 0.08, 0.05, 0.03, 0.02)
BLOCKS_FROM = 500  # mentors
SCALE, LOAD, WAIT, RANDOM = 10_000, 2_000, 100_000, 6
ROWS, DRAWS = 1024, 24

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


def drawn(learners: int, mentors: int, k: int = 20, seed: int = 0) -> Instance:
    chance = np.random.default_rng(seed)
    ours, theirs = _features(chance, learners, mentors)
    tongues = len(SPOKEN) if mentors >= BLOCKS_FROM else 1
    spoken = np.array(SPOKEN[:tongues]) / sum(SPOKEN[:tongues])
    of_learner, of_mentor = (
        chance.choice(tongues, learners, p=spoken),
        chance.choice(tongues, mentors, p=spoken),
    )
    places = chance.integers(3, 22, mentors)
    chosen = np.empty((learners, k), dtype=np.int32)
    costs = np.empty((learners, k), dtype=np.int32)
    for tongue in range(tongues):
        columns = np.flatnonzero(of_mentor == tongue).astype(np.int32)
        block = np.ascontiguousarray(theirs[columns].T)
        rows = np.flatnonzero(of_learner == tongue)
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            affinity = ours[part] @ block
            picks = _picks(affinity, k, chance.integers(0, len(columns), (len(part), DRAWS)))
            chosen[part] = columns[picks]
            costs[part] = np.rint(SCALE * (1 - np.take_along_axis(affinity, picks, 1))).clip(0, 2 * SCALE)
    seat = np.arange(places.sum()) - np.repeat(places.cumsum() - places, places)
    return Instance.checked(
        starts=np.arange(0, learners * k + 1, k),
        mentors=chosen.ravel(),
        costs=costs.ravel(),
        waits=np.full(learners, WAIT),
        seat_starts=np.append(0, places.cumsum()),
        seat_costs=np.rint(LOAD * (2 * seat + 1) / np.repeat(places, places)).astype(np.int64),
    )


def _features(chance: np.random.Generator, learners: int, mentors: int) -> tuple[Floats, Floats]:
    """The learner's side carries the weights, so that an affinity is the inner product as it stands."""
    popular = 1 / np.sqrt(np.arange(1, FIELDS + 1))
    field = chance.choice(FIELDS, learners, p=popular / popular.sum()), chance.choice(FIELDS, mentors)
    ours, theirs = [], []
    for weight, size in ((0.5, SKILLS), (0.3, GOALS)):
        centres = chance.normal(size=(FIELDS, size)).astype(np.float32)
        near = [
            centres[each] + 1.2 * chance.normal(size=(len(each), size)).astype(np.float32) for each in field
        ]
        unit = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in near]
        ours.append(weight * unit[0])
        theirs.append(unit[1])
    apart = np.abs(np.arange(ZONES)[:, None] - np.arange(ZONES))
    overlap = np.maximum(0, 1 - np.minimum(apart, ZONES - apart) / 8)
    ours.append(0.2 * overlap[chance.integers(0, ZONES, learners)])
    theirs.append(np.eye(ZONES)[chance.integers(0, ZONES, mentors)])
    return np.hstack(ours).astype(np.float32), np.hstack(theirs).astype(np.float32)


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _picks(affinity: Floats, k: int, draws: NDArray[np.int64]) -> Ints:
    """The best k - RANDOM columns of each row by a heap of the least of them, then fresh ones from `draws`."""
    rows, columns = affinity.shape
    best = k - RANDOM
    picks = np.empty((rows, k), np.int32)
    heap = np.empty(best, np.float32)
    for row in range(rows):
        heap[:] = -np.inf
        for column in range(columns):
            value = affinity[row, column]
            if value <= heap[0]:
                continue
            at = 0
            while True:
                child = 2 * at + 1
                if child >= best:
                    break
                if child + 1 < best and heap[child + 1] < heap[child]:
                    child += 1
                if heap[child] >= value:
                    break
                heap[at], picks[row, at] = heap[child], picks[row, child]
                at = child
            heap[at], picks[row, at] = value, column
        have, draw, other = best, 0, 0
        while have < k:
            if draw < draws.shape[1]:
                fresh = draws[row, draw]
                draw += 1
            else:
                fresh, other = other, other + 1
            known = False
            for at in range(have):
                known |= picks[row, at] == fresh
            if not known:
                picks[row, have] = fresh
                have += 1
    return picks
