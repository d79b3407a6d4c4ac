"""Health and metrics of a worker: what it owns alone, and no caller holds it up."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from streams import metrics
from streams.metrics import WorkerMeter, serve

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def meter() -> WorkerMeter:
    return WorkerMeter("pools")


@pytest.fixture
def port(meter: WorkerMeter, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(metrics, "ASK_S", 0.1)
    return serve(meter, "127.0.0.1", 0, lambda: True)


def asked(port: int, path: str, host: str = "127.0.0.1") -> tuple[int, str]:
    line = http.client.HTTPConnection(host, port, timeout=5)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def test_a_partition_that_another_worker_took_over_is_told_no_more(meter: WorkerMeter, port: int) -> None:
    for partition in (0, 1):
        meter.restored(partition, rows=3)
        meter.seen(partition, rows=3, lag=7, clock=NOW if partition else None)
    meter.owns({1})
    _, told = asked(port, "/metrics")
    assert 'partition="0"' not in told
    assert 'mentorway_lag{ledger="pools",partition="1"} 7.0' in told
    meter.owns(())
    meter.restored(0, rows=4)
    _, told = asked(port, "/metrics")
    assert 'mentorway_rows{ledger="pools",partition="0"} 4.0' in told
    assert 'partition="1"' not in told


def test_a_question_may_carry_parameters(port: int) -> None:
    assert asked(port, "/metrics?job=pools")[0] == 200
    status, body = asked(port, "/health?now")
    assert (status, json.loads(body)["ledger"]) == (200, "pools")


def test_who_asks_for_the_head_alone_gets_no_body(port: int) -> None:
    ours = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    ours.request("HEAD", "/health")
    answer = ours.getresponse()
    assert (answer.status, answer.read()) == (200, b"")


def test_a_caller_who_asks_nothing_is_hung_up_on(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as slow:
        slow.sendall(b"GET /hea")
        assert slow.recv(1) == b""


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_health_is_served_on_an_ipv6_address_too(meter: WorkerMeter) -> None:
    assert asked(serve(meter, "::1", 0, lambda: True), "/health", "::1")[0] == 200


def test_a_caller_who_went_away_leaves_no_traceback(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as gone:
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # hang up by a reset
        gone.sendall(b"GET /hea")
    assert asked(port, "/health")[0] == 200  # taken after the other
    for thread in threading.enumerate():
        if "process_request" in thread.name and thread.is_alive():
            thread.join(5)
    assert capfd.readouterr().err == ""
