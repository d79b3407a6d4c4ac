"""Which tests need what, and the brokers they share.

A test that takes `kafka` or `embedded` gets that mark by itself, so `-m "not kafka and not embedded"`
is all that needs no broker.  With `-n 2 --dist loadscope` the tests are dealt out as `pieces.py` says.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from streams.broker import Broker
from tests.brokers import embedded_broker, fresh_prefix, real_kafka

BROKERS = ("kafka", "embedded")

settings.register_profile(
    "whatever the machine's load", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("whatever the machine's load")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if call := getattr(item, "callspec", None):
            names |= {value for value in call.params.values() if isinstance(value, str)}
        if "secured" in names:
            names.add("kafka")
        for name in BROKERS:
            if name in names:
                item.add_marker(name)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.pieces import Pieces  # not without xdist

    return Pieces(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A real Apache Kafka: `.bootstrap`, `.settings(**fields)`, `.kill()`, `.start()`, `.stop()`."""
    yield from real_kafka(tmp_path_factory.mktemp("kafka"))


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A real Apache Kafka that asks for SASL/SCRAM-SHA-512, and lets only this one user do all."""
    yield from real_kafka(tmp_path_factory.mktemp("secured"), login=("admin", "a-Secret.9"), guarded=True)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The embedded broker, same interface."""
    yield from embedded_broker(tmp_path_factory.mktemp("embedded"))


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest) -> Broker:
    """The same test on both brokers."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Broker)
    return found


@pytest.fixture
def prefix() -> str:
    """A topic prefix of this test alone."""
    return fresh_prefix()
