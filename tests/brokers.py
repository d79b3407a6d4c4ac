"""Brokers for tests: a real Kafka and the embedded one, or a clear reason why there is none."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import pytest

from streams import apache, embedded, kafka_jars
from streams.broker import Broker, BrokerFailed

ROOT = Path(__file__).parent.parent
REQUIRE = "MENTORWAY_REQUIRE"


def missing(what: str, reason: str) -> NoReturn:
    """Skips, unless MENTORWAY_REQUIRE says that `what` must be there: then fails."""
    if what in os.environ.get(REQUIRE, "").split(","):
        pytest.fail(f"{REQUIRE} asks for {what}: {reason}", pytrace=False)
    pytest.skip(f"{what}: {reason}")


def real_kafka(
    folder: Path,
    login: tuple[str, str] | None = None,
    controller_apart: bool = False,
    guarded: bool = False,
) -> Iterator[Broker]:
    """One broker; with `controller_apart` its controller outlives a `kill` of the broker."""
    controller = None
    try:
        jars = kafka_jars.libs(ROOT / ".mentorway", os.environ)
        if controller_apart:
            controller = apache.Controller(folder / "controller", jars).start()
        broker = apache.ApacheKafka(
            folder / "node", jars, login=login, controller=controller, guarded=guarded
        ).start()
    except BrokerFailed as error:
        missing("kafka", str(error))
    try:
        yield broker
    finally:
        broker.kill()
        if controller is not None:
            controller.kill()


def embedded_broker(folder: Path) -> Iterator[Broker]:
    try:
        embedded.binary()
    except BrokerFailed as error:
        missing("embedded", str(error))
    broker = embedded.EmbeddedBroker(folder).start()
    try:
        yield broker
    finally:
        broker.kill()


def fresh_prefix() -> str:
    """A topic prefix nobody used before, so that tests share a broker and no topics."""
    return f"t{uuid4().hex[:8]}."
