"""How does a platform post events?  CloudEvents and xAPI over HTTP, answered only when Kafka has them.

The door looks at envelopes alone; what an event means is intake's decision.
"""

import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from streams.gateway.envelopes import Event, binary, claimed_id, parsed, statement, structured
from streams.gateway.writer import Record, Writer
from streams.settings import Settings

MAX_BODY, MAX_BATCH = 1_000_000, 1000


class Answer(NamedTuple):
    status: int
    body: Any
    headers: Mapping[str, str] = {}


class Door:
    """Takes requests as plain parts (headers, body), so that it needs no web server to be tested."""

    def __init__(self, settings: Settings, writer: Writer) -> None:
        self.token = settings.door_token.get_secret_value()
        self.writer = writer
        self.counts = Counter(
            dict.fromkeys(("accepted", "refused", "not_written"), 0)
        )  # events, for the metrics

    def forbids(self, headers: Mapping[str, str]) -> Answer | None:
        """Why this caller may not post, or None."""
        if not self.token:
            return Answer(
                503, {"error": "the door is shut: set MENTORWAY_DOOR_TOKEN and start the gateway again"}
            )
        scheme, _, given = headers.get("Authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self.token.encode())
        if scheme.lower() != "bearer" or not right:
            return Answer(
                401, {"error": "send the header Authorization: Bearer TOKEN"}, {"WWW-Authenticate": "Bearer"}
            )
        return None

    async def events(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST /events: CloudEvents binary, structured or batch."""
        kind = headers.get("Content-Type", "").split(";")[0].strip().lower()
        if kind == "application/cloudevents-batch+json":
            parts = parsed(body)
            if not isinstance(parts, list):
                return Answer(400, {"error": "a batch is a JSON array of events"})
            if len(parts) > MAX_BATCH:
                return Answer(413, {"error": f"a batch holds at most {MAX_BATCH} events: send several"})
            return await self._take(parts, [structured(part) for part in parts])
        if kind == "application/cloudevents+json":
            part = parsed(body)
            return await self._take([part], [structured(part)])
        return await self._take([{"id": headers.get("ce-id", "")}], [binary(headers, body)])

    async def statements(self, body: bytes) -> Answer:
        """POST /xapi/statements: one or a list; answers the statements' ids, as a record store does."""
        found = parsed(body)
        parts = found if isinstance(found, list) else [found]
        if len(parts) > MAX_BATCH:
            return Answer(413, {"error": f"at most {MAX_BATCH} statements at once: send several"})
        read = [statement(part) for part in parts]
        answer = await self._take(parts, read)
        ids = [event.id for event in read if isinstance(event, Event)]
        return answer._replace(status=200, body=ids) if answer.status == 202 else answer

    async def _take(self, parts: Sequence[object], read: Sequence[Event | str]) -> Answer:
        bad = [
            {"index": n, "id": claimed_id(parts[n]), "reason": one}
            for n, one in enumerate(read)
            if isinstance(one, str)
        ]
        good = [one for one in read if isinstance(one, Event)]
        self.counts["refused"] += len(bad)
        if not good:
            return Answer(400, {"accepted": 0, "refused": bad} if bad else {"error": "no event in the body"})
        if not await self.writer.written([Record(one.key, one.value, [*one.headers]) for one in good]):
            self.counts["not_written"] += len(good)
            return Answer(
                503, {"error": "Kafka did not take the events: send them again"}, {"Retry-After": "5"}
            )
        self.counts["accepted"] += len(good)
        return Answer(207 if bad else 202, {"accepted": len(good), "refused": bad})
