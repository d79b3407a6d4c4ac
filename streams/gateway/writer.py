"""How does the gateway write to platform-events?  Answers only once all replicas in sync have the records."""

import asyncio
import logging
from collections.abc import Sequence
from typing import NamedTuple

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from schemas.topics import PLATFORM_EVENTS
from streams.settings import Settings

log = logging.getLogger("mentorway")
MAX_WAITING_KB = 65_536  # what may wait for a broker that is down
ACK_S = 10.0


class Record(NamedTuple):
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes | None]]


class Writer:
    """One idempotent producer, shared by all of the gateway."""

    def __init__(self, settings: Settings) -> None:
        self.topic = settings.topic(PLATFORM_EVENTS.name)
        self.producer = Producer(
            {
                **settings.confluent(),
                "enable.idempotence": True,
                "partitioner": "murmur2_random",
                "linger.ms": 5,
                "queue.buffering.max.kbytes": MAX_WAITING_KB,
                "log_level": 0,  # it would tell of a broker that is down twice a second; we say why events failed
                "error_cb": lambda error: None,
                "delivery.timeout.ms": int(ACK_S * 1000),
            }
        )

    async def written(self, records: Sequence[Record]) -> bool:
        """True once every record is acknowledged."""
        loop = asyncio.get_running_loop()
        waits: list[asyncio.Future[bool]] = []
        for record in records:
            wait: asyncio.Future[bool] = loop.create_future()

            def told(error: KafkaError | None, _: Message, wait: "asyncio.Future[bool]" = wait) -> None:
                if error is not None:
                    log.warning("events were not written: %s", error.str())
                if not wait.done():
                    wait.set_result(error is None)

            try:
                self.producer.produce(
                    self.topic, record.value, record.key, headers=record.headers, on_delivery=told
                )
            except (BufferError, KafkaException) as error:
                log.warning("events were not written: %s", error)
                return False
            waits.append(wait)
        until = loop.time() + ACK_S + 1
        while not all(wait.done() for wait in waits) and loop.time() < until:
            self.producer.poll(0)
            await asyncio.sleep(0.002)
        return all(wait.done() and wait.result() for wait in waits)
