"""M2: matched, and not a word."""

from uuid import uuid5

from nudging.pulse_rows import PulseRow
from schemas.activity import MessageSent
from schemas.advice import EpisodeClosed
from schemas.fact import Fact
from schemas.matches import MatchAnnounced, PairLapsed
from schemas.pulse_policy import PulsePolicy
from tests.memory import only
from tests.nudging.life import (
    ANA,
    MENTOR,
    NAMES,
    OPERATOR,
    POLICY,
    Life,
    active,
    alone,
    day,
    figures,
    joined,
    left,
    made,
    matched,
    rest,
    told,
    wrote,
)


def pair() -> Life:
    life = Life()
    life.tell(joined(0), active(0.1), matched(1))
    return life


def test_it_climbs_from_both_to_the_mentor_to_a_new_mentor() -> None:
    life = pair()
    assert told(life.live(3.9), "M2") == []
    assert told(life.live(4.2), "M2") == [("M2", 1, ANA), ("M2", 1, MENTOR)]
    assert told(life.live(8.2), "M2") == [("M2", 2, MENTOR)]
    said = life.live(15.2)
    assert told(said, "M2") == [("M2", 3, OPERATOR)]
    assert [f.learner for f in only(said, PairLapsed)] == [ANA]


def test_one_message_each_way_clears_it() -> None:
    life = pair()
    life.tell(wrote(2, "mentor"))
    assert told(life.live(4.2), "M2") != []
    said = life.tell(wrote(4.3, "learner"))
    assert [f.reason for f in only(said, EpisodeClosed)] == ["recovered"]
    assert told(life.live(20), "M2") == []


def test_where_the_platform_tells_of_no_messages_their_absence_means_nothing() -> None:
    life = Life(POLICY.model_copy(update={"pulse": PulsePolicy(contact_told=False)}))
    life.tell(joined(0), active(0.1), matched(1))
    assert told(life.live(30), "M2") == []


def test_the_end_of_the_pair_clears_it() -> None:
    life = pair()
    life.live(4.2)
    assert [f.reason for f in only(life.tell(matched(5, rev=2, state="ended")), EpisodeClosed)] == ["ended"]


def test_an_older_word_of_the_pool_changes_nothing() -> None:
    life = pair()
    life.tell(matched(5, rev=2, state="ended"))
    before = life.rows.find(PulseRow, ANA)
    assert life.tell(matched(5.1, rev=2)) == []
    after = life.rows.find(PulseRow, ANA)
    assert before is not None
    assert after is not None
    assert after.match == before.match


def test_a_late_word_of_an_old_pair_says_nothing_of_this_one() -> None:
    life = pair()
    life.tell(wrote(2, "mentor"), wrote(2.1, "learner"))
    life.tell(
        made(MessageSent, day(2.2), learner=ANA, pair=uuid5(NAMES, "old"), mentor=MENTOR, sender="mentor")
    )
    assert told(life.live(20), "M2") == []


def test_who_left_hears_nothing_more_of_the_pair() -> None:
    life = pair()
    life.tell(left(2))
    assert told(life.live(20), "M2") == []


def of_pool(pool: str, days: float, rev: int, state: str, mentor: str) -> Fact:
    return made(
        MatchAnnounced, day(days), learner=ANA, state=state, pair=uuid5(NAMES, pool), mentor=mentor,
        since=day(days), rev=rev, pool=pool,
    )  # fmt: skip


def test_a_second_pool_counts_revisions_of_its_own() -> None:
    life = Life(alone("M2"), every=6)
    life.tell(joined(0), active(0.1), of_pool("P", 1, 5, "confirmed", "ou:m1"))
    life.tell(of_pool("Q", 1.5, 1, "confirmed", "ou:m2"))  # the first goes on
    assert told(life.live(4.3)) == [("M2", 1, ANA), ("M2", 1, "ou:m1")]
    life.tell(of_pool("P", 5, 6, "ended", "ou:m1"), of_pool("Q", 5.1, 1, "confirmed", "ou:m2"))
    life.tell(of_pool("P", 5.2, 6, "ended", "ou:m1"))
    assert told(life.live(8.4)) == [("M2", 1, ANA), ("M2", 1, "ou:m2")]


def test_a_learner_s_break_from_everything_does_not_count() -> None:
    life = Life(alone("M2"), every=6)
    life.tell(joined(0), active(0.1), matched(0), rest(1, 40))
    said = life.live(42.9)
    assert (told(said), only(said, PairLapsed)) == ([], [])
    said = life.live(43.3)
    assert {hears for _, _, hears in told(said, "M2")} == {ANA, MENTOR}
    assert figures(said, "M2")["since"] == day(0).date().isoformat()
