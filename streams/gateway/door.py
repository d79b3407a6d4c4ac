"""How does a platform post events?  CloudEvents and xAPI over HTTP, answered only when Kafka has them.

The door looks at envelopes alone; what an event means is intake's decision.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import UUID, uuid5

import orjson
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from schemas.topics import PLATFORM_EVENTS
from streams.settings import Settings

MAX_BODY, MAX_EVENT, MAX_BATCH = 1_000_000, 900_000, 1000
ACK_S = 10.0
STATEMENTS = UUID("3d9b7f06-7a0b-5b55-9f5c-0a7c1d1c5e42")
ATTRIBUTES = ("specversion", "id", "source", "type", "time", "subject")
Headers = list[tuple[str, bytes]]


class Answer(NamedTuple):
    status: int
    body: Any
    headers: Mapping[str, str] = {}


class Event(NamedTuple):
    """One event ready for Kafka."""

    id: str
    key: bytes
    value: bytes
    headers: Headers


class Door:
    """Takes requests as plain parts (headers, body), so that it needs no web server to be tested."""

    def __init__(self, settings: Settings) -> None:
        self.token = settings.door_token.get_secret_value()
        self.topic = settings.topic(PLATFORM_EVENTS.name)
        self.producer = Producer(
            {
                **settings.confluent(),
                "enable.idempotence": True,
                "partitioner": "murmur2_random",
                "linger.ms": 5,
                "delivery.timeout.ms": int(ACK_S * 1000),
            }
        )

    def forbids(self, headers: Mapping[str, str]) -> Answer | None:
        """Why this caller may not post, or None."""
        if not self.token:
            return Answer(
                503, {"error": "the door is shut: set MENTORWAY_DOOR_TOKEN and start the gateway again"}
            )
        given = headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {self.token}".encode()):
            return Answer(
                401, {"error": "send the header Authorization: Bearer TOKEN"}, {"WWW-Authenticate": "Bearer"}
            )
        return None

    async def events(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST /events: CloudEvents binary, structured or batch."""
        kind = headers.get("Content-Type", "").split(";")[0].strip().lower()
        if kind == "application/cloudevents-batch+json":
            parts = _json(body)
            if not isinstance(parts, list):
                return Answer(400, {"error": "a batch is a JSON array of events"})
            if len(parts) > MAX_BATCH:
                return Answer(413, {"error": f"a batch holds at most {MAX_BATCH} events: send several"})
            return await self._take(parts, [_structured(part) for part in parts])
        if kind == "application/cloudevents+json":
            part = _json(body)
            return await self._take([part], [_structured(part)])
        return await self._take([{"id": headers.get("ce-id", "")}], [_binary(headers, body)])

    async def statements(self, body: bytes) -> Answer:
        """POST /xapi/statements: one or a list; answers the statements' ids, as a record store does."""
        found = _json(body)
        parts = found if isinstance(found, list) else [found]
        if len(parts) > MAX_BATCH:
            return Answer(413, {"error": f"at most {MAX_BATCH} statements at once: send several"})
        read = [_statement(part) for part in parts]
        answer = await self._take(parts, read)
        ids = [event.id for event in read if isinstance(event, Event)]
        return answer._replace(status=200, body=ids) if answer.status == 202 else answer

    async def _take(self, parts: Sequence[object], read: Sequence[Event | str]) -> Answer:
        bad = [
            {"index": n, "id": _id(parts[n]), "reason": one}
            for n, one in enumerate(read)
            if isinstance(one, str)
        ]
        good = [one for one in read if isinstance(one, Event)]
        if not good:
            return Answer(400, {"accepted": 0, "refused": bad} if bad else {"error": "no event in the body"})
        if not await self._written(good):
            return Answer(
                503, {"error": "Kafka did not take the events: send them again"}, {"Retry-After": "5"}
            )
        return Answer(207 if bad else 202, {"accepted": len(good), "refused": bad})

    async def _written(self, events: Sequence[Event]) -> bool:
        """True once every event is acknowledged by all replicas in sync."""
        loop = asyncio.get_running_loop()
        waits: list[asyncio.Future[bool]] = []
        for event in events:
            wait: asyncio.Future[bool] = loop.create_future()

            def told(error: KafkaError | None, _: Message, wait: "asyncio.Future[bool]" = wait) -> None:
                if not wait.done():
                    wait.set_result(error is None)

            try:
                self.producer.produce(
                    self.topic, event.value, event.key, headers=event.headers, on_delivery=told
                )
            except (BufferError, KafkaException):
                return False
            waits.append(wait)
        until = loop.time() + ACK_S + 1
        while not all(wait.done() for wait in waits) and loop.time() < until:
            self.producer.poll(0)
            await asyncio.sleep(0.002)
        return all(wait.done() and wait.result() for wait in waits)


def _id(part: object) -> str:
    """The id a refused part claims, as far as it has one."""
    id = part.get("id") if isinstance(part, dict) else None
    return id[:256] if isinstance(id, str) else ""


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _structured(part: object) -> Event | str:
    if not isinstance(part, dict):
        return "not a JSON object"
    if "data_base64" in part:
        return "data_base64 is not taken: send `data` as JSON"
    attributes = {name: part.get(name) for name in ATTRIBUTES}
    return _event(attributes, orjson.dumps(part.get("data")))


def _binary(headers: Mapping[str, str], body: bytes) -> Event | str:
    attributes: dict[str, Any] = {
        name: unquote(text) for name in ATTRIBUTES if (text := headers.get(f"ce-{name}")) is not None
    }
    if "specversion" not in attributes:
        return "neither ce- headers nor a CloudEvents content type: see the README, How a platform plugs in"
    return _event(attributes, body)


def _event(attributes: Mapping[str, Any], value: bytes) -> Event | str:
    if attributes.get("specversion") != "1.0":
        return "specversion is not 1.0"
    for name in ("id", "source", "type", "time"):
        text = attributes.get(name)
        if not isinstance(text, str) or not 0 < len(text) <= 256:
            return f"no attribute {name} (text of 1 to 256 characters)"
    if len(value) > MAX_EVENT:
        return f"larger than {MAX_EVENT} bytes"
    if not isinstance(_json(value), dict):
        return "its data is not a JSON object"
    headers: Headers = [
        (f"ce_{name}", str(text).encode("utf-8", "replace"))
        for name, text in attributes.items()
        if isinstance(text, str)
    ]
    headers += [("content-type", b"application/json"), ("mentorway-dialect", b"events")]
    key = attributes.get("subject") or attributes["id"]
    return Event(attributes["id"], str(key).encode("utf-8", "replace")[:256], value, headers)


def _statement(part: object) -> Event | str:
    if not isinstance(part, dict):
        return "a statement is not a JSON object"
    id = part.get("id")
    if not isinstance(id, str) or not id:
        content = hashlib.blake2b(orjson.dumps(part, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()
        id = str(uuid5(STATEMENTS, content))
        part = {**part, "id": id}
    value = orjson.dumps(part)
    if len(value) > MAX_EVENT:
        return f"larger than {MAX_EVENT} bytes"
    return Event(
        id, id.encode()[:256], value, [("mentorway-dialect", b"xapi"), ("content-type", b"application/json")]
    )
