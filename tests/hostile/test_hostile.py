"""Hostile input: each case is parked with a reason, nothing raises, and the next good event still reads."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.activity import ActivitySeen
from schemas.codec import Reject, decode, encode, known_facts
from schemas.fact import Moment
from schemas.policy import Policy
from streams import intake
from streams.dialects.reading import Read
from streams.dialects.recognise import read
from streams.outlet import outlets

NOW = datetime(2026, 11, 1, tzinfo=UTC)
POLICY = Policy()
GOOD = ActivitySeen(
    id=uuid4(), at=NOW, seen_at=NOW, source="academy", learner="academy:1", course="c", item="i"
)
WIRE = encode(GOOD)
Headers = list[tuple[str, bytes | None]]
XAPI: Headers = [("mentorway-dialect", b"xapi")]
STRUCTURED: Headers = [("content-type", b"application/cloudevents+json")]
EVENT: dict[str, Any] = {
    "specversion": "1.0", "id": "1", "source": "academy", "type": GOOD.TYPE, "time": "2026-10-31T10:00:00Z",
    "data": {"learner": "academy:1", "course": "c"},
}  # fmt: skip
STATEMENT: dict[str, Any] = {
    "id": "1", "actor": {"account": {"homePage": "https://a.example", "name": "1"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/launched"}, "object": {"id": "o"}, "timestamp": "2026-10-31T10:00:00Z",
}  # fmt: skip

WRONG: list[Any] = [None, 5, 1.5, True, [], {}, "", "x" * 5000, "\x00", "\u202e", -1, 10**30, [[]], {"a": {}}]
TIMES = [
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "yesterday", "2026-13-01T00:00:00Z", "2026-10-31", "1e9", "", "2026-10-31T25:00:00Z", "3026-01-01T00:00:00Z",
]  # fmt: skip


PROFILE: dict[str, Any] = {"learner": "a:1", "programme": "p"}
PLACE: dict[str, Any] = {"learner": "a:1", "course": "c", "programme": "p"}
UNFIT: list[tuple[str, dict[str, Any]]] = [  # of a known form, and not to pass all the same
    ("learner.withdrew", {**PLACE, "programme": "p" * 300_000}),
    ("learner.withdrew", {**PLACE, "programme": "p" * 129}),
    ("learner.withdrew", {**PLACE, "pool": "p\x00"}),
    ("learner.withdrew", {**PLACE, "pool": "\u202ep"}),
    ("learner.withdrew", {"learner": "a:1", "course": "c"}),
    ("learner.enrolled", {"learner": "a:1", "course": "c", "pool": "p"}),
    ("learner.enrolled", {**PLACE, "mode": "m" * 129}),
    ("learner.enrolled", {**PLACE, "course": "https://lms.example/?mail=ana"}),
    ("mentor.joined", {"mentor": "a:m"}),
    ("mentor.joined", {"mentor": "a:m", "programme": "p", "courses": ["c"] * 65}),
    ("mentor.joined", {"mentor": "a:m", "programme": "p", "skills": [["https://x.example", 1]]}),
    ("learner.profiled", {**PROFILE, "prefers": ["ana@example.org"]}),
    ("learner.profiled", {**PROFILE, "avoids": ["a:ana@example.org"]}),
    ("learner.profiled", {**PROFILE, "avoids": [f"a:{n}" for n in range(65)]}),
    ("learner.profiled", {**PROFILE, "languages": ["en"] * 9}),
    ("learner.profiled", {**PROFILE, "available_hours": [1] * 169}),
    (
        "message.sent",
        {"pair": str(uuid4()), "learner": "a:1", "mentor": "a:m", "sender": "mentor", "channel": "c" * 129},
    ),
]


def headers_with(**changed: bytes | None) -> Headers:
    found = [(n, v) for n, v in WIRE.headers if n not in changed]
    return found + [(n, v) for n, v in changed.items() if v is not None]


def raw_cases() -> list[tuple[bytes | None, Headers]]:
    """(value, headers) that no reader may take."""
    value, headers = WIRE.value, [*WIRE.headers]
    deep = b"[" * 5000 + b"]" * 5000
    cases: list[tuple[bytes | None, Headers]] = [
        (None, headers), (b"", headers), (b"null", headers), (b"[]", headers), (b"5", headers), (b'"x"', headers),
        (deep, headers), (b'{"learner":' + deep + b"}", headers), (b"\xff\xfe{}", headers), (b"\x00" * 100, headers),
        (value, []), (b"{}", []), (deep, []), (b"\x80\x81", []), (b"not json", []), (b"{}", [("content-type", b"text/html")]),
        (value, [("mentorway-dialect", b"canvas")]), (value, [("mentorway-dialect", b"\xff")]),
        (b"{}", [("content-type", b"application/cloudevents+avro")]), (b"[]", [("content-type", b"application/cloudevents-batch+json")]),
        (b"{}", [("ce_type", b"org.openedx.learning.course.enrollment.created.v1")]), (b"{}", [("ce_type", b"com.example.x")]),
        (b'{"dataVersion":"http://purl.imsglobal.org/ctx/caliper/v1p2","sensor":"s","data":[]}', []),
        (b'{"metadata":{"event_name":"e","producer":"canvas"},"body":{}}', []),
        (b'{"learner":"academy:1","count":NaN}', headers), (b'{"learner":"academy:1","count":Infinity}', headers),
        (b'{"learner":"academy:1","count":1e400}', headers), (b'{"learner":"' + b"a" * 500_000 + b'"}', headers),
        (value, headers_with(ce_id=None)), (value, headers_with(ce_source=None)), (value, headers_with(ce_time=None)),
        (value, headers_with(ce_specversion=b"0.3")), (value, headers_with(ce_specversion=None)), (value, headers_with(ce_id=b"\xff")),
        (value, headers_with(ce_source=b"")), (value, headers_with(ce_source=b"s" * 300)), (value, headers_with(ce_id=b"i" * 300)),
        (value, headers_with(ce_type=b"org.mentorway.activity.seen.v2")), (value, headers_with(ce_type=b"org.mentorway.")),
        (value, headers_with(ce_type=b"org.mentorway.nudge.sent.v1")), (value, headers_with(ce_type=b"org.mentorway.clock.ticked.v1")),
        (value, headers_with(ce_type=b"org.mentorway.match.confirmed.v1")), (value, headers_with(ce_type=b"org.mentorway.\xff")),
    ]  # fmt: skip
    cases += [
        (_dumps(body), headers_with(ce_type=f"org.mentorway.{name}.v1".encode())) for name, body in UNFIT
    ]
    cases += [(value[:cut], headers) for cut in range(1, len(value) - 1, 3)]
    cases += [(value, headers_with(ce_time=time.encode())) for time in TIMES if time != "2026-10-31"]
    return cases


def field_cases() -> list[tuple[bytes, Headers]]:
    """One wrong field at a time, in canonical facts, structured events and xAPI statements."""
    cases: list[tuple[bytes, Headers]] = []
    for wrong in WRONG:
        if wrong != "\u202e":
            cases.append((_dumps({"learner": wrong, "course": "c"}), [*WIRE.headers]))
        if wrong is not None:
            cases.append((_dumps({"learner": "academy:1", "kind": wrong}), [*WIRE.headers]))
        if wrong is not None and wrong != 5:
            cases.append((_dumps({"learner": "academy:1", "count": wrong}), [*WIRE.headers]))
        for name in ("specversion", "type", "time", "data"):
            cases.append((_dumps({**EVENT, name: wrong}), STRUCTURED))
        for name in ("actor", "verb", "object", "timestamp"):
            cases.append((_dumps({**STATEMENT, name: wrong}), XAPI))
    for time in TIMES:
        if time != "2026-10-31":
            cases += [
                (_dumps({**EVENT, "time": time}), STRUCTURED),
                (_dumps({**STATEMENT, "timestamp": time}), XAPI),
            ]
    for name in EVENT:
        cases.append((_dumps({n: v for n, v in EVENT.items() if n != name}), STRUCTURED))
    for name in ("actor", "verb", "object", "timestamp"):
        cases.append((_dumps({n: v for n, v in STATEMENT.items() if n != name}), XAPI))
    for id in (
        "nobody",
        ":1",
        "a:",
        "ana@example.org:1",
        "https://a/1",
        "a:b@c",
        " ",
        "a:\n1",
        "a:" + "x" * 200,
    ):
        cases.append((_dumps({"learner": id}), [*WIRE.headers]))
    cases.append((_dumps({**EVENT, "data_base64": "e30="}), STRUCTURED))
    cases.append((_dumps({**EVENT, "datacontenttype": "application/xml"}), STRUCTURED))
    cases.append((_dumps([STATEMENT] * 2001), XAPI))
    cases += [(b"[]", XAPI), (_dumps([[], [STATEMENT]]), XAPI)]
    for home in ("https://[::1", "https://a\u2100b/", "//", "x" * 5000):
        cases.append((_dumps({**STATEMENT, "actor": {"account": {"homePage": home, "name": "1"}}}), XAPI))
    return cases


def _dumps(body: object) -> bytes:
    import json

    return json.dumps(body).encode("utf-8", "surrogatepass")


CASES = [*raw_cases(), *field_cases()]


def test_there_are_at_least_two_hundred_cases() -> None:
    assert len(CASES) >= 200


@pytest.mark.parametrize("number", range(len(CASES)))
def test_each_is_parked_with_a_reason_and_the_next_good_event_reads(number: int) -> None:
    value, headers = CASES[number]
    found = read(value, headers, NOW, POLICY)
    assert found.facts == () or not list(found.facts)
    assert found.rejects
    assert all(reason and len(reason) <= 300 for reason in found.rejects)
    assert list(read(WIRE.value, WIRE.headers, NOW, POLICY).facts)


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
header_sets = st.sampled_from([[], [*WIRE.headers], XAPI, STRUCTURED, headers_with(ce_id=b"2")])
fields = st.dictionaries(
    st.sampled_from(["learner", "mentor", "course", "item", "count", "kind", "programme", "pool", "due_at", "languages"]),
    json_like, max_size=8,
)  # fmt: skip


def sound(found: Read) -> None:
    for fact in found.facts:
        wire = encode(fact)
        assert decode(wire.value, wire.headers) == fact


@settings(max_examples=300)
@given(st.binary(max_size=300), header_sets)
def test_no_bytes_raise(value: bytes, headers: Headers) -> None:
    sound(read(value, headers, NOW, POLICY))


@settings(max_examples=300)
@given(json_like, header_sets)
def test_no_json_raises(body: object, headers: Headers) -> None:
    sound(read(orjson.dumps(body), headers, NOW, POLICY))


@settings(max_examples=300)
@given(st.sampled_from(sorted(known_facts())), fields)
def test_no_fields_of_any_fact_raise(name: str, body: dict[str, object]) -> None:
    sound(read(orjson.dumps(body), headers_with(ce_type=name.encode()), NOW, POLICY))


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from([*STATEMENT, "context", "result"]), json_like, max_size=7))
def test_no_statement_raises(body: dict[str, object]) -> None:
    sound(read(orjson.dumps({**STATEMENT, **body}), XAPI, NOW, POLICY))


@settings(max_examples=200)
@given(st.text(max_size=30), st.text(max_size=30))
def test_no_account_raises(home: str, name: str) -> None:
    for start in ("", "https://", "https://["):
        account = {"account": {"homePage": start + home, "name": name}}
        sound(read(orjson.dumps({**STATEMENT, "actor": account}), XAPI, NOW, POLICY))


@settings(max_examples=300)
@given(st.sampled_from(sorted(known_facts())), fields)
def test_what_is_taken_can_be_folded_and_written_to_kafka(name: str, body: dict[str, object]) -> None:
    person = {
        "learner": "a:1",
        "mentor": "a:m",
        "person": "a:1",
        "course": "c",
        "programme": "p",
        "item": "i",
    }
    found = read(orjson.dumps({**person, **body}), headers_with(ce_type=name.encode()), NOW, POLICY)
    for fact in found.facts:
        for inner in intake.inner(fact, Moment(fact, NOW, POLICY, "intake")):
            assert all(out.size() < 500_000 for out in outlets(inner, 2))


@settings(max_examples=200)
@given(st.binary(max_size=200), st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=40)), max_size=6))
def test_our_own_codec_gives_a_reason_and_never_raises(value: bytes, headers: Headers) -> None:
    assert isinstance(decode(value, headers), Reject)
