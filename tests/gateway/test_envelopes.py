"""Is every envelope an event or a reason, whatever it holds?"""

import random

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.gateway.envelopes import (
    DEEP,
    MAX_EVENT,
    Event,
    binary,
    claimed_id,
    parsed,
    statement,
    structured,
)

GOOD = {"specversion": "1.0", "id": "i", "source": "/lms", "type": "t", "time": "2026-03-02T09:00:00Z"}
HEADERS = {f"ce-{name}": text for name, text in GOOD.items()}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def nested(depth: int) -> object:
    """Deep JSON that can be read, though from some depth on not written again."""
    return parsed(b'{"a":' * depth + b"1" + b"}" * depth)


@given(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys((*GOOD, "subject", "data"), JSON)))
def test_any_json_is_an_event_or_a_reason(part: object) -> None:
    for read in (structured(part), statement(part)):
        assert isinstance(read, Event) or (isinstance(read, str) and read)
    orjson.dumps(claimed_id(part))


@given(st.dictionaries(st.sampled_from([*HEADERS, "ce-subject", "x"]), st.text()), st.binary())
def test_any_headers_are_an_event_or_a_reason(headers: dict[str, str], body: bytes) -> None:
    assert isinstance(binary(headers, body), Event | str)
    assert isinstance(binary({**HEADERS, **headers}, b"{}"), Event | str)


@pytest.mark.parametrize("depth", [300, 1000])
def test_what_cannot_be_written_again_is_refused_and_not_raised(depth: int) -> None:
    assert structured({**GOOD, "data": nested(depth)}) == DEEP
    assert statement({"id": "s", "deep": nested(depth)}) == DEEP
    assert statement({"deep": nested(depth)}) == DEEP


def test_bytes_that_are_no_text_reach_no_answer() -> None:
    broken = "i\udcff"
    assert claimed_id({"id": broken}) == "i?"
    read = binary({**HEADERS, "ce-id": broken, "ce-subject": broken}, b"{}")
    assert isinstance(read, Event)
    assert read.key == b"i?"


@pytest.mark.parametrize("id", ["", 7, [], "i" * 257])
def test_a_statement_keeps_its_id_or_is_refused(id: object) -> None:
    assert isinstance(statement({"id": id}), str)


def test_a_statement_without_an_id_gets_the_same_one_each_time() -> None:
    fields = [("actor", {"a": 1, "b": 2}), ("verb", {"id": "v"}), ("object", {"id": "o"})]
    found = set()
    for seed in range(5):
        random.Random(seed).shuffle(fields)
        read = statement(dict(fields))
        assert isinstance(read, Event)
        assert orjson.loads(read.value)["id"] == read.id
        found.add(read.id)
    assert len(found) == 1


@pytest.mark.parametrize("subject", [7, ["x"], {}, False, "s" * 257])
def test_a_subject_is_text_or_refused(subject: object) -> None:
    assert isinstance(structured({**GOOD, "subject": subject, "data": {}}), str)


@pytest.mark.parametrize("subject", [None, ""])
def test_without_a_subject_the_id_is_the_key(subject: str | None) -> None:
    read = structured({**GOOD, "subject": subject, "data": {}})
    assert isinstance(read, Event)
    assert read.key == b"i"


def test_an_event_that_kafka_would_not_take_is_refused() -> None:
    assert "larger" in str(structured({**GOOD, "data": {"x": "y" * MAX_EVENT}}))
    assert "larger" in str(binary(HEADERS, b'{"x":"' + b"y" * MAX_EVENT + b'"}'))
    assert "larger" in str(statement({"id": "s", "x": "y" * MAX_EVENT}))
