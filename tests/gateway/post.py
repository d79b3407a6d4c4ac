"""Nudges for webhook tests, the policy that names receivers, and what the gateway told of deliveries."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, Producer, TopicPartition

from schemas.codec import encode
from schemas.nudges import NudgeDelivered, NudgeFailed, NudgeItem, NudgeSent
from schemas.policy import Policy
from streams.broker import Broker
from streams.dialects.recognise import read
from streams.gateway.delivery import Deliveries
from streams.gateway.writer import Writer
from streams.settings import Settings
from streams.topics import create
from tests.gateway.receiver import SECRET, Receiver

FAST = "[delivery]\nfirst_retry_seconds = 1\nlongest_retry_seconds = 1\ntimeout_seconds = 2\nin_flight = 4\n"


def item(programme: str | None = "nursing") -> NudgeItem:
    return NudgeItem(
        advice=uuid4(), episode=uuid4(), kind="reengage", signal="L2", rung=1, learner="lms:7", programme=programme,
        template="L2.1.learner", figures=(("days", 7),),
    )  # fmt: skip


def nudge(number: int = 0, *items: NudgeItem, good_for_s: float = 3600, age_s: float = 0) -> NudgeSent:
    now = datetime.now(UTC) - timedelta(seconds=age_s)
    return NudgeSent(
        id=uuid4(), at=now, seen_at=now, source="inboxes", nudge=uuid4(), recipient=f"lms:{number}", role="learner",
        channel="platform", language="en", items=items or (item(),), expires_at=now + timedelta(seconds=good_for_s),
        priority=50, local_day="2026-03-02",
    )  # fmt: skip


def policy(path: Path, *receivers: tuple[str, Receiver, str], more: str = FAST) -> Path:
    """`receivers` are (name, receiver, programme); the secret lies beside the file."""
    secret = path.with_name("secret")
    secret.write_text(SECRET)
    hooks = ", ".join(
        f'{{ name = "{name}", url = "{one.url}", programmes = ["{programme}"], secret = "file:{secret}" }}'
        for name, one, programme in receivers
    )
    path.write_text(f"webhooks = [{hooks}]\n{more}")
    return path


def site(
    broker: Broker, prefix: str, folder: Path, *receivers: tuple[str, Receiver, str], **fields: Any
) -> Settings:
    settings = broker.settings(
        **{
            "prefix": prefix, "partitions": 2, "data_dir": folder / "data", "policy_path": policy(folder / "policy.toml", *receivers),
            "webhook_hosts": ",".join(dict.fromkeys(one.host for _, one, _ in receivers)), "webhook_networks": "127.0.0.1/32",
            **fields,
        }
    )  # fmt: skip
    create(settings)
    return settings


def send(settings: Settings, *nudges: NudgeSent) -> None:
    producer = Producer({**settings.confluent(), "partitioner": "murmur2_random"})
    for one in nudges:
        wire = encode(one)
        producer.produce(settings.topic("nudges"), wire.value, wire.key, headers=wire.headers)
    assert producer.flush(20) == 0


@contextlib.contextmanager
def delivering(settings: Settings) -> Iterator[Deliveries]:
    """The gateway's deliveries alone, in a thread; ends as a gateway that is told to stop."""
    deliveries = Deliveries(settings, Writer(settings))
    loop = asyncio.new_event_loop()
    task = loop.create_task(deliveries.run())

    def live() -> None:
        asyncio.set_event_loop(loop)
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    thread = threading.Thread(target=live)
    thread.start()
    try:
        yield deliveries
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(30)
        assert not thread.is_alive()


def ready(deliveries: Deliveries, count: int) -> bool:
    """Are so many lanes reading?  A new webhook is owed only what is sent after."""
    return sum(lane.reading for lane in list(deliveries.lanes.values())) == count


def told(settings: Settings) -> list[NudgeDelivered | NudgeFailed]:
    """What intake reads of deliveries, oldest first in each partition."""
    reader = Consumer({**settings.confluent(), "group.id": uuid4().hex, "auto.offset.reset": "earliest"})
    topic, found = settings.topic("platform-events"), list[NudgeDelivered | NudgeFailed]()
    try:
        places = [TopicPartition(topic, n, 0) for n in range(settings.partitions)]
        left = sum(reader.get_watermark_offsets(place, timeout=10)[1] for place in places)
        reader.assign(places)
        while left:
            [message] = reader.consume(1, timeout=10)
            assert message.error() is None
            seen = read(message.value(), message.headers() or [], datetime.now(UTC), Policy(), b"")
            assert not seen.rejects, seen.rejects
            found += [fact for fact in seen.facts if isinstance(fact, NudgeDelivered | NudgeFailed)]
            left -= 1
    finally:
        reader.close()
    return found
