"""A gateway process for tests, spoken to over HTTP."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from confluent_kafka import Producer

from schemas.codec import encode
from schemas.fact import Fact
from streams.broker import free_ports
from streams.settings import Settings
from streams.topics import create

TOKEN = "a-door-token"


class Reply(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


class Live(NamedTuple):
    settings: Settings
    log: Path
    process: subprocess.Popen[bytes]

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.http_port, timeout=30)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.headers), answer.read())
        finally:
            connection.close()

    def post(self, path: str, body: bytes, **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, body, {"Authorization": f"Bearer {TOKEN}", **named})

    def board(self) -> Any:
        return self.ask("GET", "/api/board").json

    def say(self, topic: str, *facts: Fact, producer: Producer | None = None) -> None:
        out = producer or Producer(self.settings.confluent())
        for fact in facts:
            wire = encode(fact)
            out.produce(self.settings.topic(topic), wire.value, wire.key, headers=wire.headers, partition=0)
        out.flush(10)


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        signal.sigtimedwait([], 0.1)  # waits without a busy loop


@contextlib.contextmanager
def gateway(settings: Settings, folder: Path) -> Iterator[Live]:
    settings = settings.model_copy(update={"http_port": free_ports(1)[0], "data_dir": folder / "data"})
    create(settings)
    with running(settings, folder) as live:
        yield live


@contextlib.contextmanager
def running(settings: Settings, folder: Path) -> Iterator[Live]:
    """Topics are there already; ends with kill -9 unless it was ended before."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MENTORWAY_")}
    path = folder / "gateway.log"
    with path.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streams", "gateway"],
            env={**clean, **settings.environment()},
            stdout=log,
            stderr=log,
        )
    live = Live(settings, path, process)
    try:
        until(lambda: process.poll() is not None or answers(live), 60, "the gateway answers")
        assert process.poll() is None, live.log.read_text()
        yield live
    finally:
        process.kill()
        process.wait(10)


def answers(live: Live) -> bool:
    try:
        return live.ask("GET", "/health").status == 200
    except OSError:
        return False
