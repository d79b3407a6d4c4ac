"""The brokers under the tests come back on the same port with what they were told."""

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from streams.broker import Broker, BrokerFailed, taken
from streams.embedded import EmbeddedBroker


def _tell(broker: Broker, topic: str) -> AdminClient:
    config = {**broker.settings().confluent(), "log_level": 0}
    admin = AdminClient(config)
    admin.create_topics([NewTopic(topic, 3, 1)])[topic].result(20)
    producer = Producer(config)
    producer.produce(topic, b"x", partition=2)
    assert producer.flush(20) == 0
    return admin


def test_kafka_comes_back_with_its_topics_after_kill_9(kafka: Broker, prefix: str) -> None:
    admin = _tell(kafka, prefix + "kept")
    kafka.kill()
    assert not kafka.running
    assert not taken(kafka.port)
    kafka.start()
    assert len(admin.list_topics(prefix + "kept", timeout=20).topics[prefix + "kept"].partitions) == 3


def test_the_embedded_broker_comes_back_with_its_topics_after_a_stop(embedded: Broker, prefix: str) -> None:
    admin = _tell(embedded, prefix + "kept")
    embedded.stop()
    assert not embedded.running
    embedded.start()
    assert len(admin.list_topics(prefix + "kept", timeout=20).topics[prefix + "kept"].partitions) == 3


def test_a_taken_port_is_named(embedded: Broker) -> None:
    with pytest.raises(BrokerFailed, match=f"port {embedded.port} is taken"):
        EmbeddedBroker(embedded.folder.parent / "second", port=embedded.port).start()
