"""How is risk weighed, and from where on does it count?

Risk is a chance, by logistic regression in integers: the sum of the weights, each times its feature's share of one,
in thousandths of the log-odds.  `python -m streams learn` learns the weights from a site's own past.

Origin of the defaults: set by hand near what one term of the Open University teaches (AAA/2013J); the base, the
lines and the weight of silence were set with another in view as well (BBB/2013B), so that on both together a
mentor hears of more than a quarter at a precision over 0.7, and of silence alone after some 16 days.
"""

from pydantic import Field, model_validator

from schemas.knobs import Days, Knobs, Permille


class RiskWeights(Knobs):
    """Thousandths of the log-odds a feature adds at its full measure; more is more risk."""

    missed: int = Field(
        2400,
        ge=-20_000,
        le=20_000,
        description="all required deadlines that fell due are missed, of those in the course",
    )
    late: int = Field(
        800, ge=-20_000, le=20_000, description="all required work was handed in after its grace"
    )
    silent: int = Field(800, ge=-20_000, le=20_000, description="14 days or more without activity")
    absent: int = Field(
        1400, ge=-20_000, le=20_000, description="not one active day of the last 28, or since the start"
    )
    grades: int = Field(
        4300, ge=-20_000, le=20_000, description="a mean score 1000 permille below 750; above it risk is less"
    )
    slow_start: int = Field(
        500,
        ge=-20_000,
        le=20_000,
        description="first seen 14 days after the start; so long before it, as much less",
    )


class RiskPolicy(Knobs):
    on: bool = Field(
        True, description="weigh risk; if not, mentors hear of every rung and needs never change"
    )
    model: str = Field("default", min_length=1, max_length=64, description="name of these weights")
    base: int = Field(
        -2000, ge=-20_000, le=20_000, description="thousandths of the log-odds of a learner without any of it"
    )
    weights: RiskWeights = RiskWeights()
    mentor_permille: Permille = Field(
        500, description="risk from which a mentor hears of L1, L2, L3, L5 and L7; below it the rung waits"
    )
    raised_permille: Permille = Field(500, description="risk from which a need is raised")
    high_permille: Permille = Field(700, description="risk from which a need is high")
    urgent_permille: Permille = Field(850, description="risk from which a need is urgent")
    falls_permille: Permille = Field(
        100,
        description="how far risk must fall below a line until the need does, so that it does not flicker",
    )
    least_days: Days = Field(7, description="days between two changes of a need, but for one to urgent")

    @model_validator(mode="after")
    def _bands_rise(self) -> "RiskPolicy":
        if not self.raised_permille < self.high_permille < self.urgent_permille:
            raise ValueError(
                "raised_permille, high_permille and urgent_permille must each be more than the last"
            )
        if self.falls_permille >= self.raised_permille > 0:
            raise ValueError("falls_permille must be less than raised_permille, or no need would ever fall")
        return self
