"""Which dialect is this raw event?  By header or declared envelope, in a fixed order; never by a guess."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson

from schemas.policy import Policy
from streams.dialects import canonical, xapi
from streams.dialects.reading import Raw, Read

OURS, OPEN_EDX = "org.mentorway.", "org.openedx."
CALIPER = "http://purl.imsglobal.org/ctx/caliper/"
NOT_READ_YET = "the dialect {} is not read yet"


def read(
    value: bytes | None,
    headers: Iterable[tuple[str, bytes | None]],
    seen_at: datetime,
    policy: Policy,
    key: bytes = b"",
) -> Read:
    """The canonical facts of one raw record; `key` hides ids that are addresses."""
    if value is None:
        return Read(rejects=("no value: a tombstone is not a fact",))
    known: dict[str, bytes] = dict(headers)  # type: ignore[arg-type]
    if "ce_type" not in known or None in known.values():  # capitals, nulls, or no CloudEvent in binary mode
        known = {name.lower(): raw for name, raw in known.items() if raw is not None}
    raw = Raw(value, known, seen_at)
    told = known.get("mentorway-dialect")
    if told is not None:
        if told == b"xapi":
            return xapi.read(raw, policy, key)
        if told not in (b"events", b"canonical"):
            return Read(rejects=("the header mentorway-dialect names a dialect that is not read",))
    name = known.get("ce_type")
    if name is not None:
        if name.startswith(OURS.encode()):
            return canonical.binary(raw, policy)
        if name.startswith(OPEN_EDX.encode()):
            return Read(rejects=(NOT_READ_YET.format("Open edX event bus"),), dialect="openedx")
        return Read(rejects=("unknown dialect: ce_type is none of ours",))
    return _body(raw, policy)


def _body(raw: Raw, policy: Policy) -> Read:
    kind = raw.headers.get("content-type", b"").decode("utf-8", "replace").lower()
    if kind.startswith("application/cloudevents-batch"):
        return Read(rejects=("a batch is split at the door: on Kafka one record is one event",))
    structured = kind.startswith("application/cloudevents")
    if structured and not kind.split(";")[0].strip().endswith("+json"):
        return Read(rejects=("only the JSON format of CloudEvents is read",))
    try:
        body: Any = orjson.loads(raw.value or b"")
    except orjson.JSONDecodeError as error:
        return Read(rejects=(f"unknown dialect, and not JSON: {error}"[:200],))
    if not isinstance(body, dict):
        return Read(rejects=("unknown dialect: no header names it, and the body is no envelope",))
    if structured:
        name = body.get("type")
        if isinstance(name, str) and name.startswith(OPEN_EDX):
            return Read(rejects=(NOT_READ_YET.format("Open edX event bus"),), dialect="openedx")
        return canonical.structured(raw, body, policy)
    version, metadata = body.get("dataVersion"), body.get("metadata")
    if isinstance(version, str) and version.startswith(CALIPER) and "sensor" in body and "data" in body:
        return Read(rejects=(NOT_READ_YET.format("Caliper"),), dialect="caliper")
    if isinstance(metadata, dict) and {"event_name", "producer"} <= metadata.keys() and "body" in body:
        return Read(rejects=(NOT_READ_YET.format("Canvas live events"),), dialect="canvas")
    return Read(rejects=("unknown dialect: no header names it, and the body is no envelope",))
