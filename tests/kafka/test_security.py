"""One settings block logs all three clients in to a broker that asks for SASL/SCRAM."""

import asyncio

import faust
from aiokafka import AIOKafkaConsumer
from confluent_kafka import Producer
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth
from kafka.admin import KafkaAdminClient, NewTopic

from streams.broker import Broker


def test_all_three_clients_log_in_with_one_block(secured: Broker, prefix: str) -> None:
    settings = secured.settings()
    topic = prefix + "secret"
    admin = KafkaAdminClient(**settings.kafka_python())
    admin.create_topics([NewTopic(topic, 1, 1)])
    admin.close()
    producer = Producer(settings.confluent())
    producer.produce(topic, b"told")
    assert producer.flush(20) == 0

    assert asyncio.run(_first_value(settings.faust(), secured.bootstrap, topic)) == b"told"


async def _first_value(config: dict[str, object], bootstrap: str, topic: str) -> bytes:
    """What Faust's own driver makes of the block, read through the client that Faust uses."""
    app = faust.App("secured", **config)
    auth = credentials_to_aiokafka_auth(app.conf.broker_credentials, app.conf.ssl_context)
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", **auth)
    await consumer.start()
    try:
        message = await asyncio.wait_for(consumer.getone(), 20)
        assert message.value is not None
        return bytes(message.value)
    finally:
        await consumer.stop()
