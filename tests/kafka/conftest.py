"""A place of its own for each test, on both brokers."""

import pytest

from streams.broker import Broker
from streams.settings import Settings
from streams.topics import create


@pytest.fixture
def partitions() -> int:
    return 4


@pytest.fixture(params=["kafka", "embedded"])
def site(
    request: pytest.FixtureRequest, prefix: str, partitions: int, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Topics made under a prefix of this test alone; workers started from here find them."""
    broker: Broker = request.getfixturevalue(request.param)
    settings = broker.settings(prefix=prefix, partitions=partitions, health_port=0)
    create(settings)
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    return settings
