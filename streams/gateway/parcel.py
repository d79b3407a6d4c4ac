"""What does a webhook get of a nudge, and which fact tells what became of it?

A webhook gets the pieces of its own programmes alone.  The bytes are the same at every try, and so is the id.
"""

from datetime import datetime
from typing import NamedTuple

import orjson

from schemas.codec import body_of, encode
from schemas.delivery import Webhook
from schemas.fact import caused_by
from schemas.nudges import NudgeDelivered, NudgeFailed, NudgeSent
from schemas.rows import changed
from streams.gateway.courier import Delivered, Failed
from streams.gateway.signing import signature
from streams.gateway.writer import Record

SOURCE = "gateway"
JSON = "application/cloudevents+json; charset=utf-8"


class Parcel(NamedTuple):
    """One nudge for one webhook."""

    nudge: NudgeSent
    webhook: str
    body: bytes

    def headers(self, keys: tuple[bytes, ...], timestamp: int) -> dict[str, str]:
        """Of one try, signed for its own second; the id is the nudge's, at every try."""
        id = str(self.nudge.nudge)
        return {
            "Content-Type": JSON,
            "User-Agent": "Mentorway",
            "Idempotency-Key": id,
            "webhook-id": id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(keys, id, timestamp, self.body),
        }


def parcel(nudge: NudgeSent, webhook: Webhook) -> Parcel | None:
    """The nudge as a CloudEvent in JSON; None where no piece of it is this webhook's."""
    items = nudge.items
    if "*" not in webhook.programmes:
        items = tuple(item for item in items if item.programme in webhook.programmes)
    if not items:
        return None
    event = {
        "specversion": "1.0",
        "id": str(nudge.id),
        "source": nudge.source,
        "type": nudge.TYPE,
        "subject": nudge.recipient,
        "time": nudge.at,
        "data": orjson.Fragment(body_of(changed(nudge, items=items))),
    }
    return Parcel(nudge, webhook.name, orjson.dumps(event))


def outcome(sent: Parcel, found: Delivered | Failed, attempts: int, at: datetime) -> Record:
    """The fact of it, ready for platform-events; the same outcome always has the same id."""
    nudge = sent.nudge
    cls = NudgeDelivered if isinstance(found, Delivered) else NudgeFailed
    fields = {"code": found.code, "permanent": True} if isinstance(found, Failed) else {}
    fact = cls(
        id=caused_by(nudge.nudge, sent.webhook, cls.TYPE), at=at, seen_at=at, source=SOURCE, person=nudge.recipient,
        nudge=nudge.nudge, channel=nudge.channel, webhook=sent.webhook, attempts=attempts, **fields,  # type: ignore[arg-type]
    )  # fmt: skip
    wire = encode(fact)
    return Record(wire.key, wire.value, wire.headers)
