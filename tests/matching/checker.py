"""Is an answer allowed, and does it cost what it says?  Shares no code with any engine."""

import numpy as np


def wrong_with(pool, chosen, objective):
    """`pool` has the arrays of an instance, `chosen` each learner's mentor or -1 or None; a list of complaints."""
    chosen = np.array([-1 if mentor is None else mentor for mentor in chosen], dtype=np.int64)
    complaints = []
    if len(chosen) != len(pool.waits):
        return [f"{len(chosen)} answers for {len(pool.waits)} learners"]
    learner = np.repeat(np.arange(len(pool.waits)), np.diff(pool.starts))
    used = pool.mentors == chosen[learner]
    arcs = np.bincount(learner[used], minlength=len(pool.waits))
    if (arcs[chosen >= 0] != 1).any():
        complaints.append(f"{int((arcs[chosen >= 0] != 1).sum())} learners without an arc to their mentor")
    places = np.diff(pool.seat_starts)
    loads = np.bincount(chosen[chosen >= 0], minlength=len(places))
    if len(loads) > len(places) or (loads > places).any():
        return [*complaints, "a mentor has more learners than seats"]
    seat = np.arange(len(pool.seat_costs)) - np.repeat(pool.seat_starts[:-1], places)
    cost = (
        sum(pool.costs[used].tolist())
        + sum(pool.waits[chosen < 0].tolist())
        + sum(pool.seat_costs[seat < np.repeat(loads, places)].tolist())
    )
    if cost != objective:
        complaints.append(f"costs {cost}, not {objective}")
    return complaints
