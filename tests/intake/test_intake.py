"""Outside facts become one inner fact for each reader; the tally adds up; who may say what is kept."""

from datetime import timedelta
from uuid import uuid4

import orjson
import pytest

from schemas.activity import ActivitySeen, DeadlineSet
from schemas.codec import encode
from schemas.control import SourceProgressed
from schemas.fact import Fact, Moment
from schemas.learners import LearnerEnrolled, LearnerWithdrew
from schemas.matches import MatchConfirmed
from schemas.mentors import MentorJoined
from schemas.policy import Policy
from schemas.rows import wake_of
from streams import intake
from streams.dialects.reading import Read
from streams.dialects.recognise import read
from streams.intake import ROWS, Place, ProgressRow, TallyRow
from streams.outlet import outlets
from tests.memory import START, MemoryRows

PLACE = Place("platform-events", 3, 12)
POLICY = Policy(pools={"p1": "shared"}, sources={"lms": "platform", "desk": "mentors"})


def outside(cls: type[Fact], source: str = "academy", **fields: object) -> Fact:
    return cls(id=uuid4(), at=START, seen_at=START, source=source, **fields)  # type: ignore[arg-type]


def enrolled() -> Fact:
    return outside(LearnerEnrolled, learner="ou:1", programme="p1", course="c1")


def through(fact: Fact) -> Read:
    wire = encode(fact)
    return read(wire.value, wire.headers, START, POLICY)


def fold(rows: MemoryRows, found: Read) -> list[Fact]:
    cause = found.facts[0] if found.facts else enrolled()
    return intake.fold(rows, Moment(cause, START, POLICY, "intake"), found, PLACE)  # type: ignore[arg-type]


def names(facts: list[Fact]) -> list[str]:
    return [fact.TYPE.removeprefix("org.mentorway.").removesuffix(".v1") for fact in facts]


def test_an_enrolment_reaches_pool_pulse_and_inbox() -> None:
    said = fold(MemoryRows(ROWS), through(enrolled()))
    assert names(said) == ["learner.enrolled", "course.joined", "person.profiled"]
    assert {fact.TOPIC for fact in said} == {"pool-facts", "learner-facts", "person-facts"}


def test_the_pool_comes_from_the_programme_by_policy() -> None:
    assert fold(MemoryRows(ROWS), through(enrolled()))[0].key == "shared"


def test_leaving_reaches_pool_and_pulse_and_a_mentor_gets_a_profile() -> None:
    gone = outside(LearnerWithdrew, learner="ou:1", programme="p1", course="c1")
    assert names(fold(MemoryRows(ROWS), through(gone))) == ["learner.withdrew", "course.left"]
    mentor = outside(
        MentorJoined, mentor="ou:m", programme="p1", languages=("es",), time_zone="Europe/Madrid"
    )
    profile = fold(MemoryRows(ROWS), through(mentor))[1]
    assert (profile.language, profile.time_zone, profile.derived) == ("es", "Europe/Madrid", True)  # type: ignore[attr-defined]


def test_what_an_enrolment_does_not_tell_of_a_person_is_said_to_be_assumed() -> None:
    """A roster sent again in mid-term must not put a learner back into the policy's language and zone."""
    assert fold(MemoryRows(ROWS), through(enrolled()))[2].assumed == ("time_zone", "language")  # type: ignore[attr-defined]


def test_told_twice_the_inner_facts_have_the_same_ids() -> None:
    one = enrolled()
    first, second = (fold(MemoryRows(ROWS), through(one)) for _ in range(2))
    assert [fact.id for fact in first] == [fact.id for fact in second]


def test_a_course_wide_deadline_goes_to_every_partition_once() -> None:
    (date,) = fold(MemoryRows(ROWS), through(outside(DeadlineSet, course="c1", item="i", due_at=START)))
    copies = list(outlets(date, 12))
    assert [copy.partition for copy in copies] == list(range(12))
    assert len({dict(copy.headers)["ce_id"] for copy in copies}) == 12


def test_a_learners_own_deadline_goes_to_that_learner() -> None:
    (date,) = fold(
        MemoryRows(ROWS), through(outside(DeadlineSet, course="c1", item="i", due_at=START, learner="ou:1"))
    )
    assert [(copy.partition, copy.key) for copy in outlets(date, 12)] == [(None, b"ou:1")]


def test_the_tally_adds_up() -> None:
    rows = MemoryRows(ROWS)
    for found in (through(enrolled()), Read(ignored=("xapi voted",)), Read(rejects=("no time",))):
        fold(rows, found)
    tally = rows.find(TallyRow, "", "3")
    assert tally is not None
    assert (tally.records, tally.folded, tally.parked, tally.ignored) == (3, 1, 1, {"xapi voted": 1})


