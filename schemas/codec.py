"""Facts to bytes and back: CloudEvents over Kafka, binary mode.

Context attributes travel as `ce_*` headers, the fact's own fields as a JSON value.  Reading never
raises: it gives a fact or a `Reject` with the reason.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from pydantic import ValidationError
from pydantic_core import ErrorDetails

# the modules register their facts on import
from schemas import (  # noqa: F401
    activity,
    advice,
    control,
    erasure,
    learners,
    matches,
    mentoring,
    mentors,
    nudges,
    pairs,
    reviews,
    rounds,
    study,
)
from schemas.fact import CONTEXT, PREFIX, Fact, known_facts
from schemas.plain import plain

Headers = list[tuple[str, bytes | None]]  # as Kafka clients give and take them
MAX_BYTES = 900_000  # a record; Kafka's default limit is 1,048,576 with headers


class Wire(NamedTuple):
    """A fact as a Kafka record: topic, routing key, value and headers."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers


class Reject(NamedTuple):
    """Why these bytes are no fact.  `newer` = written by a later release than this one."""

    reason: str
    newer: bool = False


_TYPES = known_facts()
_FIXED: dict[str, Headers] = {}
_OWN: dict[type[Fact], tuple[str, ...]] = {}
_SPEC = ("ce_specversion", b"1.0")
_JSON = ("content-type", b"application/json")


def _fixed(name: str) -> Headers:
    if name not in _FIXED:
        _FIXED[name] = [_SPEC, ("ce_type", name.encode()), _JSON]
    return _FIXED[name]


def _text(value: UUID | datetime) -> bytes:
    """Its JSON form without the quotes: orjson writes ids and instants faster than they write themselves."""
    return orjson.dumps(value)[1:-1]


def encode(fact: Fact) -> Wire:
    """A fact as it travels on our own topics."""
    key = fact.key.encode()
    headers = [
        *_fixed(fact.TYPE),
        ("ce_id", _text(fact.id)),
        ("ce_source", fact.source.encode()),
        ("ce_subject", key),
        ("ce_time", _text(fact.at)),
        ("ce_partitionkey", key),
        ("ce_seenat", _text(fact.seen_at)),
    ]
    if fact.cause is not None:
        headers.append(("ce_cause", _text(fact.cause)))
    if fact.rev:
        headers.append(("ce_rev", b"%d" % fact.rev))
    if fact.hops:
        headers.append(("ce_hops", b"%d" % fact.hops))
    if fact.policy:
        headers.append(("ce_policyversion", fact.policy.encode()))
    return Wire(fact.TOPIC, key, body_of(fact), headers)


def body_of(fact: Fact) -> bytes:
    """The fact's own fields as JSON; what is None is left out."""
    cls = type(fact)
    own = _OWN.get(cls)
    if own is None:
        own = _OWN[cls] = tuple(name for name in cls.model_fields if name not in CONTEXT)
    held = fact.__dict__
    fields = {name: value for name in own if (value := held[name]) is not None}
    return orjson.dumps(fields, default=plain)


_FIELDS = (
    ("ce_id", "id"), ("ce_source", "source"), ("ce_time", "at"), ("ce_seenat", "seen_at"), ("ce_cause", "cause"),
    ("ce_policyversion", "policy"),
)  # fmt: skip
_NUMBERS = (("ce_rev", "rev"), ("ce_hops", "hops"))


def decode(value: bytes | None, headers: Iterable[tuple[str, bytes | None]]) -> Fact | Reject:
    """A record of one of our own topics as a fact."""
    if value is None:
        return Reject("no value: a tombstone is not a fact")
    told = dict(headers)
    context: dict[str, object] = {}
    try:
        name = (told.get("ce_type") or b"").decode()
        for header, field in _FIELDS:
            if (raw := told.get(header)) is not None:
                context[field] = raw.decode()
        for header, field in _NUMBERS:
            if (raw := told.get(header)) is not None:
                context[field] = int(raw)
    except ValueError:
        return Reject("a header is not UTF-8 text or not a number")
    cls = _TYPES.get(name)
    return unknown(name) if cls is None else build(cls, value, context)


def build(cls: type[Fact], value: bytes, context: dict[str, object]) -> Fact | Reject:
    """A fact of a known class from its JSON body and its context attributes."""
    try:
        body = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        return Reject(f"not JSON: {error}"[:200])
    if not isinstance(body, dict):
        return Reject("the value is not a JSON object")
    return check(cls, {**body, **context})


def check(cls: type[Fact], fields: dict[str, Any]) -> Fact | Reject:
    """The fields as a fact, or the first thing that is wrong with them (never their content)."""
    try:
        return cls.__pydantic_validator__.validate_python(fields)  # type: ignore[no-any-return]
    except ValidationError as error:
        where, first = first_fault(error)
        return Reject(f"{where}: {first['msg']}"[:200])
    except (OverflowError, RecursionError, ValueError) as error:
        return Reject(f"cannot be read: {type(error).__name__}")


def first_fault(error: ValidationError) -> tuple[str, ErrorDetails]:
    """Where the first thing is that is wrong, and how it is; never its content."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return ".".join(str(part) for part in first["loc"]), first


def unknown(name: str) -> Reject:
    """Why no class takes this type: ours but newer, ours but unknown, or not ours."""
    if not name:
        return Reject("no ce_type header")
    stem, _, version = name.rpartition(".v")
    if name.startswith(PREFIX) and version.isdigit():
        have = [int(t.rpartition(".v")[2]) for t in _TYPES if t.rpartition(".v")[0] == stem]
        if have and int(version) > max(have):
            return Reject(f"{name} is newer than this release reads (v{max(have)})", newer=True)
    return Reject(f"unknown type {name[:100]}")
