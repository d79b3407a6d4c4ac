"""The brokers under the tests keep what they were told through a `kill -9`, and answer on the same port."""

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from streams.broker import Broker


def test_a_broker_comes_back_with_its_topics_after_kill_9(broker: Broker, prefix: str) -> None:
    config = broker.settings().confluent()
    topic = prefix + "kept"
    admin = AdminClient(config)
    admin.create_topics([NewTopic(topic, 3, 1)])[topic].result(20)
    producer = Producer(config)
    producer.produce(topic, b"x", partition=2)
    assert producer.flush(20) == 0

    broker.kill()
    assert not broker.running
    broker.start()

    assert len(admin.list_topics(topic, timeout=20).topics[topic].partitions) == 3
