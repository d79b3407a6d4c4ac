"""What operators tune.  Every knob has a unit, a range and an effect; a typo is an error.

Strict at start, lenient while running: reading the file is the shell's work (`streams/policy_file`).
"""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from schemas.delivery import DeliveryPolicy, Programmes, Webhook
from schemas.knobs import Days, Knobs
from schemas.terms import Channel, Language, MinuteOfDay, Person, Zone

Weight = Annotated[int, Field(ge=0, le=1000)]


class Weights(Knobs):
    """Cost points of each affinity term at its worst; 0 switches a term off."""

    skills: Weight = Field(300, description="points, 0 to 1000: cost when no wanted skill is offered")
    goals: Weight = Field(200, description="points, 0 to 1000: cost when the mentor guides none of the goals")
    availability: Weight = Field(
        200, description="points, 0 to 1000: cost when the pair shares only the least hours"
    )
    load: Weight = Field(
        200, description="points, 0 to 1000: cost of filling a mentor's last hour; grows with each"
    )
    wait_per_day: Weight = Field(
        20, description="points a day, 0 to 1000: how much more dearly a longer wait is left"
    )


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
    answer_hours: int = Field(72, ge=1, le=720, description="hours a proposal waits for its answer")
    round_limit: int = Field(
        300, ge=1, le=800, description="matches one transaction makes; the rest follow in the next"
    )
    announce_days: int = Field(
        7, ge=1, le=60, description="days until a pair is announced anew, so a lost belief mends"
    )
    weights: Weights = Weights()


class PulsePolicy(Knobs):
    start_learner_days: Days = Field(
        3, description="days after joining without activity until the learner hears (L1)"
    )
    start_mentor_days: Days = Field(
        10, description="days after joining without activity until the mentor hears too (L1)"
    )
    silence_watch_days: Days = Field(
        5, description="days of silence that open an episode, nobody told yet (L2)"
    )
    silence_learner_days: Days = Field(7, description="days of silence until the learner hears (L2)")
    silence_mentor_days: Days = Field(10, description="days of silence until the mentor hears (L2)")
    silence_operator_days: Days = Field(14, description="days of silence until the operator hears (L2)")
    missed_grace_hours: int = Field(
        0, ge=0, le=720, description="hours after a deadline before it counts as missed (L5)"
    )
    missed_coarse_grace_hours: int = Field(
        24, ge=0, le=720, description="hours of grace where hand-ins are known by the day only (L5)"
    )
    missed_keep_days: Days = Field(14, description="days a missed deadline stays open as an episode (L5)")
    missed_operator_streak: int = Field(
        3, ge=2, le=20, description="misses in a row until the operator hears (L5)"
    )
    celebrate_per_day: int = Field(
        1, ge=0, le=10, description="celebrations a learner a day; more go unsaid (L9)"
    )
    contact_told: bool = Field(
        True,
        description="the platform tells of messages and meetings within pairs; if not, their absence means nothing (M2)",
    )
    contact_both_days: Days = Field(3, description="days without first contact until both hear (M2)")
    contact_mentor_days: Days = Field(
        7, description="days without first contact until the mentor hears again (M2)"
    )
    contact_lapse_days: Days = Field(
        14, description="days without first contact until a new mentor is offered (M2)"
    )
    dead_feed_hours: int = Field(
        72, ge=1, le=2400, description="hours without a word from a platform: absence opens nothing"
    )
    too_late_days: Days = Field(45, description="days: an older fact raises maxima, and opens nothing")
    storm_permille: int = Field(
        400,
        ge=1,
        le=1000,
        description="permille of a course's learners for whom one absence may open in a day",
    )
    storm_least: int = Field(
        20, ge=1, le=100_000, description="learners below which a course is too small for a storm"
    )


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
    defaults: Defaults = Defaults()
    pool: PoolPolicy = PoolPolicy()
    pulse: PulsePolicy = PulsePolicy()
    inbox: InboxPolicy = InboxPolicy()
    ledger: LedgerPolicy = LedgerPolicy()
    delivery: DeliveryPolicy = DeliveryPolicy()

    @field_validator("pulse")
    @classmethod
    def _ladders_climb(cls, pulse: PulsePolicy) -> PulsePolicy:
        ladders = {
            "pulse.start_*_days": (pulse.start_learner_days, pulse.start_mentor_days),
            "pulse.silence_*_days": (
                pulse.silence_watch_days, pulse.silence_learner_days,
                pulse.silence_mentor_days, pulse.silence_operator_days,
            ),
            "pulse.contact_*_days": (
                pulse.contact_both_days, pulse.contact_mentor_days, pulse.contact_lapse_days,
            ),
        }  # fmt: skip
        for name, days in ladders.items():
            if list(days) != sorted(set(days)):
                raise ValueError(f"{name}: each rung must come later than the one before, not {days}")
        return pulse

    @field_validator("webhooks")
    @classmethod
    def _told_apart(cls, webhooks: tuple[Webhook, ...]) -> tuple[Webhook, ...]:
        names = [webhook.name for webhook in webhooks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two are named {twice[0]!r}: give each a name of its own")
        return webhooks

    def pool_of(self, programme: str) -> str:
        return self.pools.get(programme, programme)

    def operator_of(self, programme: str) -> str | None:
        """The first listed operator who answers for the programme."""
        for operator in self.operators:
            if programme in operator.programmes or "*" in operator.programmes:
                return operator.id
        return None
