"""What of a pool's people does an affinity look at, as whole numbers in columns?

Mentors lie side by side, those of like say together: a column holds one thing of all of them, so that a
learner is held against a run of mentors at once.  Learners lie one after the other, each with the few things
they ask for.  What many of them ask for alike (languages, minutes, courses, conflicts, need) is worked out
once a kind.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.columns import Flags, Numbers
from matching.weeks import Words

RUN = 128  # mentors looked at together
BARRED = -(1 << 14)  # stands for the gain with a mentor who may not be had: below any other

Small = NDArray[np.int16]
Middle = NDArray[np.int32]


class Limits(NamedTuple):
    """What the policy says, as compiled code takes it."""

    skills: int
    goals: int
    hours: Numbers  # points gained by so many shared quarters of an hour, up to the good; -1 = too few
    step: int  # quarters a bit of a week stands for
    floor: int
    must_share_skill: bool


class Mentors(NamedTuple):
    """By place; the last run is filled up with places of nobody."""

    number: Numbers  # in the table; -1 for nobody
    levels: Small  # (skills, places)
    guides: Small  # (goals, places)
    experience: Small  # points gained with this mentor by a learner in need
    hours: Small  # points gained by hours at the most
    told: Flags  # any hours
    skilled: Flags  # any skill
    free: Words  # (places, words) as the clocks stand now, then half a year from now
    say: Numbers
    load: Numbers  # of the first free seat


class Learners(NamedTuple):
    """`skill`, `goal` and `named` are lists laid end to end: each learner's begin where `..._at` says."""

    skill_at: Numbers
    skill: Numbers  # -1 where no mentor has it
    level: Small
    total: Numbers  # of the levels
    goal_at: Numbers
    goal: Numbers
    rank: Small  # points of a goal, the first's the most
    ranks: Numbers  # of all goals
    free: Words
    told: Flags
    say: Numbers
    top: Numbers  # what all terms cost at their worst
    top_named: Numbers  # of it the terms of names: preferred and past
    apart: Numbers  # points gained with whoever is not named, where another mentor than before is wished
    named_at: Numbers
    named: Numbers  # places of mentors who are not for this learner what all others are
    favour: Numbers  # points gained with the named one by being preferred; -1 = not to be had
    again: Numbers  # and by what was before


class Kind(NamedTuple):
    """Learners whom the rules that look at one side at a time bar from the same mentors."""

    rows: Numbers
    effort: int
    need: bool
    gain: Small  # (places) points gained by language, experience and, at the most, hours; or BARRED
