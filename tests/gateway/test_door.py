"""Does the door take good events, name each bad one, and stay standing whatever is sent?"""

import gzip
from uuid import uuid4

import orjson
import pytest
from confluent_kafka import Consumer, Message, TopicPartition

from tests.gateway.live import TOKEN, Live, until

BINARY = "application/json"
ONE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


def event(**fields: object) -> dict[str, object]:
    return {
        "specversion": "1.0", "id": uuid4().hex, "source": "/lms", "type": "org.mentorway.activity.seen.v1",
        "time": "2026-03-02T09:00:00Z", "subject": "lms:7", "data": {"learner": "lms:7"}, **fields,
    }  # fmt: skip


def written(live: Live) -> list[Message]:
    """All that is in platform-events now."""
    consumer = Consumer(
        {**live.settings.confluent(), "group.id": uuid4().hex, "auto.offset.reset": "earliest"}
    )
    topic, found = live.settings.topic("platform-events"), []
    try:
        parts = [TopicPartition(topic, n, 0) for n in range(live.settings.partitions)]
        left = sum(consumer.get_watermark_offsets(part, timeout=10)[1] for part in parts)
        consumer.assign(parts)
        while left:
            [message] = consumer.consume(1, timeout=10)
            assert message.error() is None
            found.append(message)
            left -= 1
    finally:
        consumer.close()
    return found


def record(live: Live, id: str) -> Message:
    [found] = [
        m for m in written(live) if dict(m.headers()).get("ce_id") == id.encode() or m.key() == id.encode()
    ]
    return found


def test_a_binary_event_is_in_kafka_when_it_is_answered(live: Live) -> None:
    id = uuid4().hex
    reply = live.post(
        "/events", b'{"learner":"lms:7"}', Content_Type=BINARY, ce_specversion="1.0", ce_id=id, ce_source="/lms",
        ce_type="x", ce_time="2026-03-02T09:00:00Z", ce_subject="caf%C3%A9",
    )  # fmt: skip
    assert (reply.status, reply.json) == (202, {"accepted": 1, "refused": []})
    message = record(live, id)
    headers = dict(message.headers())
    assert headers["ce_subject"] == message.key() == "café".encode()
    assert headers["mentorway-dialect"] == b"events"
    assert headers["ce_specversion"] == b"1.0"
    assert orjson.loads(message.value()) == {"learner": "lms:7"}


def test_a_structured_event_carries_its_data_as_the_value(live: Live) -> None:
    one = event()
    assert live.post("/events", orjson.dumps(one), Content_Type=ONE + "; charset=utf-8").status == 202
    message = record(live, str(one["id"]))
    assert orjson.loads(message.value()) == one["data"]
    assert dict(message.headers())["ce_time"] == b"2026-03-02T09:00:00Z"


def test_a_batch_says_which_events_are_bad(live: Live) -> None:
    good, bad = event(), event(id="bad-one", specversion="0.3")
    reply = live.post("/events", orjson.dumps([good, bad, 7]), Content_Type=BATCH)
    assert reply.status == 207
    assert reply.json["accepted"] == 1
    assert [(r["index"], r["id"]) for r in reply.json["refused"]] == [(1, "bad-one"), (2, "")]
    assert all(r["reason"] for r in reply.json["refused"])
    assert record(live, str(good["id"]))


def test_statements_are_taken_with_their_dialect(live: Live) -> None:
    statement = {"id": str(uuid4()), "actor": {"name": "A"}, "verb": {"id": "v"}, "object": {"id": "o"}}
    reply = live.post("/xapi/statements", orjson.dumps([statement]), Content_Type="application/json")
    assert reply.status in (200, 202)
    message = record(live, str(statement["id"]))
    assert orjson.loads(message.value()) == statement
    assert dict(message.headers())["mentorway-dialect"] == b"xapi"


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer wrong", "Basic YTpi", "Bearer a-door-toke", "Bearer \xff"]
)
@pytest.mark.parametrize("path", ["/events", "/xapi/statements"])
def test_without_the_token_nothing_is_taken(live: Live, token: str, path: str) -> None:
    reply = live.ask("POST", path, orjson.dumps(event()), {"Authorization": token, "Content-Type": ONE})
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"] == "Bearer"


def test_the_scheme_may_be_written_in_any_case(live: Live) -> None:
    reply = live.ask(
        "POST", "/events", orjson.dumps(event()), {"Authorization": f"bearer {TOKEN}", "Content-Type": ONE}
    )
    assert reply.status == 202


