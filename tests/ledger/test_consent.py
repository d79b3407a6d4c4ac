"""A learner who does not want to be nudged is matched and never nudged, over restarts; the mentor still hears."""

from datetime import timedelta

import pytest

from schemas.learners import LearnerEnrolled
from schemas.matches import MatchConfirmed
from schemas.mentors import MentorJoined
from schemas.nudges import (
    ConsentGiven,
    ConsentWithdrawn,
    NudgeHeld,
    NudgeSent,
    NudgeSuppressed,
    PersonProfiled,
)
from tests.ledger.remembered import Site
from tests.ledger.test_erasure import ADA, ANA, at, told

PROFILE = {"time_zone": "UTC", "language": "en"}


def matched(*before: object, hour: int = 12) -> Site:
    """Joined twelve days ago and not seen since: the learner and the mentor are both to hear (L1)."""
    site = Site()
    site.now = site.now.replace(hour=hour)
    site.say(*before)  # type: ignore[arg-type]
    site.say(at(site, PersonProfiled, person=ADA, role="mentor", **PROFILE))
    site.say(at(site, MentorJoined, mentor=ADA, programme="p", capacity_minutes=60))
    fact = at(site, LearnerEnrolled, learner=ANA, programme="p", course="c")
    site.say(fact.model_copy(update={"at": site.now - timedelta(days=12)}))
    site.live(minutes=1)
    return site


def heard(site: Site) -> set[object]:
    return {who for (who,) in told(site, NudgeSent, "recipient")}


def test_who_said_no_is_matched_and_never_nudged_until_they_say_yes_and_not_after_a_later_no() -> None:
    before = Site()
    site = matched(at(before, ConsentWithdrawn, person=ANA, scope="nudges"))
    site.live(hours=2)
    assert told(site, MatchConfirmed, "learner", "mentor") == [(ANA, ADA)]
    site.compact()
    site.start()
    site.live(hours=22)
    assert heard(site) == {ADA}
    assert {reason for who, reason in told(site, NudgeSuppressed, "recipient", "reason") if who == ANA} == {
        "no_consent"
    }

    site.say(at(site, ConsentGiven, person=ANA, scope="nudges"))
    site.live(minutes=1)
    site.start()
    again = at(site, LearnerEnrolled, learner=ANA, programme="p", course="d")
    site.say(again.model_copy(update={"at": site.now - timedelta(days=12)}))
    site.live(hours=2)
    assert heard(site) == {ADA, ANA}

    count = len(told(site, NudgeSent, "recipient"))
    site.say(at(site, ConsentWithdrawn, person=ANA, scope="nudges"))
    site.live(minutes=1)
    site.compact()
    site.start()
    late = at(site, LearnerEnrolled, learner=ANA, programme="p", course="e")
    site.say(late.model_copy(update={"at": site.now - timedelta(days=12)}))
    site.live(hours=23)
    assert ANA not in [who for (who,) in told(site, NudgeSent, "recipient")[count:]]


@pytest.mark.parametrize("who", [ANA, ADA], ids=["learner", "mentor"])
def test_a_no_stops_what_already_waits_also_when_the_inbox_restarts_in_between(who: str) -> None:
    """Both have a word waiting by night: it is said in the morning to whoever did not take the consent back."""
    site = matched(hour=22)
    site.live(hours=1)
    assert {one for (one,) in told(site, NudgeHeld, "recipient")} == {ANA, ADA}
    site.say(at(site, ConsentWithdrawn, person=who, scope="nudges"))
    site.live(minutes=1)
    site.compact()
    site.start()
    site.live(hours=9)  # the quiet hours are over, and the digest is due within the next three
    site.live(hours=3)
    assert heard(site) == {ANA, ADA} - {who}
    ends = {reason for one, reason in told(site, NudgeSuppressed, "recipient", "reason") if one == who}
    assert ends == {"no_consent"}
