"""What of a pool's people does an affinity look at, as whole numbers in columns?

Every linear term is times * (full - shared) // over, where `shared` is an inner product of a learner's and
a mentor's columns: wanted levels are met level by level (min(wanted, offered) of a skill is how many of
its steps 1, 2, ... both have), goals count by rank.  Hours are one more product, of free quarters; what is
shared beyond `good` is no better, so that term is times * max(0, full - shared) // over, and fewer
than `need` shared rule the pair out.  Blocks are the rules that look at one side at a time: all their
learners may have all their mentors, but for pairs that are forbidden by name.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.compiled import Numbers

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
