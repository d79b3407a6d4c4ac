"""What makes a match dear, who may be matched at all, and how often a pool is looked at?"""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from schemas.knobs import Days, Knobs
from schemas.terms import Band, Name, Stage

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
    after_end_days: int = Field(
        28,
        ge=0,
        le=3650,
        description="days after a course's told end until it counts as over, if nobody says it is: its learners get no mentor then, and no word on it",
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