def test_the_names_of_no_interest_are_bounded() -> None:
    rows = MemoryRows(ROWS)
    for number in range(300):
        fold(rows, Read(ignored=(f"verb {number}",)))
    tally = rows.find(TallyRow, "", "3")
    assert tally is not None
    assert len(tally.ignored) == 257
    assert tally.ignored["other"] == 44


def test_each_partition_tells_how_far_it_was_heard() -> None:
    rows = MemoryRows(ROWS)
    fold(rows, through(enrolled()))
    rows.put(ProgressRow(wake_at=START, last_heard={"academy": START}), "", "3")
    wake = rows.due()
    assert wake is not None
    (told,) = intake.wake(rows, Moment(wake, START, POLICY, "intake"), PLACE)
    assert isinstance(told, SourceProgressed)
    assert (told.input_partition, told.partitions, told.last_heard) == (3, 12, (("academy", START),))
    again = rows.due()
    assert again is not None
    assert again == wake_of(*_key_and_due(again))
    assert again.due == START + timedelta(seconds=POLICY.ledger.progress_seconds)


def test_names_that_senders_make_up_push_out_no_platform_of_the_policy() -> None:
    rows = MemoryRows(ROWS)
    rows.put(ProgressRow(last_heard={"academy": START}), "", "3")
    policy = POLICY.model_copy(update={"sources": {"academy": "platform"}})
    for number in range(200):
        read = Read((enrolled(),), source=f"made-up-{number}")
        moment = Moment(enrolled(), START + timedelta(seconds=number), policy, "intake")
        intake.fold(rows, moment, read, PLACE)
    row = rows.find(ProgressRow, "", "3")
    assert row is not None
    assert len(row.last_heard) == intake.MAX_SOURCES
    assert "academy" in row.last_heard


def _key_and_due(wake):  # type: ignore[no-untyped-def]
    from schemas.rows import RowKey

    return RowKey(wake.kind, wake.routing, wake.row), wake.due


@pytest.mark.parametrize(
    ("source", "fact", "allowed"),
    [
        ("lms", {"cls": ActivitySeen, "learner": "ou:1"}, True),
        ("lms", {"cls": MentorJoined, "mentor": "ou:m", "programme": "p1"}, False),
        ("desk", {"cls": MentorJoined, "mentor": "ou:m", "programme": "p1"}, True),
        ("desk", {"cls": ActivitySeen, "learner": "ou:1"}, False),
        ("unlisted", {"cls": MentorJoined, "mentor": "ou:m", "programme": "p1"}, True),
    ],
)
def test_a_source_says_only_what_it_may(source: str, fact: dict[str, object], allowed: bool) -> None:
    cls = fact.pop("cls")
    assert bool(through(outside(cls, source, **fact)).facts) is allowed  # type: ignore[arg-type]


def test_no_source_may_say_what_a_ledger_decides() -> None:
    match = outside(MatchConfirmed, learner="ou:1", mentor="ou:m", pair=uuid4(), how="automatic")
    assert "decided by a ledger" in through(match).rejects[0]


def test_a_structured_event_reads_as_the_binary_one() -> None:
    one = enrolled()
    body = {
        "specversion": "1.0", "id": str(one.id), "source": one.source, "type": one.TYPE, "time": one.at.isoformat(),
        "data": orjson.loads(encode(one).value),
    }  # fmt: skip
    headers = [("content-type", b"application/cloudevents+json; charset=utf-8")]
    assert read(orjson.dumps(body), headers, START, POLICY).facts == through(one).facts


def test_what_outside_claims_of_our_own_fields_is_dropped() -> None:
    wire = encode(enrolled())
    forged = orjson.dumps(
        {**orjson.loads(wire.value), "hops": 7, "rev": 9, "policy": "mine", "seen_at": "1999-01-01T00:00:00Z"}
    )
    (fact,) = read(forged, wire.headers, START, POLICY).facts
    assert (fact.hops, fact.rev, fact.policy, fact.seen_at) == (0, 0, "", START)


def test_five_minutes_ahead_is_taken_and_more_is_parked() -> None:
    for ahead, taken in ((timedelta(minutes=5), True), (timedelta(minutes=5, seconds=1), False)):
        at = START + ahead
        wire = encode(enrolled().model_copy(update={"at": at}))
        assert bool(read(wire.value, wire.headers, START, POLICY).facts) is taken
