"""A ledger that stood longer than its input is kept, on a real Kafka: refused by name, and mended by `topics forget-group`."""

from datetime import UTC, datetime

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from schemas.policy import Policy
from streams.broker import Broker
from streams.kafka_log import KafkaLog
from streams.lag import lags
from streams.ledger import Ledger
from streams.log import Expired
from streams.settings import Settings
from streams.topics import create
from tests.kafka.test_ledger import facts, send, until
from tests.ledger.schedule import ROLE
from tests.operators.conftest import Run, run

__all__ = ["run"]  # the fixture


def joined(settings: Settings) -> Ledger:
    policy = Policy()
    ledger = Ledger(
        ROLE, KafkaLog(settings, "pulses", "0"), partitions=1, policy=lambda: policy, wall=lambda: datetime.now(UTC)
    )  # fmt: skip
    ledger.join()
    return ledger


def folds(ledger: Ledger, through: int) -> None:
    until(
        lambda: (ledger.turn(), 0 in ledger.owned and ledger.owned[0].progress.next >= through)[1],
        30,
        "folded",
    )


def test_it_refuses_until_its_group_is_forgotten_and_then_says_what_is_gone(
    kafka: Broker, prefix: str, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    settings = kafka.settings(prefix=prefix, partitions=1, health_port=0)
    create(settings)
    send(settings, facts(2))
    ledger = joined(settings)
    folds(ledger, 2)
    ledger.log.close()
    send(settings, facts(5))
    gone = TopicPartition(settings.topic("learner-facts"), 0, 6)
    admin = AdminClient(settings.confluent())  # by a name: what it promises ends with it
    admin.delete_records([gone])[gone].result(20)

    ledger = joined(settings)
    with pytest.raises(Expired, match=r"stands at offset 2 of .*, which now begins at 6: up to 4 facts"):
        folds(ledger, 7)
    said = run(settings, "topics", "forget-group", "pulses")
    assert said.code == 1
    assert said.err.startswith(
        f"mentorway: the group {prefix}pulses has members: stop every process of pulses"
    )
    ledger.log.close()

    said = run(settings, "topics", "forget-group", "pulses")
    assert said == (
        0,
        f"the group {prefix}pulses is forgotten: start pulses again, and it goes on as its rows say\n",
        "",
    )
    again = run(settings, "topics", "forget-group", "pulses")
    assert again == (0, f"there is no group {prefix}pulses: nothing was to be forgotten\n", "")

    ledger = joined(settings)
    folds(ledger, 7)
    ledger.log.close()
    assert "goes on at its start, 6: up to 4 facts are gone unread" in caplog.text
    assert [(lag.committed, lag.behind) for lag in lags(settings) if lag.ledger == "pulses"] == [(7, 0)]
