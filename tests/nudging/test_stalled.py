"""M4: a pair that spoke falls silent: both hear at 21 days, at 90 the operator too, at 97 the pair ends."""

from schemas.activity import MessageSent
from schemas.fact import Fact
from schemas.matches import PairLapsed
from schemas.policy import Policy
from schemas.pulse_policy import PulsePolicy
from tests.memory import only
from tests.nudging.life import (
    ANA,
    MENTOR,
    OPERATOR,
    PAIR,
    POLICY,
    Life,
    active,
    alone,
    closed,
    day,
    joined,
    late,
    left,
    made,
    matched,
    met,
    rest,
    told,
    wrote,
)

ALONE = alone("M4")
BOTH = [("M4", 1, ANA), ("M4", 1, MENTOR)]


def pair(policy: Policy = ALONE) -> Life:
    life = Life(policy, every=12)
    life.tell(joined(0), active(0.1), matched(0), met(1))
    return life


def says(days: float, sender: str) -> Fact:
    """A word that wants no answer."""
    return made(  # type: ignore[no-any-return]
        MessageSent, day(days), learner=ANA, pair=PAIR, mentor=MENTOR, sender=sender, expects_reply=False
    )


def test_it_climbs_from_both_to_the_operator_to_the_end() -> None:
    life = pair()
    assert told(life.live(21.9)) == []
    assert told(life.live(22.6)) == BOTH
    assert told(life.live(90.9)) == []
    assert told(life.live(91.6)) == [("M4", 2, ANA), ("M4", 2, MENTOR), ("M4", 2, OPERATOR)]
    said = life.live(98.6)
    assert told(said) == [("M4", 3, OPERATOR)]
    assert [f.reason for f in only(said, PairLapsed)] == ["silent"]  # type: ignore[attr-defined]


def test_any_contact_ends_it() -> None:
    life = pair()
    life.live(22.6)
    assert closed(life.tell(says(23, "mentor")), "M4") == ["recovered"]
    assert told(life.live(43.9)) == []
    assert told(life.live(44.6)) == BOTH


def test_while_an_answer_is_owed_it_is_not_this() -> None:
    life = pair()
    life.tell(wrote(2, "learner"))
    assert told(life.live(30)) == []


def test_a_pair_that_never_spoke_is_not_this() -> None:
    life = Life(ALONE, every=12)
    life.tell(joined(0), active(0.1), matched(0))
    assert told(life.live(30)) == []


def test_the_end_of_the_pair_or_leaving_ends_it() -> None:
    for end in (matched(23, rev=2, state="ended"), left(23)):
        life = pair()
        life.live(22.6)
        assert closed(life.tell(end), "M4") == ["ended"]


def test_where_the_platform_tells_of_no_messages_silence_means_nothing() -> None:
    knobs = {**ALONE.pulse.model_dump(), "contact_told": False}
    life = pair(POLICY.model_copy(update={"pulse": PulsePolicy(**knobs)}))
    assert told(life.live(30)) == []


def test_a_late_word_and_a_repeated_one_count_by_when_they_were_said() -> None:
    life = pair()
    life.tell(late(says(5, "mentor"), 20), late(says(5, "mentor"), 20), late(says(3, "learner"), 20.1))
    assert told(life.live(25.9)) == []
    assert told(life.live(26.6)) == BOTH


def test_a_restart_in_the_middle_changes_nothing() -> None:
    life = pair()
    life.live(20)
    assert told(life.restarted().live(22.6)) == BOTH


def test_a_learner_s_break_from_everything_does_not_count() -> None:
    life = Life(alone("M4"), every=12)
    life.tell(joined(0), active(0.1), matched(0), met(1), rest(10, 120))
    said = life.live(140.9)
    assert (told(said), only(said, PairLapsed)) == ([], [])
    assert {hears for _, _, hears in told(life.live(141.6), "M4")} == {ANA, MENTOR}