def test_a_body_over_the_limit_is_refused(live: Live) -> None:
    before = len(written(live))
    reply = live.post("/events", orjson.dumps(event(data={"x": "y" * 1_000_001})), Content_Type=ONE)
    assert reply.status == 413
    assert len(written(live)) == before


def test_a_batch_over_the_limit_is_refused_and_a_full_one_taken(live: Live) -> None:
    assert live.post("/events", orjson.dumps([event()] * 1001), Content_Type=BATCH).status == 413
    reply = live.post("/events", orjson.dumps([event() for _ in range(1000)]), Content_Type=BATCH)
    assert (reply.status, reply.json["accepted"]) == (202, 1000)


HOSTILE = [
    b"", b"null", b"[]", b"{}", b"7", b'"text"', b"\xff\xfe\x00", b"{" * 50_000, b"[" * 200_000, b'{"a":' * 5000,
    orjson.dumps(event(id="")), orjson.dumps(event(id="i" * 300)), orjson.dumps(event(id=7)),
    orjson.dumps(event(data=None)), orjson.dumps(event(data="text")), orjson.dumps(event(time=None)),
    orjson.dumps(event(data_base64="eA==")), b'{"id":"\\ud800"}', b'{"id":' + b"9" * 5000 + b"}",
    b'{"specversion":"1.0","id":"x","source":"s","type":"t","time":NaN,"data":{}}',
]  # fmt: skip


@pytest.mark.parametrize("kind", [ONE, BATCH, BINARY, "text/plain", ""])
@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_bodies_are_refused_in_a_sentence(live: Live, kind: str, body: bytes) -> None:
    reply = live.post("/events", body, Content_Type=kind)
    assert reply.status == 400
    assert reply.json.get("error") or reply.json["refused"][0]["reason"]


@pytest.mark.parametrize(
    "body", [b"", b"7", b"\xff", b"[[]]", b"[" * 200_000, b'["x", null]', b"[]"], ids=range(7)
)
def test_hostile_statements_are_refused(live: Live, body: bytes) -> None:
    assert live.post("/xapi/statements", body, Content_Type="application/json").status == 400


def test_one_event_too_deep_to_write_again_does_not_cost_the_others(live: Live) -> None:
    good = orjson.dumps(event())
    deep = orjson.dumps(event(id="deep")).replace(b'{"learner":"lms:7"}', b'{"a":' * 400 + b"1" + b"}" * 400)
    reply = live.post("/events", b"[" + deep + b"," + good + b"]", Content_Type=BATCH)
    assert reply.status == 207
    assert [refused["id"] for refused in reply.json["refused"]] == ["deep"]


def test_headers_that_are_no_text_and_encodings_that_are_a_lie_are_refused(live: Live) -> None:
    assert live.post("/events", b"{}", ce_id="\xff\xfe").status == 400
    reply = live.post("/events", b"{}", Content_Type=ONE, Content_Encoding="gzip")
    assert reply.status == 400
    assert "encoding" in reply.json["error"]
    assert live.post("/events", b"{}", Content_Type=ONE, Content_Encoding="deflate").status == 400
    until(lambda: "a request cannot be read" in live.log.read_text(), 10, "a line of the log")
    assert "Traceback" not in live.log.read_text()


def test_a_small_body_that_grows_is_refused(live: Live) -> None:
    body = gzip.compress(b'{"x":"' + b"y" * 20_000_000 + b'"}')
    assert live.post("/events", body, Content_Type=ONE, Content_Encoding="gzip").status == 413


def test_other_methods_and_faust_pages_are_not_there(live: Live) -> None:
    assert live.ask("GET", "/events").status == 405
    for path in ("/table/", "/table", "/router/", "/graph/", "/stats/", "/../etc/passwd"):
        assert live.ask("GET", path).status == 404


def test_what_became_of_events_is_counted_for_alarms_and_names_nobody(live: Live) -> None:
    def counts() -> dict[str, float]:
        text = live.ask("GET", "/metrics").body.decode()
        assert "lms:7" not in text
        return {
            line.partition(" ")[0]: float(line.rpartition(" ")[2])
            for line in text.splitlines()
            if line.startswith("mentorway_door_events_total")
        }

    before = counts()
    live.post("/events", orjson.dumps([event(), event(id="")]), Content_Type=BATCH)
    grown = {name: value - before[name] for name, value in counts().items()}
    assert grown == {
        'mentorway_door_events_total{outcome="accepted"}': 1,
        'mentorway_door_events_total{outcome="refused"}': 1,
        'mentorway_door_events_total{outcome="not_written"}': 0,
    }
