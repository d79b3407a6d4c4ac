"""Are the topics there, as the table says?  Made and verified with kafka-python; each fault names its mend."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import TopicAlreadyExistsError

from schemas.topics import (
    BOARD,
    DAY_MS,
    DEAD_LETTERS,
    DEPLOYMENT,
    LEARNER_FACTS,
    LETTER_BYTES,
    MATCHES,
    NUDGES,
    PERSON_FACTS,
    PLATFORM_EVENTS,
    POOL_FACTS,
    TOPICS,
    Topic,
)
from streams import deployment
from streams.deployment import CREATE, Deployment, TopicsRefused
from streams.reading import WAIT_MS
from streams.settings import Settings

# Kept no longer than this, a topic is deleted day by day.  Each segment costs a broker open files.
FEW_DAYS = 14


class Fault(NamedTuple):
    topic: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"topic {self.topic} {self.what}: {self.mend}"


@contextlib.contextmanager
def admin(settings: Settings) -> Iterator[KafkaAdminClient]:
    client = KafkaAdminClient(**settings.kafka_python(), bootstrap_timeout_ms=WAIT_MS)
    try:
        yield client
    finally:
        client.close()


def partitions_of(topic: Topic, settings: Settings) -> int:
    return settings.partitions if topic.inner else 1


def config_of(topic: Topic, settings: Settings) -> dict[str, str]:
    """Topic settings of the broker.  Changelogs: small segments, eager compaction, quick restores.

    A broker deletes and compacts whole closed segments, and what it does not is kept: so segments are closed in
    time, and a changelog is compacted each day, however little of it has changed.
    """
    days = _days(topic, settings)
    if topic.compacted:
        found = {
            "cleanup.policy": "compact,delete" if days else "compact",
            "segment.bytes": str(64 * 1024 * 1024),
            "segment.ms": str(10 * 60 * 1000),
            "min.cleanable.dirty.ratio": "0.1",
            "max.compaction.lag.ms": str(DAY_MS),
            "delete.retention.ms": str(DAY_MS),
            "max.message.bytes": str(LETTER_BYTES),  # a row of the longest ids in the widest letters
        }
        return found | ({"retention.ms": str(days * DAY_MS)} if days else {})
    found = {
        "cleanup.policy": "delete",
        "retention.ms": str(days * DAY_MS),
        "segment.ms": str(DAY_MS if days <= FEW_DAYS else 7 * DAY_MS),
    }
    if topic is DEAD_LETTERS:
        found["max.message.bytes"] = str(LETTER_BYTES)
    return found


def _days(topic: Topic, settings: Settings) -> int:
    if topic is PLATFORM_EVENTS:
        return settings.events_days
    if topic in (POOL_FACTS, LEARNER_FACTS, PERSON_FACTS):
        return settings.facts_days
    if topic in (MATCHES, NUDGES, BOARD):
        return settings.decisions_days
    return topic.keeps_days


def create(settings: Settings) -> list[str]:
    """Makes what is missing, mends settings that differ, records the deployment; says what it did."""
    with admin(settings) as client:
        before = deployment.recorded(settings) if _counts(client, [settings.topic(DEPLOYMENT.name)]) else None
        if before is not None:
            deployment.agree(before, settings)
        have = _counts(client, [settings.topic(topic.name) for topic in TOPICS])
        said = []
        for topic in TOPICS:
            name = settings.topic(topic.name)
            if name not in have:
                new = NewTopic(
                    name,
                    partitions_of(topic, settings),
                    settings.replication,
                    topic_configs=config_of(topic, settings),
                )
                with contextlib.suppress(TopicAlreadyExistsError):  # another start was quicker
                    client.create_topics([new])
                said.append(f"made {name}")
        client.wait_for_topics([settings.topic(topic.name) for topic in TOPICS], timeout_ms=WAIT_MS)
        faults = _faults(client, settings)
        for fault in faults:
            if fault.what.startswith("has"):
                raise TopicsRefused(str(fault))
        wrong = {fault.topic for fault in faults}
        for topic in TOPICS:
            if (name := settings.topic(topic.name)) in wrong:
                client.alter_configs(
                    [ConfigResource(ConfigResourceType.TOPIC, name, configs=config_of(topic, settings))]
                )
                said.append(f"mended the settings of {name}")
    if before is None:
        deployment.record(settings, Deployment(clock=settings.clock, partitions=settings.partitions))
        said.append(f"recorded the deployment: {settings.clock} clock, {settings.partitions} partitions")
    return said


def verify(settings: Settings) -> list[Fault]:
    """Everything about the topics that is not as the table says."""
    with admin(settings) as client:
        return _faults(client, settings)


def check(settings: Settings) -> Deployment:
    """For every role at its start: refuses in one sentence unless topics, count and clock fit."""
    with admin(settings) as client:
        faults = list(_faults(client, settings, configs=False))
    if faults:
        raise TopicsRefused(str(faults[0]))
    found = deployment.recorded(settings)
    if found is None:
        raise TopicsRefused(f"the deployment was never recorded: run `{CREATE}`")
    deployment.agree(found, settings)
    return found


def _counts(client: KafkaAdminClient, names: list[str]) -> dict[str, int]:
    return {t["name"]: len(t["partitions"]) for t in client.describe_topics(names) if t["error_code"] == 0}


def _faults(client: KafkaAdminClient, settings: Settings, configs: bool = True) -> list[Fault]:
    names = {settings.topic(topic.name): topic for topic in TOPICS}
    have = _counts(client, list(names))
    faults = []
    for name, topic in names.items():
        if name not in have:
            faults.append(Fault(name, "is missing", f"run `{CREATE}`"))
        elif have[name] != (count := partitions_of(topic, settings)):
            mend = (
                f"set MENTORWAY_PARTITIONS={have[name]}"
                if topic.inner
                else f"delete the topic and run `{CREATE}`"
            )
            faults.append(Fault(name, f"has {have[name]} partitions where {count} are asked", mend))
    if configs:
        faults += _differing(client, {name: config_of(names[name], settings) for name in have})
    return faults


def _differing(client: KafkaAdminClient, wanted: Mapping[str, Mapping[str, str]]) -> list[Fault]:
    if not wanted:
        return []
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in wanted]
    found: dict[str, dict[str, Any]] = client.describe_configs(resources, config_filter="all")["topic"]
    faults = []
    for name, config in wanted.items():
        for key, value in config.items():
            seen = found[name].get(key, {}).get("value")
            if seen is not None and seen != value:
                faults.append(
                    Fault(name, f"is set to {key}={seen} where {value} is asked", f"run `{CREATE}`")
                )
    return faults
