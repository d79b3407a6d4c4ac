"""Topics are made as the table says, and a start that does not fit them is refused with its mend."""

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions

from schemas.topics import DAY_MS, TOPICS
from streams import topics
from streams.broker import Broker
from streams.deployment import Deployment, TopicsRefused
from streams.settings import Settings
from tests.operators.conftest import Run


def test_nothing_is_kept_much_longer_than_the_table_says() -> None:
    """A broker deletes and compacts closed segments alone, and closes none for 7 days, or a gigabyte, unless told."""
    for topic in TOPICS:
        config = {
            name: int(value) for name, value in topics.config_of(topic, Settings()).items() if value.isdigit()
        }
        if topic.keeps_days:
            assert config["segment.ms"] <= (DAY_MS if topic.keeps_days <= 14 else 7 * DAY_MS), topic.name
            assert config["retention.ms"] == topic.keeps_days * DAY_MS
        if topic.compacted:  # what is overwritten or erased goes, and its tombstone
            assert config["max.compaction.lag.ms"] + config["delete.retention.ms"] <= 2 * DAY_MS, topic.name


def test_create_then_verify_then_create_again(broker: Broker, prefix: str, run: Run) -> None:
    settings = broker.settings(prefix=prefix, partitions=3)

    made = run(settings, "topics", "create")
    assert made.code == 0
    assert made.out.count("made ") == len(TOPICS)
    assert "recorded the deployment: wall clock, 3 partitions" in made.out

    assert run(settings, "topics", "verify") == (0, "all topics are there, as they should be\n", "")
    assert run(settings, "topics", "create") == (0, "all topics are there, as they should be\n", "")
    assert topics.check(settings) == Deployment(clock="wall", partitions=3)


def test_a_group_that_is_not_there_is_forgotten_already(broker: Broker, prefix: str, run: Run) -> None:
    settings = broker.settings(prefix=prefix, partitions=1)
    said = run(settings, "topics", "forget-group", "pools")
    assert said == (0, f"there is no group {prefix}pools: nothing was to be forgotten\n", "")
    said = run(settings, "topics", "forget-group", "pool")
    assert (said.code, "choose from" in said.err) == (2, True)


def test_a_start_without_topics_is_refused(broker: Broker, prefix: str) -> None:
    with pytest.raises(TopicsRefused, match="is missing: run `python -m streams topics create`"):
        topics.check(broker.settings(prefix=prefix))


def test_a_start_with_another_count_or_clock_is_refused(broker: Broker, prefix: str, run: Run) -> None:
    settings = broker.settings(prefix=prefix, partitions=2)
    assert run(settings, "topics", "create").code == 0

    other_count = broker.settings(prefix=prefix, partitions=4)
    with pytest.raises(TopicsRefused, match="has 2 partitions where 4 are asked: set MENTORWAY_PARTITIONS=2"):
        topics.check(other_count)
    assert run(other_count, "topics", "create").err.startswith(
        "mentorway: the topics were made with 2 partitions"
    )
    assert run(other_count, "topics", "verify").code == 1

    other_clock = broker.settings(prefix=prefix, partitions=2, clock="facts")
    with pytest.raises(TopicsRefused, match=r"made for the wall clock .* set MENTORWAY_CLOCK=wall"):
        topics.check(other_clock)
    assert run(other_clock, "topics", "verify").code == 1


def test_a_topic_that_grew_is_named(kafka: Broker, prefix: str, run: Run) -> None:
    settings = kafka.settings(prefix=prefix, partitions=2)
    assert run(settings, "topics", "create").code == 0
    with topics.admin(settings) as client:
        client.create_partitions({prefix + "pool-facts": NewPartitions(5)})

    said = run(settings, "topics", "verify")

    assert said.code == 1
    assert f"topic {prefix}pool-facts has 5 partitions where 2 are asked" in said.out


def test_settings_that_differ_are_named_and_mended(broker: Broker, prefix: str, run: Run) -> None:
    settings = broker.settings(prefix=prefix, partitions=1)
    assert run(settings, "topics", "create").code == 0
    with topics.admin(settings) as client:
        wrong = ConfigResource(
            ConfigResourceType.TOPIC, prefix + "pools-rows", configs={"cleanup.policy": "delete"}
        )
        client.alter_configs([wrong])

    said = run(settings, "topics", "verify")
    assert said.code == 1
    assert f"topic {prefix}pools-rows is set to cleanup.policy=delete where compact is asked" in said.out

    assert f"mended the settings of {prefix}pools-rows" in run(settings, "topics", "create").out
    assert run(settings, "topics", "verify").code == 0


def test_facts_may_be_kept_longer_for_previews_and_experiments_and_decisions_shorter(
    kafka: Broker, prefix: str, run: Run
) -> None:
    settings = kafka.settings(prefix=prefix, partitions=1)
    assert run(settings, "topics", "create").code == 0
    longer = settings.model_copy(update={"events_days": 60, "facts_days": 120, "decisions_days": 90})
    said = run(longer, "topics", "verify")
    assert said.code == 1
    assert f"topic {prefix}learner-facts is set to retention.ms={30 * 86_400_000} where" in said.out
    assert run(longer, "topics", "create").out.count("mended the settings of") == 7
    assert run(longer, "topics", "verify").code == 0
