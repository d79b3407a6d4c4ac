"""A platform falls silent as a whole: its operators hear so, once a silence, and no more is said once it speaks again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from nudging.reference_rows import HeardRow
from schemas.activity import ActivitySeen
from schemas.advice import AdviceGiven, AdviceWithdrawn, EpisodeOpened
from schemas.control import SourceProgressed
from schemas.erasure import PulsesErased
from schemas.fact import Fact
from schemas.learners import LearnerEnrolled
from schemas.nudges import NudgeSent, NudgeSuppressed
from schemas.policy import Operator, Policy
from streams.log import Stored
from streams.replay import Replay
from streams.settings import Settings
from tests.memory import START, only
from tests.nudging.life import (
    ANA,
    COURSE,
    OPERATOR,
    Life,
    active,
    alone,
    day,
    deadline,
    failed,
    figures,
    joined,
    left,
    made,
    matched,
    rest,
    told,
)
from tests.nudging.post import post
from tests.nudging.post import withdrawn as taken_back

SECOND, HOUR = 1 / 86_400, 1 / 24
SILENT = alone("L2", "dead_feed")  # an absence waits from the fifth day without activity
TOLD = [("dead_feed", 1, OPERATOR)]


def heard(days: float, partition: int = 0, partitions: int = 1, **last: float) -> Fact:
    """All was heard through that day; when each platform spoke last."""
    spoke = tuple((source, day(at)) for source, at in last.items())
    return made(
        SourceProgressed, day(days), reader="intake", input_topic="platform-events", input_partition=partition,
        partitions=partitions, heard_through=day(days), last_heard=spoke,
    )  # fmt: skip


def of(source: str, *facts: Fact) -> list[Fact]:
    return [fact.model_copy(update={"source": source}) for fact in facts]


def lived(life: Life, begins: float, ends: float, **last: float) -> list[Fact]:
    """Each hour it is said that all was heard, and nothing of what is not in `last`."""
    said: list[Fact] = []
    for hour in range(round((ends - begins) * 24) + 1):
        at = begins + hour * HOUR
        said += life.tell(heard(at, **{source: min(at, end) for source, end in last.items()}))
    return said


def ana(policy: Policy = SILENT, *more: Fact, learner: str = ANA) -> Life:
    """Was here on the first day; the platform speaks of others until somebody has it fall silent."""
    life = Life(policy, hear=False)
    life.tell(joined(0, learner), active(1, learner), heard(1, ou=1), *more)
    return life


def withdrawn(said: Iterable[Fact]) -> list[tuple[str, str]]:
    return [(f.recipient, f.reason) for f in said if isinstance(f, AdviceWithdrawn)]


# --- when it is told -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("silent_for", "found"),
    [(3 - SECOND, []), (3, []), (3 + SECOND, TOLD)],
    ids=["a second less", "as long as allowed", "a second more"],
)
def test_from_the_set_hours_on_the_silence_is_the_platform_s(silent_for: float, found: object) -> None:
    life = ana()
    life.live(6)
    said = life.tell(heard(6.02, ou=6.02 - silent_for)) + life.live(6.07)
    assert told(said) == found
    assert bool(only(said, EpisodeOpened)) == (found == [])  # else the absence of the learner counts


def test_the_operator_hears_which_platform_and_since_when() -> None:
    said = lived(ana(), 1, 6.5, ou=2.25)
    assert told(said) == TOLD
    assert figures(said, "dead_feed") == {"source": "ou", "since": "2026-01-07", "days": 3}


def test_a_silence_is_told_once_however_long_it_lasts_and_however_many_are_missed() -> None:
    others = [fact for n in range(9) for fact in (joined(0, f"ou:{n}"), active(1, f"ou:{n}"))]
    assert told(lived(ana(SILENT, *others), 5, 10, ou=2)) == TOLD


def test_nobody_hears_of_it_before_an_absence_waits() -> None:
    life = ana()
    life.tell(active(3))
    assert told(lived(life, 3, 7.95, ou=3)) == []
    assert told(lived(life, 7.96, 9, ou=3)) == TOLD


def test_a_rung_that_waits_is_told_of_too() -> None:
    life = ana()
    opened = lived(life, 1, 6.2, ou=4)
    assert (len(only(opened, EpisodeOpened)), told(opened)) == (1, [])
    assert told(lived(life, 6.2, 7.9, ou=4)) == []
    assert told(lived(life, 7.91, 9, ou=4)) == TOLD  # the learner was to hear on the eighth day


def test_missed_work_waits_too() -> None:
    assert told(lived(ana(alone("L5", "dead_feed"), deadline(6)), 1, 7, ou=2)) == TOLD


# --- when it is not ------------------------------------------------------------------------


def test_where_nobody_has_a_place_the_platform_may_be_silent() -> None:
    assert told(lived(ana(SILENT, left(1.5)), 5, 12, ou=1.5)) == []


def test_after_the_told_end_of_a_term_the_platform_may_be_silent() -> None:
    """What is due some days after it would be missed: yet no operator looks for a platform on holiday."""
    life = Life(alone("L1", "L2", "L5", "dead_feed"), hear=False)
    life.tell(joined(0, ends_at=day(3)), active(1), active(2), deadline(7), heard(2, ou=2))
    assert told(lived(life, 6.5, 7.5, ou=3)) == []


def test_before_a_term_begins_the_platform_may_be_silent() -> None:
    """A proposed match waits for its answer all the same."""
    life = Life(alone("L1", "M1", "dead_feed"), hear=False)
    life.tell(joined(0, starts_at=day(30)), heard(0, ou=0), matched(3.5, state="proposed"))
    assert told(lived(life, 3.5, 5, ou=0)) == []
    life.tell(matched(5.1, rev=2))
    life.now = day(32)
    assert told(lived(life, 32, 32.9, ou=0)) == []
    assert told(lived(life, 33, 34, ou=0)) == TOLD  # it began, and nothing tells who has started


def test_while_the_only_learner_is_on_a_break_the_platform_may_be_silent() -> None:
    life = ana(alone("L2", "M1", "dead_feed"), rest(2, 10), matched(6, state="proposed"))
    assert told(lived(life, 6, 9, ou=2)) == []
    life.tell(matched(9.1, rev=2))
    assert told(lived(life, 9.1, 14.9, ou=2)) == []
    assert told(lived(life, 15, 15.5, ou=2)) == TOLD


def test_what_should_have_opened_long_ago_is_not_waited_for() -> None:
    life = Life(SILENT, hear=False)
    life.tell(joined(0), active(1))
    life.now = day(60)
    assert told(lived(life, 60, 62, ou=2)) == []


def test_a_platform_never_heard_is_none_that_fell_silent() -> None:
    assert told(lived(ana(), 1, 6.5)) != []  # its first word was of the first day
    life = Life(SILENT, hear=False)
    life.tell(joined(0), active(1))
    assert told(lived(life, 1, 6.5, other=1)) == []


def test_while_our_own_reading_lags_no_platform_is_blamed() -> None:
    life = ana()
    said = life.tell(heard(4, 1, 2, ou=2), *(heard(at, 0, 2, ou=2) for at in (4, 5.5, 6.1, 6.2)))
    assert said == []  # the other partition may be full of its events
    said = life.tell(heard(6.2, 1, 2, ou=6.1)) + life.live(6.3)
    assert (len(only(said, EpisodeOpened)), told(said)) == (1, [])


def test_a_policy_that_leaves_it_out_or_names_no_operator_tells_nobody() -> None:
    assert told(lived(ana(alone("L2")), 1, 9, ou=2)) == []
    assert told(lived(ana(SILENT.model_copy(update={"operators": ()})), 1, 9, ou=2)) == []


# --- when it ends --------------------------------------------------------------------------


def test_when_the_platform_speaks_again_what_was_told_is_taken_back_once() -> None:
    life = ana()
    lived(life, 1, 9, ou=2)
    said = life.tell(heard(9.1, ou=9.05), heard(9.2, ou=9.15))
    assert withdrawn(said) == [(OPERATOR, "recovered")]
    assert told(said + life.live(9.5)) == [("L2", 1, ANA)]  # and the absence of the learner counts again
    row = life.rows.find(HeardRow, "intake")
    assert row is not None
    assert row.told == {}


def test_a_platform_that_speaks_for_an_hour_and_falls_silent_again_is_told_of_again() -> None:
    life = ana()
    first = lived(life, 5, 7, ou=2)
    second = lived(life, 9, 15.1, ou=9 + HOUR)
    given = [f for f in first + second if isinstance(f, AdviceGiven) and f.signal == "dead_feed"]
    assert [dict(f.figures)["since"] for f in given] == ["2026-01-07", "2026-01-14"]
    assert len({f.advice for f in given}) == 2
    assert withdrawn(second) == [(OPERATOR, "recovered")]


def test_the_first_event_of_its_return_starts_no_alarm() -> None:
    """It reaches the pulse before the word on how far all was heard."""
    life = ana(alone("L5", "L6", "dead_feed"), deadline(9))
    life.tell(heard(8.9, ou=2))
    life.now = day(9.1)
    assert told(life.fold(life.rows, life.moment(failed(9.1)))) == []
    assert told(life.live(9.2)) == TOLD  # unless the word comes within the hour


def test_who_was_told_under_the_old_name_of_a_platform_is_told_no_more_once_the_policy_knows_the_new() -> (
    None
):
    life = ana()
    said = lived(life, 1, 8, ou=2, lms=40)
    assert told(said) == TOLD
    life.policy = life.policy.model_copy(update={"renamed_sources": {"ou": "lms"}})
    later = lived(life, 8, 12, ou=2, lms=40)
    assert withdrawn(later) == [(OPERATOR, "superseded")]
    assert told(later) == [("L2", 1, ANA), ("L2", 2, OPERATOR)]


def test_a_platform_of_a_new_name_is_told_of_by_that() -> None:
    policy = SILENT.model_copy(update={"renamed_sources": {"ou": "lms"}})
    said = lived(ana(policy), 1, 9, ou=1, lms=2)
    assert figures(said, "dead_feed")["source"] == "lms"


# --- who hears -----------------------------------------------------------------------------


def test_of_two_platforms_the_silent_one_is_told_and_absence_from_the_other_counts() -> None:
    life = ana(SILENT, *of("lms", joined(0, "lms:eve"), active(1, "lms:eve")))
    said = lived(life, 1, 8.5, ou=2, lms=40)
    assert figures(said, "dead_feed")["source"] == "ou"
    assert sorted(told(said)) == [("L2", 1, "lms:eve"), *TOLD]


def test_of_two_platforms_that_fall_silent_each_is_told_and_the_return_of_one_ends_one() -> None:
    life = ana(SILENT, *of("lms", joined(0, "lms:eve"), active(1, "lms:eve")))
    said = lived(life, 1, 8.5, ou=2, lms=2.5)
    assert told(said) == TOLD * 2
    assert withdrawn(lived(life, 8.6, 10, ou=2, lms=8.6)) == [(OPERATOR, "recovered")]
    assert withdrawn(lived(life, 10.1, 11, ou=10.1, lms=8.6)) == [(OPERATOR, "recovered")]


def test_each_operator_who_answers_for_its_learners_hears_once() -> None:
    operators = (
        Operator(id="a:1", programmes=("P",)), Operator(id="b:1", programmes=("Q", "R")), Operator(id="c:1", programmes=("S",)),
    )  # fmt: skip
    of_q, of_r = (joined(0, f"ou:{name}").model_copy(update={"programme": name}) for name in "QR")
    others = [of_q, of_r, active(1, "ou:Q"), active(1, "ou:R")]
    life = ana(SILENT.model_copy(update={"operators": operators}), *others)
    assert sorted(told(lived(life, 5, 8, ou=2))) == [("dead_feed", 1, "a:1"), ("dead_feed", 1, "b:1")]
    assert sorted(withdrawn(life.tell(heard(8.1, ou=8.1)))) == [("a:1", "recovered"), ("b:1", "recovered")]


def test_every_partition_tells_it_under_one_id_and_the_operator_hears_it_once() -> None:
    """The words on each platform topic's partitions reach the pulses' partitions in different orders."""
    here, there = ana(), ana(learner="ou:eve")
    words = [heard(at, n, 2, ou=2 if n else 1.5) for at in (3, 5.5, 6.5, 9) for n in (0, 1)]
    pairs = [words[n : n + 2] for n in range(0, len(words), 2)]
    said = [*here.tell(*words), *here.live(10)]
    elsewhere = [*there.tell(*(word for pair in pairs for word in pair[::-1])), *there.live(10)]
    given = [f for f in said + elsewhere if isinstance(f, AdviceGiven)]
    assert (len(given), len({f.advice for f in given})) == (2, 1)
    world = post(SILENT)
    heard_of = world.tell(*given) + world.pass_time(hours=1)
    assert [n.recipient for n in only(heard_of, NudgeSent)] == [OPERATOR]  # type: ignore[attr-defined]


def test_at_night_it_waits_and_is_not_said_where_the_platform_is_back_by_morning() -> None:
    life = ana()
    (given,) = (f for f in lived(life, 1, 9, ou=2) if isinstance(f, AdviceGiven))
    world = post(SILENT)
    world.now = START.replace(day=12, hour=23)
    said = world.tell(given) + world.tell(taken_back(given, 24 * 7 + 15)) + world.pass_time(days=2)
    assert only(said, NudgeSent) == []
    assert [n.reason for n in said if isinstance(n, NudgeSuppressed)] == ["resolved"]


# --- whatever happens to us ----------------------------------------------------------------


def test_a_worker_that_starts_anew_in_a_silence_tells_it_no_second_time_and_takes_it_back() -> None:
    life = ana()
    before = lived(life, 5, 6.5, ou=2)
    life = life.restarted()
    assert told(before + lived(life, 6.5, 12, ou=2)) == TOLD
    assert withdrawn(life.restarted().tell(heard(13, ou=13))) == [(OPERATOR, "recovered")]


def test_words_that_come_twice_late_or_out_of_order_change_nothing() -> None:
    plain, mixed = ana(), ana()
    words = [heard(at, n, 2, ou=2) for at in (2, 4, 6.2, 6.5) for n in (0, 1)]
    jumbled = [*words[:3], words[0], words[1], *words[3:6], words[2], *words[6:], *words]
    found = plain.tell(*words) + plain.live(7)
    assert told(found) == TOLD
    for word in jumbled:
        mixed.now = max(mixed.now, word.seen_at)
    again = [f for word in jumbled for f in mixed.tell(word)] + mixed.live(7)
    assert [f.advice for f in only(again, AdviceGiven)] == [f.advice for f in only(found, AdviceGiven)]  # type: ignore[attr-defined]
    assert mixed.tell(*jumbled) == []


def test_an_operator_who_is_erased_is_named_no_more() -> None:
    life = ana()
    lived(life, 1, 6.5, ou=2)
    assert life.rows.naming(OPERATOR) == [("heard", "intake", "")]
    life.tell(made(PulsesErased, day(6.6), person=OPERATOR))
    assert life.rows.naming(OPERATOR) == []


def test_rows_of_an_earlier_release_know_of_no_silence() -> None:
    row = HeardRow.model_validate_json('{"v":1,"last_heard":{"ou":"2026-01-07T12:00:00Z"}}')
    assert row.told == {}


# --- the whole pipeline --------------------------------------------------------------------


def replayed(until: float, dead_from: float, dead_to: float, partitions: int = 3) -> list[Fact]:
    """Twelve learners study each day, most of them until the second, on a platform that is silent for a while."""
    said: list[Fact] = []

    def hear(topic: str, fact: Fact, line: Stored) -> None:
        said.append(fact)

    def of_learner(cls: type[Fact], at: datetime, name: str, **fields: object) -> Fact:
        return made(cls, at, learner=name, course=COURSE, **fields)  # type: ignore[no-any-return]

    names = [f"ou:{n}" for n in range(12)]
    replay = Replay(Settings(partitions=partitions), Policy(operators=(Operator(id=OPERATOR),)), hear)
    replay.step(START - timedelta(days=1), ())
    for step in range(round(until * 2)):
        at = START + timedelta(hours=12 * step)
        facts = [of_learner(LearnerEnrolled, at, name, programme="P") for name in names if not step]
        if step and not dead_from <= step / 2 < dead_to:
            here = names if step < 4 else names[8:]
            facts += [of_learner(ActivitySeen, at, name, kind="view") for name in here]
        replay.step(at, facts)
    return said


def about_feeds(said: list[Fact]) -> list[dict[str, object]]:
    nudges = [fact for fact in said if isinstance(fact, NudgeSent)]
    return [dict(i.figures) for n in nudges for i in n.items if i.kind == "dead_feed"]


def test_on_the_facts_clock_a_silence_is_told_once_by_all_partitions_and_each_run_decides_the_same() -> None:
    said = replayed(8, 3, 8)
    assert [each["since"] for each in about_feeds(said)] == ["2026-01-08"]
    assert said == replayed(8, 3, 8)


def test_a_platform_that_speaks_each_day_is_never_called_silent() -> None:
    assert about_feeds(replayed(8, 0, 0)) == []
