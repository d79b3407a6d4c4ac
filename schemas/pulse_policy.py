"""From which threshold on does a signal open, climb and clear?  The origin of each default is in brackets.

Origins: what known systems use (Open edX schedules, Blackboard Retention Center, Moodle, Starfish, Exercism,
Mentorloop, MentorPRO), else our own proposal, to be tuned.
"""

from pydantic import Field, model_validator

from schemas.knobs import Days, Hours, Knobs, Permille
from schemas.rungs import unreached
from schemas.terms import MayBeOff


class PulsePolicy(Knobs):
    off: tuple[MayBeOff, ...] = Field((), description='signals that never open, by name: ["L12", "M7"]')
    start_learner_days: Days = Field(
        3, description="days after joining without activity until the learner hears (L1)"
    )
    start_mentor_days: Days = Field(
        10, description="days after joining without activity until the mentor hears too (L1)"
    )
    silence_watch_days: int = Field(
        5, ge=1, le=365, description="days of silence that open an episode, nobody told yet (L2)"
    )
    silence_learner_days: Days = Field(7, description="days of silence until the learner hears (L2)")
    silence_mentor_days: Days = Field(10, description="days of silence until the mentor hears (L2)")
    silence_operator_days: Days = Field(14, description="days of silence until the operator hears (L2)")
    dip_own_permille: Permille = Field(
        500, description="permille by which a week's active days fall below the learner's own median (L3)"
    )
    dip_cohort_permille: Permille = Field(
        200, description="permille by which a week's active days fall below the cohort's mean (L3)"
    )
    dip_least_weeks: int = Field(
        2, ge=1, le=4, description="whole weeks in a course before its learner's own history counts (L3)"
    )
    cohort_least: int = Field(
        10, ge=2, le=10_000, description="learners below which a cohort says nothing (L3, L7)"
    )
    due_first_days: Days = Field(3, description="days before a deadline the learner first hears of it (L4)")
    due_last_days: int = Field(
        1, ge=1, le=365, description="days before a deadline the learner hears again (L4)"
    )
    missed_grace_hours: Hours = Field(0, description="hours after a deadline before it counts as missed (L5)")
    missed_coarse_grace_hours: Hours = Field(
        24, description="hours of grace where hand-ins are known by the day only (L5)"
    )
    missed_keep_days: int = Field(
        14,
        ge=2,
        le=365,
        description="days a missed deadline stays open as an episode; the operator's rung comes a day after its first (L5)",
    )
    missed_operator_streak: int = Field(
        3, ge=2, le=20, description="misses in a row until the operator hears (L5)"
    )
    stuck_fails: int = Field(3, ge=1, le=8, description="failed attempts on one item without success (L6)")
    stuck_hints: int = Field(2, ge=1, le=8, description="hints or answers taken on one item (L6)")
    stuck_mentor_hours: int = Field(
        48, ge=1, le=720, description="hours unsolved, since the learner heard, until the mentor does (L6)"
    )
    stuck_quiet_days: Days = Field(7, description="days without a try until it is let go (L6)")
    struggle_below_permille: Permille = Field(
        700, description="permille of the score below which the mentor hears (L7)"
    )
    struggle_cohort_permille: Permille = Field(
        250, description="permille by which a score falls below the cohort's mean (L7)"
    )
    struggle_falling_permille: Permille = Field(
        100, description="permille a score loses over three graded items, each lower than the last (L7)"
    )
    struggle_keep_days: int = Field(28, ge=1, le=365, description="days until a poor grade is let go (L7)")
    unanswered_mentor_hours: Hours = Field(
        24, description="hours a question waits until the mentor hears (L8)"
    )
    unanswered_operator_hours: Hours = Field(
        72, description="hours a question waits until the operator hears (L8)"
    )
    unanswered_keep_days: Days = Field(14, description="days until an unanswered question is let go (L8)")
    celebrate_per_day: int = Field(
        1, ge=0, le=10, description="celebrations a learner a day; more go unsaid (L9)"
    )
    streak_days: int = Field(
        3, ge=1, le=7, description="active days that make a week count for a streak (L9)"
    )
    streak_weeks: int = Field(
        4, ge=2, le=52, description="weeks in a row worth a word, and each such many (L9)"
    )
    balance_nights: int = Field(
        4, ge=1, le=7, description="nights of work in a week; more than these reach the mentor (L10)"
    )
    balance_courses: int = Field(
        4, ge=1, le=8, description="open courses at once; more than these reach the mentor (L10)"
    )
    support_operator_hours: int = Field(
        24, ge=1, le=720, description="hours without a word from the mentor until the operator hears (L11)"
    )
    support_keep_days: Days = Field(28, description="days until a hard check-in is let go (L11)")
    plan_after_days: Days = Field(1, description="days after joining the learner is asked for a plan (L12)")
    plan_keep_days: Days = Field(7, description="days after joining the asking ends (L12)")
    career_progress_permille: Permille = Field(
        750, description="permille of a course, by progress or by its dates, from which to look ahead (L13)"
    )
    career_active_days: Days = Field(
        14, description="days within which a learner was active, where only the dates tell (L13)"
    )
    career_keep_days: int = Field(14, ge=1, le=365, description="days the mentor has for it (L13)")
    digital_unopened_days: Days = Field(
        3, description="days after the first activity a needed tool may stay unopened (L14)"
    )
    digital_keep_days: Days = Field(14, description="days until an unopened tool is let go (L14)")
    accept_first_hours: Hours = Field(24, description="hours a proposal waits until the mentor hears (M1)")
    accept_last_hours: Hours = Field(
        48, description="hours a proposal waits until the mentor hears again (M1)"
    )
    contact_told: bool = Field(
        True,
        description="the platform tells of messages and meetings within pairs; if not, their absence means nothing (M2, M3, M4)",
    )
    contact_both_days: Days = Field(3, description="days without first contact until both hear (M2)")
    contact_mentor_days: Days = Field(
        7, description="days without first contact until the mentor hears again (M2)"
    )
    contact_lapse_days: Days = Field(
        14, description="days without first contact until a new mentor is offered (M2)"
    )
    reply_first_days: Days = Field(7, description="days a message waits until who owes the reply hears (M3)")
    reply_second_days: Days = Field(14, description="days a message waits until they hear again (M3)")
    reply_third_days: Days = Field(21, description="days a message waits until they hear a last time (M3)")
    reply_operator_days: Days = Field(28, description="days a message waits until the operator hears (M3)")
    reply_lapse_days: Days = Field(35, description="days a message waits until the pair ends (M3)")
    reply_halved: bool = Field(
        True, description="half of these days where a course has graded deadlines (M3)"
    )
    stalled_days: int = Field(21, ge=1, le=365, description="days of silence of a pair until both hear (M4)")
    stalled_notice_days: Days = Field(90, description="days of silence until both and the operator hear (M4)")
    stalled_lapse_days: Days = Field(97, description="days of silence until the pair ends (M4)")
    overload_permille: int = Field(
        1000,
        ge=1,
        le=2000,
        description="permille of a mentor's minutes that are promised; more is overload, full is not (M5)",
    )
    overload_slower: int = Field(
        2, ge=2, le=20, description="times their own median a mentor's replies of four weeks take (M5)"
    )
    overload_clear_days: Days = Field(7, description="days below both until it is over (M5)")
    cover_missed: int = Field(
        2, ge=1, le=8, description="meetings in four weeks the mentor missed, none held since (M6)"
    )
    cover_least_days: Days = Field(2, description="days of a pause from which the learners hear of it (M6)")
    impact_days: Days = Field(
        14, description="days between a mentor's word and a recovery that let us thank for it (M7)"
    )
    impact_every_days: Days = Field(7, description="days between two thanks for one learner (M7)")
    dead_feed_hours: int = Field(
        72,
        ge=1,
        le=2400,
        description='hours without a word from a platform: absence opens nothing, and the operator hears so, but where "dead_feed" is in `off`',
    )
    forgotten_after_days: int = Field(
        120,
        ge=1,
        le=3650,
        description="days in which nothing happened in a course of no told end, after which it is over for the learner, until they are seen there",
    )
    too_late_days: int = Field(
        45,
        ge=1,
        le=365,
        description="days from when an episode should have opened, after which it opens no more, nor is praise said",
    )
    storm_permille: int = Field(
        400,
        ge=1,
        le=1000,
        description="permille of a course's learners for whom one absence may open in a day",
    )
    storm_least: int = Field(
        20, ge=1, le=100_000, description="learners below which a course is too small for a storm"
    )

    @model_validator(mode="after")
    def _each_rung_is_reached(self) -> "PulsePolicy":
        if said := unreached(self):
            raise ValueError(said)
        return self
