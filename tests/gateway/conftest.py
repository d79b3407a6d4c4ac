"""One gateway on a real Kafka, shared by the tests of this folder."""

from collections.abc import Iterator

import pytest

from streams.broker import Broker
from tests.brokers import fresh_prefix
from tests.gateway.live import TOKEN, Live, gateway


@pytest.fixture(scope="session")
def live(kafka: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    settings = kafka.settings(prefix=fresh_prefix(), partitions=4, door_token=TOKEN)
    with gateway(settings, tmp_path_factory.mktemp("gateway")) as found:
        yield found
