"""How far apart are two proportions, and how sure is that?

Newcombe's hybrid score interval (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10): Wilson's
interval of each proportion (E. B. Wilson, JASA 22, 1927), joined.  It holds its level for small groups and
for proportions near 0 or 1, where the textbook's interval does not.
"""

from math import ceil, sqrt
from statistics import NormalDist
from typing import NamedTuple

LEAST_EXPECTED = 5  # in each cell of the table of arm by outcome (W. G. Cochran, Biometrics 10, 1954)


class Group(NamedTuple):
    """How many people, and how many of them did it."""

    people: int
    did: int

    @property
    def share(self) -> float:
        return self.did / self.people


class Difference(NamedTuple):
    value: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Does the interval leave out nought?"""
        return self.low > 0 or self.high < 0


def difference(one: Group, other: Group, confidence: float = 0.95) -> Difference:
    """The first less the second, with its interval."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    (low1, high1), (low2, high2) = wilson(one, z), wilson(other, z)
    p1, p2 = one.share, other.share
    value = p1 - p2
    below, above = sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2), sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return Difference(value, max(-1.0, value - below), min(1.0, value + above))


def wilson(group: Group, z: float) -> tuple[float, float]:
    """Wilson's score interval of one proportion."""
    n, p = group.people, group.share
    middle, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return (middle - spread) / scale, (middle + spread) / scale


def missing(one: Group, other: Group) -> int | None:
    """How many more people the smaller group needs until each cell expects five; 0 = enough, None = nobody to tell by.

    Expected as if the arm made no difference.  Each group has five people at the least, too.
    """
    people, did = one.people + other.people, one.did + other.did
    smaller = min(one.people, other.people)
    if people == 0 or did in (0, people):
        return None
    rarer = min(did, people - did) / people
    return max(0, ceil(LEAST_EXPECTED / rarer - 1e-9) - smaller)


def out_of_proportion(held: int, people: int, held_permille: int) -> bool:
    """Are the arms of so unlikely a size that something is wrong with the counting?  One time in a thousand by chance.

    The check for a sample ratio mismatch (A. Fabijan and others, KDD 2019).
    """
    share = held_permille / 1000
    if people * min(share, 1 - share) < LEAST_EXPECTED:
        return False
    spread = sqrt(people * share * (1 - share))
    return abs(held - people * share) / spread > NormalDist().inv_cdf(1 - 0.001 / 2)
