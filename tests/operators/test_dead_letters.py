"""What was parked is listed without its value, shown on request, and goes back byte for byte, once."""

import json

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from schemas.control import FactParked
from streams import dead_letters
from streams.broker import Broker
from streams.log import Stored
from streams.outlet import parked_outlet
from streams.settings import Settings
from tests.memory import START
from tests.nudging.life import made
from tests.operators.conftest import Run

BYTES = b'\xff{"name": "Ada \x1b[31m"'


@pytest.fixture
def parked(broker: Broker, prefix: str, run: Run) -> Settings:
    """Two letters: one from the platform's topic, one from an inner topic."""
    settings = broker.settings(prefix=prefix, partitions=2)
    assert run(settings, "topics", "create").code == 0
    producer = Producer(settings.confluent())
    for topic, reason in (("platform-events", "not JSON"), ("pool-facts", "hops: more than 8")):
        headers = [
            ("ce_type", b"org.mentorway.fact.parked.v1"),
            ("parked_topic", (prefix + topic).encode()),
            ("parked_partition", b"1"),
            ("parked_offset", b"41"),
            ("parked_reason", reason.encode()),
            ("orig_ce_type", b"whatever"),
            ("orig_key", b"a header of this name"),
            ("orig_empty", None),
            ("orig_key", b"k\x00"),  # the record's own, written last
        ]
        producer.produce(prefix + "dead-letters", BYTES, b"source", headers=headers, partition=0)
    assert producer.flush(20) == 0
    return settings


def _all_of(
    settings: Settings, topic: str, partition: int
) -> list[tuple[bytes | None, bytes | None, object]]:
    consumer = Consumer({**settings.confluent(), "group.id": "reader", "enable.auto.commit": False})
    consumer.assign([TopicPartition(settings.topic(topic), partition, 0)])
    end = consumer.get_watermark_offsets(TopicPartition(settings.topic(topic), partition), timeout=20)[1]
    found = []
    while len(found) < end:
        message = consumer.poll(20)
        assert message is not None
        found.append((message.key(), message.value(), message.headers()))
    consumer.close()
    return found


def test_list_names_place_and_reason_and_never_the_value(parked: Settings, run: Run) -> None:
    said = run(parked, "dead-letters", "list")
    assert said.code == 0
    assert [line.split()[0] for line in said.out.splitlines()] == ["0:0", "0:1"]
    assert "platform-events 1:41  not JSON" in said.out
    assert "Ada" not in said.out

    assert run(parked, "dead-letters", "list", "--topic", "nowhere").out == "no such letter\n"
    only = run(parked, "dead-letters", "list", "--json", "--reason", "hops")
    assert [json.loads(line)["id"] for line in only.out.splitlines()] == ["0:1"]


def test_show_prints_the_value_only_when_asked(parked: Settings, run: Run) -> None:
    said = run(parked, "dead-letters", "show", "0:0")
    assert "header ce_type: whatever" in said.out
    assert "header empty: none" in said.out
    assert "Ada" not in said.out

    value = run(parked, "dead-letters", "show", "0:0", "--value").out
    assert "Ada" in value
    assert "\x1b" not in value


def test_a_letter_goes_back_as_it_came_and_only_once(parked: Settings, run: Run) -> None:
    assert run(parked, "dead-letters", "requeue", "0:1").out == "sent back: 1\n"
    headers = [("ce_type", b"whatever"), ("key", b"a header of this name"), ("empty", None)]
    back = (b"k\x00", BYTES, [*headers, ("mentorway-requeued", b"0:1")])
    assert _all_of(parked, "pool-facts", 1) == [back]

    refused = run(parked, "dead-letters", "requeue", "0:1")
    assert refused.code == 1
    assert "letter 0:1 went back before: add --again" in refused.err
    assert "(went back)" in run(parked, "dead-letters", "list").out

    assert run(parked, "dead-letters", "requeue", "--all").out == "sent back: 1\n"  # the other one
    assert len(_all_of(parked, "platform-events", 1)) == 1
    assert run(parked, "dead-letters", "requeue", "0:1", "--again").code == 0
    assert _all_of(parked, "pool-facts", 1) == [back, back]
    assert run(parked, "topics", "verify").code == 0  # the record of the deployment is untouched


@pytest.mark.parametrize("key", [None, b"", b"k\x00"])
@pytest.mark.parametrize("last", ["key", "orig_key", "other"])
def test_a_letter_tells_a_record_s_key_from_a_header_of_that_name(key: bytes | None, last: str) -> None:
    told = made(FactParked, START, topic="t", partition=0, offset=7, reason="why")
    outlet = parked_outlet(told, Stored(0, 7, key, BYTES, [(last, b"a header's")]))
    found = dead_letters.letter_of("0:0", 0, outlet.value, outlet.headers)
    assert (found.key, found.headers) == (key, [(last, b"a header's")])


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["requeue"], 2, "say which letters go back"),
        (["requeue", "0:99"], 1, "there is no letter 0:99"),
        (["show", "0:99"], 1, "there is no letter 0:99"),
        (["show", "first"], 2, "give partition:offset"),
    ],
    ids=["none named", "unknown", "unknown shown", "no place"],
)
def test_what_cannot_be_done_is_said(
    parked: Settings, run: Run, words: list[str], code: int, sentence: str
) -> None:
    said = run(parked, "dead-letters", *words)
    assert said.code == code
    assert sentence in said.err
