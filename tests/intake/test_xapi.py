"""Real xAPI statements: each ends as a fact, as of no interest by name, or parked; nothing personal passes."""

import gzip
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from schemas.codec import decode, encode
from schemas.policy import Policy
from streams.dialects.reading import Read
from streams.dialects.recognise import read

NOW = datetime(2026, 11, 1, tzinfo=UTC)
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
        ("http://id.tincanapi.com/verb/unregistered", {}, ["course.left.v1"]),
        ("http://adlnet.gov/expapi/verbs/answered", {"result": {"success": False}}, ["attempt.failed.v1"]),
        ("http://adlnet.gov/expapi/verbs/answered", {"result": {"success": True}}, ["attempt.passed.v1"]),
        ("http://adlnet.gov/expapi/verbs/answered", {"result": {"success": "False"}}, ["activity.seen.v1"]),
        ("https://w3id.org/xapi/video/verbs/played", {}, ["activity.seen.v1"]),
        ("https://w3id.org/xapi/dod-isd/verbs/navigated", {}, ["activity.seen.v1"]),
    ],
)
def test_a_verb_becomes_its_fact(verb: str, more: dict[str, object], facts: list[str]) -> None:
    assert names(take(statement(verb, **more))) == facts


def test_a_course_passed_is_a_course_completed() -> None:
    course = {"id": "c1", "definition": {"type": "http://adlnet.gov/expapi/activities/course"}}
    assert names(take(statement("http://adlnet.gov/expapi/verbs/passed", object=course))) == [
        "course.completed.v1"
    ]


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
