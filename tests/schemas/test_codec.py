"""Every fact survives the wire, and what is no fact gives a reason and never raises."""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec import Reject, decode, encode
from schemas.fact import Fact, known_facts
from schemas.rows import WAKES
from schemas.terms import EARLIEST, LATEST

Schema = dict[str, Any]
INSTANTS = st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None), timezones=st.just(UTC))
NAMES = st.text("aZ9-_/+", min_size=2, max_size=20)


def values(schema: Schema, defs: Schema) -> st.SearchStrategy[Any]:
    """What a JSON schema allows, as JSON: enough of it for our own schemas."""
    if "$ref" in schema:
        return values(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in schema:
        return st.one_of(*(values(one, defs) for one in schema["anyOf"]))
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema.get("minimum", -(2**40)), schema.get("maximum", 2**40))
        case "array" if "prefixItems" in schema:
            return st.tuples(*(values(one, defs) for one in schema["prefixItems"])).map(list)
        case "array":
            return st.lists(values(schema["items"], defs), min_size=schema.get("minItems", 0), max_size=3)
        case "object":
            return st.fixed_dictionaries(
                {name: values(one, defs) for name, one in schema["properties"].items()}
            )
    match schema.get("format"):
        case "uuid":
            return st.uuids().map(str)
        case "date-time":
            return INSTANTS.map(datetime.isoformat)
    return (
        NAMES.map(lambda text: text.replace("/", "").replace("+", "").replace("_", "") + "ab")
        if "A-Za-z0-9-]" in schema.get("pattern", "")
        else NAMES
    )


TYPES = sorted(known_facts())


@cache
def told(name: str) -> st.SearchStrategy[Any]:
    """What a fact of this type may say; its schema is asked for once, not once an example."""
    schema = known_facts()[name].model_json_schema()
    return values(schema, schema.get("$defs", {}))


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_a_fact_survives_the_wire(name: str, data: st.DataObject) -> None:
    fact = known_facts()[name].model_validate(data.draw(told(name)))
    wire = encode(fact)
    assert decode(wire.value, wire.headers) == fact


def _wire() -> tuple[bytes, dict[str, bytes]]:
    cls = known_facts()["org.mentorway.activity.seen.v1"]
    now = datetime(2026, 1, 5, tzinfo=UTC)
    fact: Fact = cls(id=uuid5(WAKES, "x"), at=now, seen_at=now, source="lms", learner="lms:1")  # type: ignore[call-arg]
    wire = encode(fact)
    return wire.value, dict(wire.headers)


@pytest.mark.parametrize(
    ("value", "headers", "reason", "newer"),
    [
        (None, {}, "tombstone", False),
        (b"{", {}, "not JSON", False),
        (b"[]", {}, "not a JSON object", False),
        (b"\xff", {}, "not JSON", False),
        (b'{"learner": 5}', {}, "learner", False),
        (b"{}", {}, "learner: Field required", False),
        (b'{"learner": "a\\u0000b"}', {}, "learner", False),
        (b'{"learner": "%s"}' % (b"x" * 129), {}, "learner", False),
        (b'{"learner": "x", "count": "5"}', {}, "count", False),
        (b'{"learner": "x", "count": -1}', {}, "count", False),
        (b'{"learner": "x", "count": 1e400}', {}, "", False),
        (b"[" * 100_000, {}, "not JSON", False),
        (b"{}", {"ce_type": b"org.mentorway.activity.seen.v2"}, "newer than this release", True),
        (b"{}", {"ce_type": b"org.mentorway.nothing.known.v1"}, "unknown type", False),
        (b"{}", {"ce_type": b""}, "no ce_type", False),
        (b"{}", {"ce_type": b"\xff"}, "not UTF-8", False),
        (b'{"learner": "x"}', {"ce_rev": b"many"}, "not a number", False),
        (b'{"learner": "x"}', {"ce_id": b"1"}, "id", False),
        (b'{"learner": "x"}', {"ce_time": b"yesterday"}, "at", False),
        (b'{"learner": "x"}', {"ce_time": b"0001-01-01T00:00:00Z"}, "at", False),
        (b'{"learner": "x"}', {"ce_time": b"9999-12-31T23:59:59Z"}, "at", False),
        (b'{"learner": "x"}', {"ce_time": b"2026-01-05T00:00:00"}, "at", False),
    ],
)
def test_what_is_no_fact_gives_a_reason(
    value: bytes | None, headers: dict[str, bytes], reason: str, newer: bool
) -> None:
    found = decode(value, {**_wire()[1], **headers}.items())
    assert isinstance(found, Reject)
    assert reason in found.reason
    assert len(found.reason) <= 200
    assert found.newer is newer


@given(
    st.binary(max_size=300),
    st.lists(st.tuples(st.sampled_from(["ce_type", "ce_id", "ce_time"]), st.binary(max_size=40))),
)
def test_any_bytes_are_read_without_raising(value: bytes, headers: list[tuple[str, bytes]]) -> None:
    assert isinstance(decode(value, [*_wire()[1].items(), *headers]), Fact | Reject)
