"""Real xAPI statements: each ends as a fact, as of no interest by name, or parked; nothing personal passes."""

import gzip
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from schemas.codec import decode, encode
from schemas.fact import Fact, Moment
from schemas.policy import Policy
from streams import intake
from streams.dialects.reading import Read
from streams.dialects.recognise import read
from streams.dialects.statement import shorten

NOW = datetime(2026, 11, 1, tzinfo=UTC)
KEY = b"of this site"
XAPI = [("mentorway-dialect", b"xapi")]
ACTOR = {"account": {"homePage": "https://academy.example", "name": "4711"}}


def take(body: object, key: bytes = b"") -> Read:
    return read(orjson.dumps(body), XAPI, NOW, Policy(), key)


def statement(verb: str, **more: object) -> dict[str, object]:
    return {
        "id": "b3a1", "actor": ACTOR, "verb": {"id": verb}, "timestamp": "2026-10-01T10:00:00Z",
        "object": {"id": "https://academy.example/course/item-000017"}, **more,
    }  # fmt: skip


def names(found: Read) -> list[str]:
    return [fact.TYPE.removeprefix("org.mentorway.") for fact in found.facts]


@pytest.fixture(scope="module")
def statements() -> list[bytes]:
    folder = os.environ.get("MENTORWAY_DATA")
    if folder is None:
        pytest.skip("MENTORWAY_DATA names no folder with the real statements")
    with gzip.open(Path(folder) / "xapi" / "statements-first-2000.jsonl.gz") as file:
        return file.readlines()


def test_two_thousand_real_statements_all_end_somewhere(statements: list[bytes]) -> None:
    ends: Counter[str] = Counter()
    for line in statements:
        found = read(line, XAPI, NOW, Policy())
        assert len(found.facts) + len(found.ignored) + len(found.rejects) == 1
        ends["fact" if found.facts else "ignored" if found.ignored else "parked"] += 1
    assert sum(ends.values()) == 2000
    assert ends["fact"] > 1900


def test_no_address_no_url_and_no_text_passes(statements: list[bytes]) -> None:
    for line in statements:
        for fact in read(line, XAPI, NOW, Policy()).facts:
            wire = encode(fact)
            said = wire.value + b"".join(value or b"" for _, value in wire.headers)
            assert b"//" not in said
            assert b"@" not in said
            assert decode(wire.value, wire.headers) == fact


def test_the_same_statement_twice_has_the_same_ids(statements: list[bytes]) -> None:
    for line in statements[:100]:
        first, second = (read(line, XAPI, NOW, Policy()) for _ in range(2))
        assert [fact.id for fact in first.facts] == [fact.id for fact in second.facts]


@pytest.mark.parametrize(
    ("verb", "more", "facts"),
    [
        ("http://adlnet.gov/expapi/verbs/registered", {}, ["course.joined.v1"]),
        ("http://id.tincanapi.com/verb/unregistered", {}, ["learner.withdrew.v1"]),
        ("http://adlnet.gov/expapi/verbs/answered", {"result": {"success": False}}, ["attempt.failed.v1"]),
        ("http://adlnet.gov/expapi/verbs/answered", {"result": {"success": True}}, ["attempt.passed.v1"]),
        ("http://adlnet.gov/expapi/verbs/answered", {"result": {"success": "False"}}, ["activity.seen.v1"]),
        ("https://w3id.org/xapi/video/verbs/played", {}, ["activity.seen.v1"]),
        ("https://w3id.org/xapi/dod-isd/verbs/navigated", {}, ["activity.seen.v1"]),
    ],
)
def test_a_verb_becomes_its_fact(verb: str, more: dict[str, object], facts: list[str]) -> None:
    assert names(take(statement(verb, **more))) == facts


COURSE = {
    "id": "https://academy.example/course-one",
    "definition": {"type": "http://adlnet.gov/expapi/activities/course"},
}


@pytest.mark.parametrize("outcome", ["passed", "completed"])
def test_a_course_passed_or_completed_reaches_pool_and_pulse(outcome: str) -> None:
    found = take(statement(f"http://adlnet.gov/expapi/verbs/{outcome}", object=COURSE))
    said = inner(found.facts[0])
    assert [fact.TOPIC for fact in said] == ["pool-facts", "learner-facts"]
    assert [getattr(fact, "outcome") for fact in said] == [outcome, outcome]  # noqa: B009


def test_who_leaves_a_course_leaves_the_pool_that_joining_it_entered() -> None:
    joined = take(statement("http://adlnet.gov/expapi/verbs/registered", object=COURSE)).facts[0]
    left = take(statement("http://id.tincanapi.com/verb/unregistered", object=COURSE)).facts[0]
    entered = {fact.TOPIC: fact.key for fact in inner(joined)}
    assert {fact.TOPIC: fact.key for fact in inner(left)}.items() <= entered.items()


def inner(fact: Fact) -> list[Fact]:
    return intake.inner(fact, Moment(fact, NOW, Policy(), "intake"))


