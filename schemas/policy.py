"""What operators tune.  Every knob has a unit, a range and an effect; a typo is an error.

Strict at start, lenient while running: reading the file is the shell's work (`streams/policy_file`).
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, field_validator

from schemas.delivery import DeliveryPolicy, Programmes, Webhook
from schemas.experiments import Experiment
from schemas.knobs import Days, Knobs
from schemas.pulse_policy import PulsePolicy
from schemas.terms import Arm, Band, Channel, Kind, Language, MinuteOfDay, Name, Person, Role, Stage, Zone

Weight = Annotated[int, Field(ge=0, le=1000)]
Extra = Annotated[int, Field(ge=0, le=2400)]  # minutes a week


class Weights(Knobs):
    """Cost points of each affinity term at its worst; 0 switches a term off."""

    skills: Weight = Field(300, description="points, 0 to 1000: cost when no wanted skill is offered")
    goals: Weight = Field(200, description="points, 0 to 1000: cost when the mentor guides none of the goals")
    availability: Weight = Field(
        200, description="points, 0 to 1000: cost when the pair shares only the least hours"
    )
    language: Weight = Field(
        100, description="points, 0 to 1000: cost when the pair's best common language is each one's last"
    )
    experience: Weight = Field(
        100,
        description="points, 0 to 1000: cost for a learner in need when the mentor guided no such learner yet",
    )
    preferred: Weight = Field(
        150, description="points, 0 to 1000: cost of a mentor the learner did not name, where any is named"
    )
    past: Weight = Field(
        100, description="points, 0 to 1000: cost of any but the earlier mentor (see pool.past_pairs)"
    )
    load: Weight = Field(
        200, description="points, 0 to 1000: cost of filling a mentor's last hour; grows with each"
    )
    wait_per_day: Weight = Field(
        20, description="points a day, 0 to 1000: how much more dearly a longer wait is left"
    )
    urgent: Weight = Field(
        100, description="points, 0 to 1000: how much more dearly a learner of urgent need is left waiting"
    )
    move: Weight = Field(
        300, description="points, 0 to 1000: price of moving a pair; a move must gain more than this"
    )


class NeedMinutes(Knobs):
    """Minutes a week that a learner costs beyond the usual, by risk and by stage; the two add up."""

    raised: Extra = Field(0, description="minutes a week more, at raised risk")
    high: Extra = Field(30, description="minutes a week more, at high risk")
    urgent: Extra = Field(60, description="minutes a week more, at urgent risk")
    start: Extra = Field(0, description="minutes a week more, in the first weeks of a course")
    end: Extra = Field(0, description="minutes a week more, in the last weeks of a course")

    def of(self, band: Band, stage: Stage | None) -> int:
        return int(getattr(self, band, 0)) + int(getattr(self, stage or "", 0))


class PoolPolicy(Knobs):
    settle_ms: int = Field(
        250, ge=0, le=600_000, description="milliseconds a round waits, so that a burst is one round"
    )
    effort_minutes: int = Field(
        60, ge=5, le=2400, description="minutes a week a learner costs who names no wish"
    )
    capacity_minutes: int = Field(
        180, ge=0, le=10_080, description="minutes a week of a mentor who names none"
    )
    max_mentees: int = Field(
        20, ge=1, le=500, description="learners a mentor has at the most, if the mentor names no limit"
    )
    least_shared_hours: int = Field(
        1, ge=0, le=40, description="hours a week both are free: fewer, and the pair is ruled out"
    )
    good_shared_hours: int = Field(
        6, ge=1, le=100, description="hours a week beyond which more shared time is no better"
    )
    must_share_skill: bool = Field(
        False, description="rule out a mentor who offers none of the skills a learner wants"
    )
    must_share_course: bool = Field(
        False, description="rule out a mentor who names courses, none of them the learner's"
    )
    floor: int = Field(
        2000, ge=0, le=100_000, description="points: a match dearer than this is worse than none"
    )
    unmatched_cost: int = Field(
        100_000, ge=1000, le=1_000_000, description="points: cost of one learner left waiting"
    )
    auto_confirm: bool = Field(
        True, description="a proposal counts as confirmed at once; otherwise both answer"
    )
    past_pairs: Literal["welcome", "avoid", "ignore"] = Field(
        "welcome",
        description="an earlier mentor of a learner who returns: welcome, avoid or ignore; the learner's own wish wins",
    )
    told_hours: int = Field(
        10,
        ge=0,
        le=168,
        description="free hours a person is asked for: who tells fewer has less say; 0 = not asked",
    )
    told_skills: int = Field(
        3,
        ge=0,
        le=16,
        description="skills a person is asked for: who tells fewer has less say; 0 = not asked",
    )
    untold_permille: int = Field(
        100, ge=0, le=1000, description="permille of say in the choice that is left to who tells nothing"
    )
    conflicts: tuple[tuple[Name, Name], ...] = Field(
        (), description="pairs of ids (learner, mentor, course or programme) that never meet in one match"
    )
    starve_days: int = Field(
        14, ge=1, le=365, description="days of waiting after which nobody who waits shorter is placed first"
    )
    max_moves: int = Field(
        5, ge=0, le=50, description="pairs one round may move to make room for who waits; 0 = none"
    )
    move_cooldown_days: Days = Field(28, description="days a new pair stays before it may be moved")
    review_hours: int = Field(
        24,
        ge=0,
        le=8760,
        description="hours after a change until the whole pool is looked at anew, in a process of its own; 0 = never",
    )
    review_moves: int = Field(
        20, ge=0, le=200, description="pairs a review of the whole pool may move at the most"
    )
    cover_days: Days = Field(
        7, description="days a mentor is away from which the learners are offered a cover; 0 = never"
    )
    answer_hours: int = Field(72, ge=1, le=720, description="hours a proposal waits for its answer")
    round_limit: int = Field(
        300, ge=1, le=800, description="matches one transaction makes; the rest follow in the next"
    )
    announce_days: int = Field(
        7, ge=1, le=60, description="days until a pair is announced anew, so a lost belief mends"
    )
    weights: Weights = Weights()
    need: NeedMinutes = NeedMinutes()

    @field_validator("conflicts")
    @classmethod
    def _two_apart(cls, conflicts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        for one, other in conflicts:
            if one == other:
                raise ValueError(f"{one!r} cannot be in conflict with itself")
        return conflicts


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


class InboxPolicy(Knobs):
    learner_a_day: int = Field(
        1, ge=0, le=20, description="nudges a learner hears a local day, all kinds together"
    )
    learner_a_week: int = Field(3, ge=0, le=100, description="nudges a learner hears in seven local days")
    mentor_immediate_a_day: int = Field(
        3, ge=0, le=50, description="nudges a mentor hears at once a local day; the rest wait for the digest"
    )
    operator_a_day: int = Field(
        5,
        ge=0,
        le=100,
        description="nudges an operator hears at once a local day; the rest wait for the digest",
    )
    digest_minute: MinuteOfDay = Field(
        540, description="minute of the local day of a mentor's and an operator's digest (540 = 09:00)"
    )
    digest_items: int = Field(20, ge=1, le=100, description="pieces of advice in one digest at the most")
    immediate_priority: int = Field(
        70, ge=0, le=100, description="priority from which a mentor hears at once, not by digest"
    )
    quiet_from: MinuteOfDay = Field(
        1260, description="minute of the local day quiet hours begin, if a person set none (1260 = 21:00)"
    )
    quiet_to: MinuteOfDay = Field(480, description="minute of the local day quiet hours end (480 = 08:00)")
    usual_within_hours: int = Field(
        0,
        ge=0,
        le=23,
        description="hours a learner's nudge that is not pressing may wait for an hour at which the learner is usually active; 0 = never, and no hours are kept",
    )
    usual_least_days: int = Field(
        5, ge=1, le=28, description="active days of the last 28 from which a learner's hours count as usual"
    )
    unknown_person_hours: int = Field(
        48, ge=1, le=720, description="hours advice waits for a person we know nothing of"
    )
    rungs_per_episode: int = Field(
        2, ge=1, le=9, description="rungs of one ladder a learner hears an episode"
    )
    wordings: int = Field(3, ge=1, le=20, description="wordings a template has; none comes twice in a row")


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


class Policy(Knobs):
    """The whole file.  `version` is the operator's own name for it and stands on every decision."""

    version: str = Field(
        "default", min_length=1, max_length=64, description="name of this policy; stands on every decision"
    )
    pools: dict[str, str] = Field({}, description="programme to pool, where several programmes share mentors")
    programmes: dict[Name, ProgrammePolicy] = Field(
        {}, description="what a programme does otherwise than the [pool] section says"
    )
    operators: tuple[Operator, ...] = Field((), description="who hears what no mentor can mend")
    sources: dict[str, Literal["platform", "mentors", "trusted"]] = Field(
        {},
        description="what a source may say: platform (learners), mentors (mentors, pairs), trusted (both); unlisted is trusted",
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
    inbox: InboxPolicy = InboxPolicy()
    ledger: LedgerPolicy = LedgerPolicy()
    delivery: DeliveryPolicy = DeliveryPolicy()

    @field_validator("webhooks")
    @classmethod
    def _told_apart(cls, webhooks: tuple[Webhook, ...]) -> tuple[Webhook, ...]:
        names = [webhook.name for webhook in webhooks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two are named {twice[0]!r}: give each a name of its own")
        return webhooks

    @field_validator("experiments")
    @classmethod
    def _drawn_apart(cls, experiments: tuple[Experiment, ...]) -> tuple[Experiment, ...]:
        names = [experiment.name for experiment in experiments]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two are named {twice[0]!r}: their arms would be the same, so name them apart")
        return experiments

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
