"""How dear is a pair, in whole cost points, term by term?

Each term goes from 0 (nothing better) to its weight (nothing worse).  What is not told costs as the worst,
and who tells fewer hours or skills than are asked for has less say: every term comes nearer to its worst,
so that what others wish counts for more.  So hiding does not pay (`tests/matching/declaring.py` measures
it).  No term knows what a person is by birth or standing.
"""

from collections.abc import Callable
from datetime import datetime

from matching.views import FULL, Learner, Mentor, shared
from schemas.pool_policy import PoolPolicy

DAY = 86_400
ENOUGH = 5  # learners in need who stayed, beyond which more experience is no better
FAR = 4  # ranks of a common language, the learner's and the mentor's added, beyond which it is no worse


def skills(learner: Learner, mentor: Mentor, weight: int) -> int:
    """How far the mentor's levels fall short of the wanted ones."""
    total = short = 0
    for skill, level in learner.wants:
        total += level
        short += max(0, level - mentor.levels.get(skill, 0))
    return weight * short // total if total else 0


def goals(learner: Learner, mentor: Mentor, weight: int) -> int:
    """Goals the mentor does not guide; the learner's first weighs the most."""
    count = len(learner.goals)
    if not count:
        return 0
    missed = sum(count - rank for rank, goal in enumerate(learner.goals) if goal not in mentor.guides)
    return weight * missed * 2 // (count * (count + 1))


def availability(learner: Learner, mentor: Mentor, weight: int, least: int, good: int) -> int:
    """Fewer shared hours than are good; the most for a mentor who told none, nothing for a learner who did."""
    if not learner.free:
        return 0
    if not mentor.free:
        return weight
    span = (good - least) * 4
    if span <= 0:
        return 0
    missing = good * 4 - shared(learner, mentor)
    return weight * min(max(missing, 0), span) // span


def language(learner: Learner, mentor: Mentor, weight: int) -> int:
    """How far down both rankings the best common language stands."""
    ranks = [
        rank + mentor.languages.index(each)
        for rank, each in enumerate(learner.languages)
        if each in mentor.languages
    ]
    return weight * min(min(ranks, default=FAR), FAR) // FAR


def experience(learner: Learner, mentor: Mentor, weight: int) -> int:
    """For a learner in need: how few such learners the mentor has kept company; counted, never declared."""
    return weight * (ENOUGH - min(ENOUGH, mentor.helped)) // ENOUGH if learner.in_need else 0


def preferred(learner: Learner, mentor: Mentor, weight: int) -> int:
    """How far down the learner's own list the mentor stands; off it costs the most."""
    names = learner.prefers
    if not names:
        return 0
    return weight * (names.index(mentor.id) if mentor.id in names else len(names)) // len(names)


def past(learner: Learner, mentor: Mentor, weight: int) -> int:
    """Not the earlier mentor; or just that one, where another is wished."""
    return weight if learner.past and (mentor.id in learner.past) != learner.again else 0


def weighed(cost: int, weight: int, say: int) -> int:
    """A term's cost where the pair has so much say (permille, the lesser of the two): never less than with all."""
    return weight - say * (weight - cost) // FULL


NAMES = ("skills", "goals", "availability", "language", "experience", "preferred", "past")


def tops(learner: Learner, policy: PoolPolicy) -> tuple[int, ...]:
    """What each term costs at its worst for this learner; the last three only where they matter at all."""
    by = policy.weights
    return (
        by.skills, by.goals, by.availability, by.language, by.experience if learner.in_need else 0,
        by.preferred if learner.prefers else 0, by.past if learner.past else 0,
    )  # fmt: skip