def test_a_scored_attempt_is_seen_handed_in_and_graded() -> None:
    found = take(
        statement(
            "http://adlnet.gov/expapi/verbs/attempted",
            result={"score": {"scaled": -0.5}},
            context={"contextActivities": {"parent": [COURSE]}},
        )
    )
    assert names(found) == ["activity.seen.v1", "work.submitted.v1", "work.graded.v1"]
    assert len({fact.id for fact in found.facts}) == 3
    assert getattr(found.facts[2], "score_permille") == 0  # noqa: B009


@pytest.mark.parametrize("home", ["https://[::1", "https://a\u2100b/", "//", "http://", "ana@example.org"])
def test_a_home_page_that_names_no_host_parks_its_statement_alone(home: str) -> None:
    good = statement("http://adlnet.gov/expapi/verbs/launched")
    found = take([good, {**good, "actor": {"account": {"homePage": home, "name": "1"}}}])
    assert (len(found.facts), found.rejects) == (1, ["actor.account.homePage names no host"])


def test_a_deep_statement_reads_by_its_id_and_is_parked_without_one() -> None:
    good = statement("http://adlnet.gov/expapi/verbs/launched")
    deep = b',"x":' + b'{"a":' * 400 + b"1" + b"}" * 400 + b"}"
    nameless = {name: value for name, value in good.items() if name != "id"}
    assert read(orjson.dumps(good)[:-1] + deep, XAPI, NOW, Policy()).facts
    assert "nested too deeply" in read(orjson.dumps(nameless)[:-1] + deep, XAPI, NOW, Policy()).rejects[0]


def test_an_empty_list_does_not_vanish() -> None:
    assert list(take([]).rejects) == ["an empty list of statements"]


def test_a_long_list_of_bad_statements_is_one_dead_letter_a_reason() -> None:
    good = statement("http://adlnet.gov/expapi/verbs/launched")
    found = take([{**good, "actor": {}}] * 1500 + [{**good, "timestamp": "soon"}] + [good])
    assert len(found.facts) == 1
    assert sorted(found.rejects) == [
        "no learner: the actor has no account, mbox or openid (1500 statements)",
        "the event time is not ISO 8601",
    ]


def test_an_instant_is_told_in_utc() -> None:
    told = statement("http://adlnet.gov/expapi/verbs/launched") | {"timestamp": "2026-10-01T10:00:00+05:30"}
    assert take(told).facts[0].at.isoformat() == "2026-10-01T04:30:00+00:00"


def test_a_mentors_system_says_nothing_of_learners_in_this_dialect_either() -> None:
    body = orjson.dumps(statement("http://adlnet.gov/expapi/verbs/launched"))
    policy = Policy(sources={"academy.example": "mentors"})
    assert "may not say activity.seen" in read(body, XAPI, NOW, policy).rejects[0]


def test_an_unmapped_verb_is_counted_by_its_name() -> None:
    assert take(statement("https://w3id.org/xapi/openedx/verb/voted")).ignored == ["xapi voted"]


def test_a_voided_statement_is_parked_as_a_fact_is_not_unsaid() -> None:
    assert take(statement("http://adlnet.gov/expapi/verbs/voided")).rejects == [
        "voided: a fact is not unsaid"
    ]


def test_a_bad_one_in_a_list_is_parked_alone() -> None:
    good = statement("http://adlnet.gov/expapi/verbs/launched")
    found = take([good, {**good, "actor": {}}, {**good, "id": "b3a2"}])
    assert len(found.facts) == 2
    assert len(found.rejects) == 1


def test_an_address_is_hidden_by_the_sites_own_key() -> None:
    by_mail = statement("http://adlnet.gov/expapi/verbs/launched", actor={"mbox": "mailto:ana@example.org"})
    (one,), (other,) = (take(by_mail, key).facts for key in (b"a", b"b"))
    assert one.key.startswith("xapi:")
    assert "ana" not in one.key
    assert one.key != other.key


@pytest.mark.parametrize(
    "actor",
    [
        {"mbox": "mailto:ana@example.org"},
        {"mbox_sha1sum": "a" * 40},
        {"openid": "https://ana.example.org"},
        {"account": {"homePage": "https://academy.example", "name": "ana@example.org"}},
    ],
    ids=lambda actor: next(iter(actor)),
)
def test_without_a_key_an_address_is_parked_and_with_one_read(actor: object) -> None:
    one = statement("http://adlnet.gov/expapi/verbs/launched", actor=actor)
    found = take(one)
    assert found.facts == []
    assert ["MENTORWAY_ID_KEY" in reason for reason in found.rejects] == [True]
    assert "ana" not in found.rejects[0]
    assert len(take(one, KEY).facts) == 1


def test_two_courses_that_end_alike_stay_two():
    one, other = (shorten(f"https://lms.example/{term}/course-intro") for term in ("spring", "autumn"))
    assert one != other
    assert one.startswith("course-intro-")
    assert shorten("course-intro") == "course-intro"
