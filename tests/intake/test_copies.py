"""What a pulse needs of facts keyed by somebody else comes to it as small copies, keyed by whose pulse it is."""

from uuid import uuid4

import pytest

from schemas.activity import MeetingHeld, MessageSent
from schemas.erasure import PersonErased
from schemas.fact import Fact
from schemas.learners import LearnerProfiled, MatchingConsentTold
from schemas.mentoring import MeetingCopied, MentorAway, MessageCopied
from schemas.mentors import MentorLeft, MentorPaused, MentorResumed
from schemas.nudges import ConsentGiven, ConsentWithdrawn, PersonProfiled
from schemas.study import LearnerKnown, MeetingMissed
from streams.intake import ROWS
from streams.outlet import outlets
from tests.intake.test_intake import fold, names, outside, through
from tests.memory import START, MemoryRows

PAIR = uuid4()
WITHIN = {"learner": "ou:ana", "mentor": "ou:mia", "pair": PAIR}
PAUSE = {"mentor": "ou:mia", "programme": "p1"}


def copy(fact: Fact) -> Fact:
    """The second of the two facts that intake makes."""
    _, second = fold(MemoryRows(ROWS), through(fact))
    return second


def test_a_message_reaches_both_pulses() -> None:
    made = copy(outside(MessageSent, **WITHIN, sender="learner", expects_reply=False))
    assert isinstance(made, MessageCopied)
    assert (made.key, made.sender, made.expects_reply) == ("ou:mia", "learner", False)


@pytest.mark.parametrize("missed_by", [None, "mentor", "learner"])
def test_a_meeting_held_or_missed_reaches_both_pulses(missed_by: str | None) -> None:
    fact = (
        outside(MeetingMissed, **WITHIN, missed_by=missed_by) if missed_by else outside(MeetingHeld, **WITHIN)
    )
    made = copy(fact)
    assert isinstance(made, MeetingCopied)
    assert (made.key, made.missed_by) == ("ou:mia", missed_by)


@pytest.mark.parametrize(
    ("fact", "away", "gone"),
    [
        (outside(MentorPaused, **PAUSE, paused_until=START), True, False),
        (outside(MentorResumed, **PAUSE), False, False),
        (outside(MentorLeft, **PAUSE), True, True),
    ],
    ids=["paused", "resumed", "left"],
)
def test_a_mentors_presence_reaches_their_pulse(fact: Fact, away: bool, gone: bool) -> None:
    made = copy(fact)
    assert isinstance(made, MentorAway)
    assert (made.key, made.programme, made.away, made.gone) == ("ou:mia", "p1", away, gone)
    assert made.until == getattr(fact, "paused_until", None)


@pytest.mark.parametrize(("cls", "may"), [(ConsentGiven, True), (ConsentWithdrawn, False)])
def test_consent_to_look_at_sensitive_things_reaches_the_pulse(cls: type[Fact], may: bool) -> None:
    made = copy(outside(cls, person="ou:ana", scope="sensitive"))
    assert isinstance(made, LearnerKnown)
    assert (made.key, made.sensitive, made.time_zone) == ("ou:ana", may, None)


@pytest.mark.parametrize(("cls", "yes"), [(ConsentGiven, True), (ConsentWithdrawn, False)])
def test_consent_to_be_matched_reaches_every_pool(cls: type[Fact], yes: bool) -> None:
    made = copy(outside(cls, person="ou:ana", scope="matching"))
    assert isinstance(made, MatchingConsentTold)
    assert (made.person, made.given, made.COURSE_WIDE) == ("ou:ana", yes, True)


def test_an_erasure_reaches_every_partition_of_every_ledger() -> None:
    said = fold(MemoryRows(ROWS), through(outside(PersonErased, person="ou:ana")))
    assert names(said) == ["person.erased", "inboxes.erased", "pulses.erased", "pools.erased"]
    for fact in said[1:]:
        assert [out.partition for out in outlets(fact, 4)] == [0, 1, 2, 3]
        assert len({dict(out.headers)["ce_id"] for out in outlets(fact, 4)}) == 4


def test_other_consents_stay_with_the_inbox() -> None:
    said = fold(MemoryRows(ROWS), through(outside(ConsentGiven, person="ou:ana", scope="nudges")))
    assert names(said) == ["consent.given"]


def test_a_learners_zone_reaches_the_pulse_and_a_mentors_does_not() -> None:
    told = {"time_zone": "Asia/Tokyo", "language": "en"}
    made = copy(outside(PersonProfiled, person="ou:ana", role="learner", **told))
    assert isinstance(made, LearnerKnown)
    assert (made.time_zone, made.sensitive) == ("Asia/Tokyo", None)
    mentor = through(outside(PersonProfiled, person="ou:mia", role="mentor", **told))
    assert names(fold(MemoryRows(ROWS), mentor)) == ["person.profiled"]
    profile = through(outside(LearnerProfiled, learner="ou:ana", programme="p1", time_zone="Asia/Tokyo"))
    assert names(fold(MemoryRows(ROWS), profile)) == ["learner.profiled", "person.profiled", "learner.known"]


def test_a_copy_told_twice_has_one_id() -> None:
    fact = outside(MessageSent, **WITHIN, sender="mentor")
    assert copy(fact).id == copy(fact).id != fact.id


@pytest.mark.parametrize(("cls", "may"), [(ConsentGiven, True), (ConsentWithdrawn, False)])
def test_consent_to_experiments_reaches_the_pulse(cls: type[Fact], may: bool) -> None:
    made = copy(outside(cls, person="ou:ana", scope="experiments"))
    assert isinstance(made, LearnerKnown)
    assert (made.key, made.experiments, made.sensitive) == ("ou:ana", may, None)


def test_a_profile_that_says_no_to_experiments_tells_pool_pulse_and_inbox() -> None:
    profile = outside(LearnerProfiled, learner="ou:ana", programme="p1", experiment_consent=False)
    said = fold(MemoryRows(ROWS), through(profile))
    assert names(said) == ["learner.profiled", "learner.known", "consent.withdrawn"]
    assert [fact.key for fact in said] == ["shared", "ou:ana", "ou:ana"]