def terms(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> tuple[tuple[str, int], ...]:
    """The terms of one pair without load, which depends on who else comes.  What is not told is at its worst."""
    by, least, good = policy.weights, policy.least_shared_hours, policy.good_shared_hours
    costs = (
        skills(learner, mentor, by.skills) if learner.wants else by.skills,
        goals(learner, mentor, by.goals) if learner.goals else by.goals,
        availability(learner, mentor, by.availability, least, good) if learner.free else by.availability,
        language(learner, mentor, by.language),
        experience(learner, mentor, by.experience),
        preferred(learner, mentor, by.preferred),
        past(learner, mentor, by.past),
    )
    say = min(learner.say, mentor.say)
    found = zip(NAMES, costs, tops(learner, policy), strict=True)
    return tuple((name, weighed(cost, top, say)) for name, cost, top in found)


def known(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> int:
    """What speaks against the pair by what was told: for the floor, which is not to keep out who tells little."""
    by, least, good = policy.weights, policy.least_shared_hours, policy.good_shared_hours
    told = skills(learner, mentor, by.skills) + goals(learner, mentor, by.goals)
    told += availability(learner, mentor, by.availability, least, good)
    told += language(learner, mentor, by.language) + experience(learner, mentor, by.experience)
    return told + preferred(learner, mentor, by.preferred) + past(learner, mentor, by.past)


def pricing(learner: Learner, policy: PoolPolicy) -> Callable[[Mentor], int]:
    """The sum of `terms` for one learner and many mentors, who guide the same few sets of goals."""
    by, least, good = policy.weights, policy.least_shared_hours, policy.good_shared_hours
    guided: dict[frozenset[str], int] = {}
    most = tops(learner, policy)

    def price(mentor: Mentor) -> int:
        goal = guided.get(mentor.guides)
        if goal is None:
            goal = goals(learner, mentor, by.goals) if learner.goals else by.goals
            guided[mentor.guides] = goal
        costs = (
            skills(learner, mentor, by.skills) if learner.wants else by.skills,
            goal,
            availability(learner, mentor, by.availability, least, good) if learner.free else by.availability,
            language(learner, mentor, by.language),
            experience(learner, mentor, by.experience) if learner.in_need else 0,
            preferred(learner, mentor, by.preferred) if learner.prefers else 0,
            past(learner, mentor, by.past) if learner.past else 0,
        )
        say = min(learner.say, mentor.say)
        if say == FULL:
            return sum(costs)
        return sum([weighed(cost, top, say) for cost, top in zip(costs, most, strict=True)])

    return price


def load(used: int, capacity: int, weight: int) -> int:
    """The cost of the minute that fills a mentor up to `used` of `capacity`; grows with the square."""
    return weight * used * used // (capacity * capacity) if capacity else 0


def waiting(learner: Learner, now: datetime, policy: PoolPolicy) -> int:
    """The cost of leaving this learner waiting once more.

    What the terms that only some learners have (need, named and earlier mentors) may cost at the most is
    added, so that a need or a wish sets nobody back where hours are scarce.  From `starve_days` on each
    whole day adds more than any match, its load and all such additions can cost, so a seat that such a
    learner could have goes to nobody who has waited a whole day less.
    """
    days = max(0, int((now - learner.since).total_seconds())) // DAY
    by = policy.weights
    match = by.skills + by.goals + by.availability + by.language + by.experience + by.preferred + by.past
    step = match + by.load + by.urgent + by.experience + by.preferred + by.past + 1
    late = max(0, days - policy.starve_days + 1)
    own = sum(tops(learner, policy)[4:]) + (by.urgent if learner.urgent else 0)
    return policy.unmatched_cost + by.wait_per_day * days + step * late + own


def seats(mentor: Mentor, policy: PoolPolicy, count: int | None = None) -> list[int]:
    """The load cost of each seat a mentor still has (or of `count` seats), cheapest first.

    A seat is `effort_minutes` of free time; a mentor with less has one seat, for who wants little.
    """
    if count is None:
        count = min(mentor.places, max(1, mentor.minutes // policy.effort_minutes))
    most = mentor.capacity
    return [
        load(min(most, mentor.used + seat * policy.effort_minutes), most, policy.weights.load)
        for seat in range(1, count + 1)
    ]
