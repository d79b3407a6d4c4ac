"""The embedded broker, noida-db: for the demo and for quick tests, no Java needed.

It auto-creates a topic with one partition on first use, so all topics are made first; and it never
evicts a dead group member, so its clients are static members.
"""

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from streams.broker import Broker, BrokerFailed

MISSING = (
    "the embedded broker is not installed (its wheel is for Linux on x86_64 only): "
    "run `pip install noida-db`, or point MENTORWAY_BROKERS or --broker at a Kafka of your own"
)


def binary() -> Path:
    spec = importlib.util.find_spec("noida_db")
    found = None if spec is None or spec.origin is None else Path(spec.origin).with_name("noida-db")
    if found is None or not found.is_file():
        raise BrokerFailed(MISSING)
    return found


class EmbeddedBroker(Broker):
    name = "embedded broker"
    client: ClassVar[Mapping[str, Any]] = {"static_members": True}

    def command(self) -> Sequence[str]:
        data = str(self.folder / "data")
        return [str(binary()), "start", "--only", "kafka", "--kafka-port", str(self.port), "--data-dir", data]
