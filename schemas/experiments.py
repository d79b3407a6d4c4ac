"""Who is held out, to learn whether nudging or matching helps?

The arm is a hash of experiment and person below a line, so it is the same in every process, after every
restart and under any partitioning, and a change of the share moves only those between the two lines.
"""

from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints, field_validator, model_validator

from schemas.delivery import Programmes
from schemas.knobs import Days, Knobs
from schemas.terms import Arm, Instant, Kind, Person, Role

# Said from a mentor's pulse, by the pools, or where somebody asks for help: nobody is held out of these.
ALWAYS_SAID = frozenset({"match", "storm", "dead_feed", "support", "cover", "overload"})
MAY_HOLD = tuple(kind for kind in get_args(Kind) if kind not in ALWAYS_SAID)

ExperimentName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


def held_out(name: str, person: Person, held_permille: int) -> bool:
    """Is this person's place on the line from 0 to 999, drawn for this experiment alone, below the share?"""
    digest = sha256(f"{name}/{person}".encode()).digest()
    return int.from_bytes(digest[:8]) % 1000 < held_permille


def held_back(arm: Arm | None) -> bool:
    """Does this arm withhold what it stands on?"""
    return arm is not None and arm[1] == "holdout"


class Experiment(Knobs):
    name: ExperimentName = Field(description="its name on every decision; another name draws other arms")
    about: Literal["nudging", "matching"] = Field(description="what is held back: nudges, or a mentor")
    held_permille: int = Field(ge=1, le=500, description="permille of learners held out")
    starts_at: Instant = Field(description="instant from which learners come into it")
    ends_at: Instant = Field(description="instant from which nobody is held out any more")
    programmes: Programmes = Field(("*",), description="programmes it covers; * is all")
    kinds: tuple[str, ...] = Field(
        ("*",), min_length=1, description="kinds of nudge it covers; * is all that may be held"
    )
    roles: tuple[Role, ...] = Field(
        ("learner",),
        min_length=1,
        description="whose nudges it covers: the learner's, the mentor's on the learner",
    )
    wait_days: Days = Field(14, description="days a held-out learner waits for a mentor at the most")

    @field_validator("kinds")
    @classmethod
    def _may_be_held(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        for kind in kinds:
            if kind not in ("*", *MAY_HOLD):
                raise ValueError(f"{kind!r} is never held out: name some of {', '.join(MAY_HOLD)}")
        return kinds

    @field_validator("roles")
    @classmethod
    def _not_operators(cls, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        if "operator" in roles:
            raise ValueError("what an operator hears is never held out: name learner, mentor or both")
        return roles

    @model_validator(mode="after")
    def _lasts(self) -> "Experiment":
        if self.starts_at >= self.ends_at:
            raise ValueError("ends_at must be later than starts_at")
        return self

    def runs(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at

    def covers(self, programme: str) -> bool:
        return "*" in self.programmes or programme in self.programmes

    def covers_nudge(self, kind: Kind, role: Role) -> bool:
        named = kind in self.kinds or ("*" in self.kinds and kind not in ALWAYS_SAID)
        return self.about == "nudging" and named and role in self.roles

    def arm(self, learner: Person) -> Arm:
        return self.name, "holdout" if held_out(self.name, learner, self.held_permille) else "treatment"
