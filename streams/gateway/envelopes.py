"""Is this an event that Kafka may hold?  Envelopes alone are looked at; what an event means is intake's decision.

Whatever is sent, each function answers an `Event`, or the reason why it is none.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import UUID, uuid5

import orjson

MAX_EVENT, MAX_TEXT = 900_000, 256
STATEMENTS = UUID("3d9b7f06-7a0b-5b55-9f5c-0a7c1d1c5e42")
REQUIRED = ("specversion", "id", "source", "type", "time")
ATTRIBUTES = (*REQUIRED, "subject")
DEEP = "nested too deeply"


class Event(NamedTuple):
    """One event ready for Kafka."""

    id: str
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def parsed(body: bytes) -> Any:
    """What the JSON says; None where it is no JSON, which no envelope is."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def claimed_id(part: object) -> str:
    """The id a refused part claims, as far as it has one."""
    id = part.get("id") if isinstance(part, dict) else None
    return _utf8(id[:MAX_TEXT]).decode() if isinstance(id, str) else ""


def structured(part: object) -> Event | str:
    if not isinstance(part, dict):
        return "not a JSON object"
    if "data_base64" in part:
        return "data_base64 is not taken: send `data` as JSON"
    value = _written(part.get("data"))
    return DEEP if value is None else _event({name: part.get(name) for name in ATTRIBUTES}, value)


def binary(headers: Mapping[str, str], body: bytes) -> Event | str:
    attributes: dict[str, object] = {
        name: unquote(text) for name in ATTRIBUTES if (text := headers.get(f"ce-{name}")) is not None
    }
    if "specversion" not in attributes:
        return "neither ce- headers nor a CloudEvents content type: see the README, How a platform plugs in"
    return _event(attributes, body)


def statement(part: object) -> Event | str:
    """An xAPI statement; one without an id gets one from its content, so that a repeat is seen as a repeat."""
    if not isinstance(part, dict):
        return "a statement is not a JSON object"
    id = part.get("id")
    if id is None:
        content = _written(part, orjson.OPT_SORT_KEYS)
        if content is None:
            return DEEP
        id = str(uuid5(STATEMENTS, hashlib.blake2b(content, digest_size=16).hexdigest()))
        part = {**part, "id": id}
    if not isinstance(id, str) or not _is_text(id):
        return f"its id is no text of 1 to {MAX_TEXT} characters"
    value = _written(part)
    if value is None:
        return DEEP
    if len(value) > MAX_EVENT:
        return f"larger than {MAX_EVENT} bytes"
    return Event(
        id, _utf8(id), value, [("mentorway-dialect", b"xapi"), ("content-type", b"application/json")]
    )


def _event(attributes: Mapping[str, object], value: bytes) -> Event | str:
    if attributes.get("specversion") != "1.0":
        return "specversion is not 1.0"
    for name in REQUIRED:
        if not _is_text(attributes.get(name)):
            return f"no attribute {name} (text of 1 to {MAX_TEXT} characters)"
    subject = attributes.get("subject")
    if subject not in (None, "") and not _is_text(subject):
        return f"subject is no text of at most {MAX_TEXT} characters"
    if len(value) > MAX_EVENT:
        return f"larger than {MAX_EVENT} bytes"
    if not isinstance(parsed(value), dict):
        return "its data is not a JSON object"
    headers = [(f"ce_{name}", _utf8(text)) for name, text in attributes.items() if isinstance(text, str)]
    headers += [("content-type", b"application/json"), ("mentorway-dialect", b"events")]
    return Event(str(attributes["id"]), _utf8(str(subject or attributes["id"])), value, headers)


def _is_text(found: object) -> bool:
    return isinstance(found, str) and 0 < len(found) <= MAX_TEXT


def _utf8(text: str) -> bytes:
    """HTTP headers may hold bytes that are no text."""
    return text.encode("utf-8", "replace")


def _written(found: object, option: int = 0) -> bytes | None:
    """The JSON; None where it is nested deeper than can be written again, though it could be read."""
    try:
        return orjson.dumps(found, option=option)
    except orjson.JSONEncodeError:
        return None
