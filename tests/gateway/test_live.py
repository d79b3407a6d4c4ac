"""Does a running gateway show what was committed, and that alone, through restarts and hostile names?"""

import os
import subprocess
import sys
from pathlib import Path

import orjson
from confluent_kafka import ConsumerGroupTopicPartitions, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from streams.broker import Broker, taken
from streams.settings import Settings
from tests.gateway.live import TOKEN, Live, gateway, running, until
from tests.gateway.test_board import EVIL, proposed, round_of, sent


def learners(live: Live) -> set[str]:
    return {row["learner"] for row in live.board()["matches"]}


def transactional(live: Live, name: str) -> Producer:
    producer = Producer({**live.settings.confluent(), "transactional.id": live.settings.prefix + name})
    producer.init_transactions(20)
    return producer


def committed(settings: Settings, topic: str) -> int:
    """The board's committed offset of the topic's first partition."""
    part = TopicPartition(settings.topic(topic), 0)
    asked = ConsumerGroupTopicPartitions(settings.prefix + "board", [part])
    admin = AdminClient(settings.confluent())  # kept while the answer is waited for
    [found] = admin.list_consumer_group_offsets([asked]).values()
    return int(found.result(10).topic_partitions[0].offset)


def test_what_a_transaction_aborted_is_never_shown_and_stops_nothing(
    kafka: Broker, tmp_path: Path, prefix: str
) -> None:
    settings = kafka.settings(prefix=prefix, partitions=2, door_token=TOKEN)
    with gateway(settings, tmp_path) as live:
        producer = transactional(live, "writer")

        def transaction(learner: str, commit: bool) -> None:
            producer.begin_transaction()
            live.say("matches", proposed(learner=learner), producer=producer)
            if commit:
                producer.commit_transaction(20)
            else:
                producer.abort_transaction(20)

        transaction("real-0", True)
        for n in range(5):
            transaction(f"ghost-{n}", False)
        transaction("real-1", True)
        until(lambda: learners(live) == {"real-0", "real-1"}, 90, "both real matches on the board")
        last = 2 * 6  # seven transactions of a record and a marker each
        until(
            lambda: committed(settings, "matches") == last + 1,
            60,
            "the gap behind offset 0 is committed past",
        )
        for n in range(3):
            transaction(f"ghost-{n}", False)
    with running(live.settings, tmp_path):
        transaction("real-2", True)
        until(lambda: learners(live) == {"real-0", "real-1", "real-2"}, 60, "the table restored, and read on")
        until(lambda: committed(settings, "matches") == last + 9, 20, "read on from behind the markers")
        assert live.board()["counts"]["matches"] == 3


def test_hostile_names_are_text_on_the_page(live: Live) -> None:
    live.say("matches", proposed(learner=EVIL, mentor='"><img src=x onerror=alert(1)>'))
    live.say("nudges", sent(learner=EVIL))
    live.say("rounds", round_of(pool=EVIL))
    until(lambda: EVIL in learners(live) and len(live.board()["pools"]) > 0, 90, "the hostile match")
    page = live.ask("GET", "/")
    text = page.body.decode()
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for path in ("/", "/api/board", "/health"):
        assert live.ask("GET", path).headers["X-Content-Type-Options"] == "nosniff"
    assert live.ask("GET", "/api/board").headers["Content-Type"].startswith("application/json")


def test_who_reads_slowly_may_hold_the_page_still(live: Live) -> None:
    assert b'http-equiv="refresh"' in live.ask("GET", "/").body
    assert b'http-equiv="refresh"' not in live.ask("GET", "/?still").body


def test_a_page_asked_by_a_foreign_name_is_not_given(live: Live) -> None:
    for path in ("/", "/api/board"):
        assert live.ask("GET", path, headers={"Host": "evil.example:8600"}).status == 421
        assert live.ask("GET", path, headers={"Host": "localhost:8600"}).status == 200


def test_the_lag_of_every_ledger_is_shown(live: Live) -> None:
    until(lambda: set(live.board()["lag"]) == {"intake", "pools", "pulses", "inboxes"}, 90, "the lag")


def test_without_a_token_the_doors_are_shut(kafka: Broker, tmp_path: Path, prefix: str) -> None:
    with gateway(kafka.settings(prefix=prefix, partitions=1), tmp_path) as live:
        reply = live.ask("POST", "/events", b"{}", {"Authorization": "Bearer "})
        assert reply.status == 503
        assert "MENTORWAY_DOOR_TOKEN" in reply.json["error"]


def said(settings: Settings) -> tuple[int, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MENTORWAY_")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "streams", "gateway"],
        env={**clean, **settings.environment()}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_what_an_operator_can_mend_is_one_sentence(live: Live, kafka: Broker, prefix: str) -> None:
    taken = kafka.settings(prefix=prefix, partitions=1, http_port=live.settings.http_port)
    code, text = said(taken)
    assert code == 1
    assert "MENTORWAY_HTTP_PORT" in text
    missing = kafka.settings(prefix=prefix, partitions=1, http_port=1 + live.settings.http_port)
    code, text = said(missing)
    assert code == 1
    assert "topics create" in text
    assert text.count("\n") == 1


def test_events_are_promised_only_when_kafka_has_them(tmp_path: Path, prefix: str, kafka: Broker) -> None:
    settings = kafka.settings(prefix=prefix, partitions=1, door_token=TOKEN)
    statement = orjson.dumps({"id": "s", "actor": {}})
    with gateway(settings, tmp_path) as live:
        assert live.post("/xapi/statements", statement).status == 200
        live.say("matches", proposed(learner="before"))
        until(lambda: learners(live) == {"before"}, 60, "the board reads")
        kafka.kill()
        try:
            reply = live.post("/xapi/statements", statement)
        finally:
            kafka.start()
        assert reply.status == 503
        assert int(reply.headers["Retry-After"]) > 0
        until(lambda: live.post("/xapi/statements", statement).status == 200, 60, "the door opens again")
        live.say("matches", proposed(learner="afterwards"))
        until(lambda: learners(live) == {"before", "afterwards"}, 120, "the board reads on")
        assert live.process.poll() is None
        assert len(live.log.read_text().splitlines()) < 100  # the clients' chatter once a minute


def test_it_listens_where_it_is_told_and_ends_when_it_is_told(
    tmp_path: Path, prefix: str, embedded: Broker
) -> None:
    settings = embedded.settings(prefix=prefix, partitions=1)
    with gateway(settings, tmp_path) as live:
        assert not taken(live.settings.http_port, "127.0.0.2")  # of this machine too, but not the asked one
        live.process.terminate()
        assert live.process.wait(30) == 0
        assert "Traceback" not in live.log.read_text()
