"""What operators tune.  Every knob has a unit, a range and an effect; a typo is an error.

Strict at start, lenient while running: reading the file is the shell's work (`streams/policy_file`).
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from schemas.delivery import DeliveryPolicy, Programmes, Webhook
from schemas.experiments import Experiment
from schemas.inbox_policy import InboxPolicy
from schemas.knobs import Knobs
from schemas.pool_policy import PoolPolicy
from schemas.pulse_policy import PulsePolicy
from schemas.risk_policy import RiskPolicy
from schemas.terms import Arm, Channel, Kind, Language, Name, Person, Role, Zone


class FairnessPolicy(Knobs):
    """Who is looked after alike?  Reported, and never an input to a match."""

    groups: tuple[Name, ...] = Field(
        (), max_length=20, description="audit groups that round reports tell apart; others are not even kept"
    )
    least: int = Field(
        10, ge=5, le=1000, description="learners a group must have to be told of; smaller ones are withheld"
    )


class ProgrammePolicy(Knobs):
    """What one programme does otherwise than the pool; what is left out is as in [pool]."""

    auto_confirm: bool | None = Field(None, description="as pool.auto_confirm, for this programme alone")


class LedgerPolicy(Knobs):
    parked_an_hour: int = Field(
        1000, ge=0, le=10_000_000, description="facts a partition may park an hour before its worker stops"
    )
    progress_seconds: int = Field(
        10, ge=1, le=3600, description="seconds between two words on how far a partition was heard"
    )


class Defaults(Knobs):
    """What is assumed of a person a platform tells us nothing about."""

    time_zone: Zone = Field("UTC", description="IANA zone of a person who names none")
    language: Language = Field("en", description="language of a person who names none (BCP 47)")
    channels: tuple[Channel, ...] = Field(
        ("platform",), description="channels of a person who names none, ranked"
    )
    matching_consent: bool = Field(True, description="may a learner be matched who was not asked?")
    nudges_consent: bool = Field(True, description="may a person be nudged who was not asked?")
    experiment_consent: bool = Field(
        False, description="may a learner come into an experiment who was not asked?"
    )


class Operator(Knobs):
    id: Person = Field(description="opaque id of the person who hears what no mentor can mend")
    programmes: Programmes = Field(("*",), description="programmes the person answers for; * is all")
    time_zone: Zone = Field("UTC", description="IANA zone of the operator")
    language: Language = Field("en", description="language of the operator (BCP 47)")


NAMED_APART = {
    "webhooks": "give each a name of its own",
    "experiments": "their arms would be the same, so name them apart",
}


class Policy(Knobs):
    """The whole file.  `version` is the operator's own name for it and stands on every decision."""

    version: str = Field(
        "default", min_length=1, max_length=64, description="name of this policy; stands on every decision"
    )
    pools: dict[str, str] = Field(
        {},
        description="programme to pool, where several programmes share mentors; it keeps its pool while anybody of it is there",
    )
    programmes: dict[Name, ProgrammePolicy] = Field(
        {}, description="what a programme does otherwise than the [pool] section says"
    )
    operators: tuple[Operator, ...] = Field((), description="who hears what no mentor can mend")
    sources: dict[str, Literal["platform", "mentors", "trusted"]] = Field(
        {},
        description="what a source may say: platform (learners), mentors (mentors, pairs), trusted (both); unlisted is trusted",
    )
    renamed_sources: dict[str, str] = Field(
        {},
        description="a source's old name to its new one: learners the old one spoke of are not unheard while the new one speaks",
    )
    webhooks: tuple[Webhook, ...] = Field(
        (),
        max_length=32,
        description="where the gateway delivers nudges to; hosts must be in MENTORWAY_WEBHOOK_HOSTS",
    )
    experiments: tuple[Experiment, ...] = Field(
        (), max_length=16, description="who is held out of what, and how long, to learn whether it helps"
    )
    defaults: Defaults = Defaults()
    pool: PoolPolicy = PoolPolicy()
    fairness: FairnessPolicy = FairnessPolicy()
    pulse: PulsePolicy = PulsePolicy()
    risk: RiskPolicy = RiskPolicy()
    inbox: InboxPolicy = InboxPolicy()
    ledger: LedgerPolicy = LedgerPolicy()
    delivery: DeliveryPolicy = DeliveryPolicy()

    @model_validator(mode="after")
    def _asked_before_it_expires(self) -> "Policy":
        asks = not self.pool.auto_confirm or any(
            own.auto_confirm is False for own in self.programmes.values()
        )
        if asks and self.pulse.accept_last_hours >= self.pool.answer_hours:
            raise ValueError(
                f"pool.answer_hours ({self.pool.answer_hours}) must be more than pulse.accept_last_hours "
                f"({self.pulse.accept_last_hours}): a proposal expires before its mentor hears of it again"
            )
        return self

    @field_validator(*NAMED_APART)
    @classmethod
    def _told_apart(cls, ones: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        names = [one.name for one in ones]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two are named {twice[0]!r}: {NAMED_APART[str(info.field_name)]}")
        return ones

    def arm_of_nudge(
        self, learner: Person, programme: str, kind: Kind, role: Role, consents: bool | None, now: datetime
    ) -> Arm | None:
        """The arm of the first experiment that covers this advice; None = in none.  `consents` None = not asked."""
        if self.experiments and (self.defaults.experiment_consent if consents is None else consents):
            for one in self.experiments:
                if one.runs(now) and one.covers(programme) and one.covers_nudge(kind, role):
                    return one.arm(learner)
        return None

    def running(self, arm: Arm | None, now: datetime) -> bool:
        """Is the experiment that drew this arm still in the policy, and not over?"""
        return arm is not None and any(one.name == arm[0] and one.runs(now) for one in self.experiments)

    def pool_of(self, programme: str) -> str:
        return self.pools.get(programme, programme)

    def confirms_at_once(self, programme: str) -> bool:
        """Does a proposal count as confirmed, or must both sides answer?"""
        own = self.programmes.get(programme)
        return self.pool.auto_confirm if own is None or own.auto_confirm is None else own.auto_confirm

    def operator_of(self, programme: str) -> str | None:
        """The first listed operator who answers for the programme."""
        for operator in self.operators:
            if programme in operator.programmes or "*" in operator.programmes:
                return operator.id
        return None
