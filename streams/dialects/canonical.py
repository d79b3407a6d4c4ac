"""Our own facts from outside: CloudEvents 1.0, binary (`ce_` headers) or structured JSON.

A source says only what it may: the table of policy.toml, and never what a ledger alone decides.
"""

from typing import Any

import orjson

from schemas.activity import MeetingHeld, MessageSent
from schemas.codec import Reject, unknown
from schemas.fact import Fact, known_facts
from schemas.policy import Policy
from streams.dialects.reading import Raw, Read, build, event_id, instant

MENTORS_SAY = ("mentor.", "match.", "pair.", "person.", "quiet_hours.", "consent.")
BOTH_SAY = (MessageSent, MeetingHeld)


def binary(raw: Raw, policy: Policy) -> Read:
    headers = raw.headers
    try:
        name = headers.get("ce_type", b"").decode()
        source = headers.get("ce_source", b"").decode()
        id, time = headers.get("ce_id", b"").decode(), headers.get("ce_time", b"").decode()
        version = headers.get("ce_specversion", b"").decode()
    except UnicodeDecodeError:
        return Read(rejects=("a CloudEvents header is not UTF-8",), dialect="canonical")
    return _event(
        raw,
        policy,
        {"type": name, "source": source, "id": id, "time": time, "specversion": version},
        raw.value,
    )


def structured(raw: Raw, event: dict[str, Any], policy: Policy) -> Read:
    if "data_base64" in event:
        return Read(rejects=("data_base64 is not read: send `data` as JSON",), dialect="canonical")
    kind = event.get("datacontenttype", "application/json")
    if not isinstance(kind, str) or not kind.lower().split(";")[0].strip().endswith("json"):
        return Read(rejects=("datacontenttype is not JSON",), dialect="canonical")
    return _event(raw, policy, event, event.get("data"))


def _event(raw: Raw, policy: Policy, attributes: dict[str, Any], data: object) -> Read:
    source = attributes.get("source")
    named = source if isinstance(source, str) and 0 < len(source) <= 256 else ""
    why = _attributes(attributes)
    if why is not None:
        return Read(rejects=(why,), source=named, dialect="canonical")
    name = attributes["type"]
    cls = known_facts().get(name)
    if cls is None:
        return Read(rejects=(unknown(name).reason,), source=named, dialect="canonical")
    if (refused := _may_not(cls, named, policy)) is not None:
        return Read(rejects=(refused,), source=named, dialect="canonical")
    at = instant(attributes.get("time"))
    if isinstance(at, str):
        return Read(rejects=(at,), source=named, dialect="canonical")
    if isinstance(data, bytes):
        try:
            data = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            return Read(rejects=(f"not JSON: {error}"[:200],), source=named, dialect="canonical")
    if not isinstance(data, dict):
        return Read(rejects=("the event's data is not a JSON object",), source=named, dialect="canonical")
    fact = build(cls, raw, event_id(named, attributes["id"]), at, named, data)
    if isinstance(fact, Reject):
        return Read(rejects=(fact.reason,), source=named, dialect="canonical")
    if (why := _persons(fact)) is not None:
        return Read(rejects=(why,), source=named, dialect="canonical")
    return Read((fact,), (), (), named, "canonical")


def _attributes(attributes: dict[str, Any]) -> str | None:
    if attributes.get("specversion") != "1.0":
        return "specversion is not 1.0"
    for name in ("type", "source", "id"):
        text = attributes.get(name)
        if not isinstance(text, str) or not 0 < len(text) <= 256:
            return f"no CloudEvents attribute {name} (text of 1 to 256 characters)"
    return None


def _may_not(cls: type[Fact], source: str, policy: Policy) -> str | None:
    name = cls.TYPE.removeprefix("org.mentorway.")
    if not cls.FROM_OUTSIDE:
        return f"{name} is decided by a ledger: no source may say it"
    may = policy.sources.get(source, "trusted")
    of_mentors = name.startswith(MENTORS_SAY)
    if may == "platform" and of_mentors and not name.startswith(("person.", "consent.", "quiet_hours.")):
        return f"this source is a platform and may not say {name}"
    if may == "mentors" and not of_mentors and cls not in BOTH_SAY:
        return f"this source is a mentors' system and may not say {name}"
    return None


def _persons(fact: Fact) -> str | None:
    """Ids of persons name their platform, so that two platforms never mix."""
    for name in ("learner", "mentor", "person"):
        id = getattr(fact, name, None)
        if id is None:
            continue
        platform, colon, rest = id.partition(":")
        if not (platform and colon and rest):
            return f"{name}: an id is <platform>:<stable id>"
        if "@" in id or "//" in id:
            return f"{name}: an id must be opaque, not an address"
    return None
