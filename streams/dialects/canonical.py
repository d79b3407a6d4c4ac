"""Our own facts from outside: CloudEvents 1.0, binary (`ce_` headers) or structured JSON.

A source says only what it may: the table of policy.toml, and never what a ledger alone decides.
"""

from typing import Any

import orjson

from schemas.codec import Reject, unknown
from schemas.fact import known_facts
from schemas.policy import Policy
from streams.dialects.outside import MAIL, may_not, unfit
from streams.dialects.reading import MAX_EVENT, Raw, Read, build, event_id, instant

DIALECT = "canonical"
_TYPES = known_facts()
_HEADERS = [(name, f"ce_{name}") for name in ("specversion", "type", "source", "id", "time")]


def binary(raw: Raw, policy: Policy) -> Read:
    told = raw.headers
    try:
        attributes = {name: told[header].decode() for name, header in _HEADERS if header in told}
    except UnicodeDecodeError:
        return Read(rejects=("a CloudEvents header is not UTF-8",), dialect=DIALECT)
    return _event(raw, policy, attributes, raw.value)


def structured(raw: Raw, event: dict[str, Any], policy: Policy) -> Read:
    if "data_base64" in event:
        return Read(rejects=("data_base64 is not read: send `data` as JSON",), dialect=DIALECT)
    kind = event.get("datacontenttype", "application/json")
    if not isinstance(kind, str) or not kind.lower().split(";")[0].strip().endswith("json"):
        return Read(rejects=("datacontenttype is not JSON",), dialect=DIALECT)
    return _event(raw, policy, event, event.get("data"))


def _event(raw: Raw, policy: Policy, attributes: dict[str, Any], data: object) -> Read:
    source = attributes.get("source")
    named = source if isinstance(source, str) and 0 < len(source) <= 256 else ""

    def parked(reason: str) -> Read:
        return Read(rejects=(reason,), source=named, dialect=DIALECT)

    if (why := _attributes(attributes)) is not None:
        return parked(why)
    if len(raw.value or b"") > MAX_EVENT:
        return parked(f"an event of more than {MAX_EVENT} bytes")
    name = attributes["type"]
    cls = _TYPES.get(name)
    if cls is None:
        return parked(unknown(name).reason)
    if (why := may_not(cls, named, policy)) is not None:
        return parked(why)
    at = instant(attributes.get("time"))
    if isinstance(at, str):
        return parked(at)
    if isinstance(data, bytes):
        try:
            data = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            return parked(f"not JSON: {error}"[:200])
    if not isinstance(data, dict):
        return parked("the event's data is not a JSON object")
    fact = build(cls, raw, event_id(named, attributes["id"]), at, named, data)
    if isinstance(fact, Reject):
        return parked(fact.reason)
    if (why := unfit(fact)) is not None:
        return parked(why)
    return Read((fact,), (), (), named, DIALECT)


def _attributes(attributes: dict[str, Any]) -> str | None:
    if attributes.get("specversion") != "1.0":
        return "specversion is not 1.0"
    for name in ("type", "source", "id"):
        text = attributes.get(name)
        if not isinstance(text, str) or not 0 < len(text) <= 256:
            return f"no CloudEvents attribute {name} (text of 1 to 256 characters)"
    if MAIL.fullmatch(attributes["source"].removeprefix("mailto:")):
        return "source must name a system, not a person's address"
    return None
