"""One try at a webhook that answers, fails, stalls or lies, over real sockets."""

import asyncio
import shutil
import ssl
import subprocess
import time
from ipaddress import ip_network
from pathlib import Path

import pytest

from streams.gateway.addresses import Rules
from streams.gateway.courier import Courier, Delivered, Failed
from tests.gateway.receiver import HANG_UP, OK, STALL, Receiver, status

LOCAL = (ip_network("127.0.0.1/32"),)
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 200_000


def tried(url: str, rules: Rules, timeout_s: float = 5.0) -> Delivered | Failed:
    async def go() -> Delivered | Failed:
        async with Courier(url, rules, timeout_s, 4) as courier:
            return await courier.post(b"{}", {"webhook-id": "1"})

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (OK, Delivered("http_204")),
        (status(200, body=b"thanks"), Delivered("http_200")),
        (status(500), Failed("http_500")),
        (status(404), Failed("http_404")),
        (status(410), Failed("http_410", permanent=True)),
        (status(429, "Retry-After: 120"), Failed("http_429", after_s=120.0)),
        (status(503, "Retry-After: 999999"), Failed("http_503", after_s=3600.0)),
        (status(503, "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"), Failed("http_503")),
        (HANG_UP, Failed("hung_up")),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", Failed("bad_answer")),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n", Failed("bad_answer")),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", Failed("bad_answer")),
    ],
    ids=["204", "200", "500", "404", "gone", "busy", "too long a wait", "a date", "hangs up", "not HTTP", "headers", "header"],
)  # fmt: skip
def test_an_answer_is_judged_by_its_status(answer: bytes, outcome: Delivered | Failed) -> None:
    with Receiver(lambda got, n: answer) as receiver:
        assert tried(receiver.url, Rules(networks=LOCAL)) == outcome


def test_one_that_never_answers_is_left_after_the_timeout() -> None:
    with Receiver(lambda got, n: STALL) as receiver:
        began = time.monotonic()
        assert tried(receiver.url, Rules(networks=LOCAL), timeout_s=0.5) == Failed("timeout")
        assert time.monotonic() - began < 3


def test_an_endless_body_costs_no_more_than_a_second() -> None:
    with Receiver(lambda got, n: ENDLESS) as receiver:
        began = time.monotonic()
        assert tried(receiver.url, Rules(networks=LOCAL)) == Delivered("http_200")
        assert time.monotonic() - began < 3


def test_a_redirect_is_not_followed() -> None:
    with Receiver() as inner, Receiver(lambda got, n: status(307, f"Location: {inner.url}")) as receiver:
        assert tried(receiver.url, Rules(networks=LOCAL)) == Failed("redirect")
        assert inner.got == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_an_address_inward_is_not_reached_under_any_of_its_names(host: str) -> None:
    with Receiver() as receiver:
        for scheme in ("http", "https"):
            found = tried(f"{scheme}://{host}:{receiver.port}/", Rules())
            assert isinstance(found, Failed)
        assert receiver.got == []


def test_a_name_that_changes_its_mind_reaches_nothing_inward(monkeypatch: pytest.MonkeyPatch) -> None:
    """Public when it was looked at, inward when it is connected to: the connection goes to what was looked at."""
    asked = list[str]()
    connected = list[str]()

    async def go(port: int) -> Delivered | Failed:
        loop = asyncio.get_running_loop()
        real = loop.sock_connect

        async def getaddrinfo(host: str, *_: object, **__: object) -> list[object]:
            asked.append(host)
            address = "192.88.99.255" if len(asked) > 1 else "8.8.8.8"
            return [(2, 1, 6, "", (address, port))]

        async def sock_connect(sock: object, address: tuple[str, int]) -> None:
            connected.append(address[0])
            raise ConnectionRefusedError

        monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(loop, "sock_connect", sock_connect)
        async with Courier(f"https://rebinding.example:{port}/", Rules(), 5.0, 1) as courier:
            found = await courier.post(b"{}", {})
        monkeypatch.setattr(loop, "sock_connect", real)
        return found

    assert asyncio.run(go(9)) == Failed("unreachable")
    assert asked == ["rebinding.example"]
    assert connected == ["8.8.8.8"]


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = str(tmp_path / "key"), str(tmp_path / "certificate")
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=127.0.0.1",
        "-keyout",
        key,
        "-out",
    ]
    subprocess.run([*words, certificate], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with Receiver(tls=tls) as receiver:
        assert tried(f"https://127.0.0.1:{receiver.port}/", Rules(networks=LOCAL)) == Failed("tls")
        assert receiver.got == []


def test_nobody_there_is_said_so() -> None:
    with Receiver() as receiver:
        url = receiver.url
    assert tried(url, Rules(networks=LOCAL)) == Failed("unreachable")
