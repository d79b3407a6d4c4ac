"""Does it pay to tell less?  Seeded pools, each person in turn hiding something, and what they truly get.

A **learner** gains by hiding if the true cost of their match (all terms but load, by what is true and with
full say) is lower than if they had told all, or if they are matched where they were not.  A mentor whom
they could never meet by what is true is no gain.

A **mentor** gains if the mean true cost of their learners is lower for at least as many minutes, or their
minutes are more for no higher a mean.  Fewer minutes at a better mean is no gain of hiding: capacity is told
by itself, and whoever wants fewer learners can say so.

Everybody else tells all.  All wait equally long, so that nothing but the terms decides.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

from matching.affinity import terms
from matching.market import open_market
from matching.rows import LearnerRow, MentorRow
from matching.rules import broken
from matching.table import Table
from matching.views import FULL, Learner, Mentor, learner_view, mentor_view
from schemas.policy import Policy
from schemas.pool_policy import PoolPolicy
from streams.people import person
from tests.memory import START

HIDES = ("no hours", "half the hours", "no skills", "one skill of three")
TONGUES = ("en", "en", "en", "es", "de")
NEVER = 1_000_000  # cost of a mentor one could not meet
POLICY = Policy()
ALL_ALIKE = Policy(pool=PoolPolicy(told_hours=0, told_skills=0))  # everybody has all the say


class People(NamedTuple):
    learners: list[LearnerRow]
    mentors: list[MentorRow]


class Tally(NamedTuple):
    tried: int
    gained: int
    lost: int
    points: int  # mean change of true cost, of those matched both times; above 0 = dearer


def people(seed: int, learners: int, mentors: int) -> People:
    """As the simulated programme has them; there are about as many hours as are wanted."""
    chance = Random(seed)
    wanting = [person(chance, f"l{number}", languages=TONGUES) for number in range(learners)]
    offering = [person(chance, f"m{number}", languages=TONGUES) for number in range(mentors)]
    per_mentor = max(1, learners // mentors)
    return People(
        [
            LearnerRow(
                languages=each.languages, skills_wanted=each.skills, goals=each.goals,
                time_zone=each.time_zone, available_hours=each.hours, waiting_since=START,
            )
            for each in wanting
        ],
        [
            MentorRow(
                here=True, languages=each.languages, skills=each.skills, guides=each.goals,
                time_zone=each.time_zone, available_hours=each.hours,
                capacity_minutes=60 * (per_mentor + chance.randint(-1, 1)),
            )
            for each in offering
        ],
    )  # fmt: skip


def learner(number: int, row: LearnerRow, policy: Policy) -> Learner:
    return learner_view(f"l{number}", row, policy, START)


def mentor(number: int, row: MentorRow, policy: Policy) -> Mentor:
    return mentor_view(f"m{number}", row, policy, START)


def hidden(row: Any, what: str, chance: Random) -> Any:
    """The row as told by somebody who hides this."""
    skills = "skills_wanted" if isinstance(row, LearnerRow) else "skills"
    hours, known = row.available_hours, getattr(row, skills)
    if what == "no hours":
        return row.model_copy(update={"available_hours": ()})
    if what == "half the hours":
        return row.model_copy(
            update={"available_hours": tuple(sorted(chance.sample(hours, len(hours) // 2)))}
        )
    return row.model_copy(update={skills: () if what == "no skills" else (chance.choice(known),)})


def solved(learners: list[Learner], mentors: list[Mentor]) -> list[int | None]:
    market = open_market(learners, Table(mentors), POLICY.pool)
    return market.solve([POLICY.pool.unmatched_cost] * len(learners)).chosen


def truly(one: Learner, other: Mentor) -> int:
    """What the pair costs by what is true, whatever was told."""
    if set(broken(one, other, POLICY.pool)) - {"no_capacity"}:
        return NEVER
    return sum(cost for _, cost in terms(replace(one, say=FULL), replace(other, say=FULL), POLICY.pool))


class Trial:
    """One pool: what everybody truly gets when all is told, and when one person hides something."""

    def __init__(self, found: People, seed: int, policy: Policy) -> None:
        self.found, self.chance, self.policy = found, Random(seed), policy
        self.learners = [learner(number, row, policy) for number, row in enumerate(found.learners)]
        self.mentors = [mentor(number, row, policy) for number, row in enumerate(found.mentors)]
        self.open = solved(self.learners, self.mentors)

    def learners_hide(self, what: str) -> Iterator[tuple[int, int]]:
        """For each learner the true cost when all is told, and when this is hidden."""
        for number, row in enumerate(self.found.learners):
            told = list(self.learners)
            told[number] = learner(number, hidden(row, what, self.chance), self.policy)
            yield self._cost(number, self.open), self._cost(number, solved(told, self.mentors))

    def _cost(self, number: int, chosen: list[int | None]) -> int:
        of = chosen[number]
        return NEVER + 1 if of is None else truly(self.learners[number], self.mentors[of])

    def mentors_hide(self, what: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """For each mentor (minutes promised, mean true cost) when all is told, and when this is hidden."""
        for number, row in enumerate(self.found.mentors):
            told = list(self.mentors)
            told[number] = mentor(number, hidden(row, what, self.chance), self.policy)
            yield self._company(number, self.open), self._company(number, solved(self.learners, told))

    def _company(self, number: int, chosen: list[int | None]) -> tuple[int, int]:
        mine = [one for one, of in zip(self.learners, chosen, strict=True) if of == number]
        costs = [truly(one, self.mentors[number]) for one in mine]
        mean = NEVER if NEVER in costs or not costs else sum(costs) // len(costs)
        return sum(one.effort for one in mine), mean


def measure(
    pools: int, learners: int = 60, mentors: int = 20, policy: Policy = POLICY
) -> dict[tuple[str, str], Tally]:
    """For each side and each way to hide, how often it gained and lost."""
    found: dict[tuple[str, str], list[tuple[int, int, int, int]]] = {}
    for seed in range(pools):
        trial = Trial(people(seed, learners, mentors), seed, policy)
        for what in HIDES:
            rows = found.setdefault(("learner", what), [])
            rows += [_learner_row(*each) for each in trial.learners_hide(what)]
            rows = found.setdefault(("mentor", what), [])
            rows += [_mentor_row(*each) for each in trial.mentors_hide(what)]
    return {
        key: Tally(
            len(rows),
            sum(gained for gained, _, _, _ in rows),
            sum(lost for _, lost, _, _ in rows),
            sum(points for _, _, points, _ in rows) // max(1, sum(both for _, _, _, both in rows)),
        )
        for key, rows in found.items()
    }


def _learner_row(all_told: int, less: int) -> tuple[int, int, int, int]:
    both = all_told < NEVER and less < NEVER
    return (
        int(less < all_told and less < NEVER),
        int(less > all_told),
        less - all_told if both else 0,
        int(both),
    )


def _mentor_row(all_told: tuple[int, int], less: tuple[int, int]) -> tuple[int, int, int, int]:
    (minutes, cost), (after, cost_after) = all_told, less
    both = cost < NEVER and cost_after < NEVER
    gained = (after >= minutes and cost_after < cost) or (after > minutes and cost_after <= cost)
    lost = after < minutes or cost_after > cost
    return int(gained), int(lost), cost_after - cost if both else 0, int(both)


def bench(pools: int) -> dict[str, Any]:
    """For `make bench`: the share that gained in permille, and the same where telling less takes no say."""
    return {
        "benchmark": "declaring less", "pools": pools, "seeds": f"0 to {pools - 1}", "learners": 60, "mentors": 20,
        "who tells less has less say": _shares(measure(pools)),
        "everybody has all the say": _shares(measure(pools, policy=ALL_ALIKE)),
    }  # fmt: skip


def _shares(found: dict[tuple[str, str], Tally]) -> dict[str, Any]:
    tried, gained = (sum(getattr(tally, name) for tally in found.values()) for name in ("tried", "gained"))
    return {
        "tried": tried,
        "gained_permille": round(1000 * gained / tried, 1),
        **{
            f"{side}, {what}": {
                "tried": tally.tried,
                "gained_permille": round(1000 * tally.gained / tally.tried, 1),
                "lost_permille": round(1000 * tally.lost / tally.tried, 1),
                "mean_points": tally.points,
            }
            for (side, what), tally in found.items()
        },
    }
