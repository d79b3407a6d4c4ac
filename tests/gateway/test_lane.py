"""What a lane does where it cannot begin, or cannot read: no client is left behind, and the log says why, once."""

from typing import Any

import pytest
from confluent_kafka import KafkaException, TopicPartition

from schemas.codec import encode
from schemas.delivery import DeliveryPolicy, Webhook
from streams.broker import free_ports
from streams.gateway import backlog
from streams.gateway.addresses import Rules
from streams.gateway.backlog import Backlog
from streams.gateway.lane import Lane
from streams.gateway.owed import Owed
from streams.gateway.writer import Writer
from streams.log import Stored
from streams.settings import Settings
from tests.gateway.post import nudge


def test_a_lane_that_cannot_begin_leaves_no_client_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "CALL_S", 0.1)
    one = Backlog("mail", Settings(brokers=f"127.0.0.1:{free_ports(1)[0]}", partitions=1))
    with pytest.raises(KafkaException):
        one.open()
    with pytest.raises(RuntimeError, match="closed"):
        one.reader.poll(0)


def test_nudges_of_a_newer_release_are_told_of_once_and_do_not_stand_in_the_way(
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = Settings(brokers=f"127.0.0.1:{free_ports(1)[0]}", partitions=1)
    hook = Webhook(name="mail", url="http://127.0.0.1:9/", secret="env:NO_SUCH_SECRET")
    lane = Lane(hook, DeliveryPolicy(), settings, Rules.of(settings), Writer(settings))
    lane.backlog.owed[0] = owed = Owed(0)
    wire = encode(nudge())
    newer = [("ce_type", b"org.mentorway.nudge.sent.v2"), *(h for h in wire.headers if h[0] != "ce_type")]
    for offset in range(3):
        assert owed.begin(offset)
        message: Any = Stored(0, offset, wire.key, wire.value, [*newer])
        lane._take(message, None, None)  # type: ignore[arg-type]  # nothing is sent
    assert [record.getMessage() for record in caplog.records] == [
        "webhook mail is not sent nudges that this gateway cannot read (org.mentorway.nudge.sent.v2 is newer than this "
        "release reads (v1)): run the release of the ledgers here, too"
    ]
    assert owed.commit() == (3, "0:")


class Commits:
    """What a broker is asked to note."""

    def __init__(self) -> None:
        self.noted: list[tuple[int, int]] = []

    def commit(self, offsets: list[TopicPartition], asynchronous: bool) -> list[TopicPartition]:
        self.noted += [(place.partition, place.offset) for place in offsets]
        return []


def test_offsets_that_do_not_change_are_said_again_before_a_broker_forgets_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, broker = Backlog("mail", Settings(partitions=1)), Commits()
    one.reader, one.owed[0] = broker, Owed(7)  # type: ignore[assignment]
    for _ in range(3):
        one.commit()
    assert broker.noted == [(0, 7)]
    monkeypatch.setattr(one, "renewed", one.renewed - backlog.RENEW_S)
    for _ in range(3):
        one.commit()
    assert broker.noted == [(0, 7), (0, 7)]
