"""For which clock and how many partitions were the topics made, and which programme is in which pool?

What cannot change later, or not freely, is recorded in the compacted `deployment` topic; a start with another one is
refused with the command that mends it.
"""

from kafka import KafkaProducer
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.topics import DEPLOYMENT
from streams.errors import Trouble
from streams.reading import WAIT_MS, records
from streams.settings import Settings

CREATE = "python -m streams topics create"
KEY = b"deployment"


class TopicsRefused(Trouble):
    """The topics are not what this start needs; the text gives the command that mends it."""


class Deployment(BaseModel):
    """What was fixed when the topics were made."""

    model_config = ConfigDict(frozen=True, extra="allow")
    clock: str
    partitions: int
    pools: dict[str, str] | None = None  # the policy's programmes to pools; None = no worker started yet


def agree(found: Deployment, settings: Settings) -> None:
    """Refuses settings that ask for something else than was found."""
    if found.partitions != settings.partitions:
        raise TopicsRefused(
            f"the topics were made with {found.partitions} partitions and MENTORWAY_PARTITIONS asks {settings.partitions}: "
            f"set MENTORWAY_PARTITIONS={found.partitions}, or another MENTORWAY_PREFIX and run `{CREATE}`"
        )
    if found.clock != settings.clock:
        raise TopicsRefused(
            f"the topics were made for the {found.clock} clock and MENTORWAY_CLOCK asks {settings.clock}: "
            f"set MENTORWAY_CLOCK={found.clock}, or another MENTORWAY_PREFIX and run `{CREATE}`"
        )


def recorded(settings: Settings) -> Deployment | None:
    """What the deployment topic says last; None if nothing was ever recorded."""
    topic, last = settings.topic(DEPLOYMENT.name), None
    for each in records(settings, topic):
        if each.key == KEY and each.value:
            last = each.value
    if last is None:
        return None
    try:
        return Deployment.model_validate_json(last)
    except ValidationError:
        raise TopicsRefused(
            f"topic {topic} holds no deployment: delete the topic and run `{CREATE}`"
        ) from None


def record(settings: Settings, made: Deployment) -> None:
    producer = KafkaProducer(**settings.kafka_python(), acks="all", bootstrap_timeout_ms=WAIT_MS)
    try:
        sent = producer.send(
            settings.topic(DEPLOYMENT.name), key=KEY, value=made.model_dump_json(exclude_none=True).encode()
        )
        sent.get(timeout=WAIT_MS / 1000)
    finally:
        producer.close()
