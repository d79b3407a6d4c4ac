"""How much does a person hear, and when?"""

from pydantic import Field

from schemas.knobs import Knobs
from schemas.terms import MinuteOfDay


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
        2,
        ge=1,
        le=9,
        description="rungs of one ladder a learner hears an episode, however far apart; mentors and operators hear all",
    )
    wordings: int = Field(3, ge=1, le=20, description="wordings a template has; none comes twice in a row")
