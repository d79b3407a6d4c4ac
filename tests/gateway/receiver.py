"""A webhook's receiver that verifies what it gets, and fails, stalls or lies as a test tells it.

Plain sockets in a thread of its own, so that it can answer what no server would.
"""

import asyncio
import base64
import hashlib
import hmac
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

import orjson

SECRET = "a-secret-of-the-tests"
OK = b"HTTP/1.1 204 No Content\r\n\r\n"
STALL = b"stall"
HANG_UP = b"hang up"


def status(code: int, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {code} Said", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Got(NamedTuple):
    """One request; `id` is that of the nudge."""

    id: str
    headers: dict[str, str]
    body: bytes
    at: float  # time.monotonic

    @property
    def recipient(self) -> str:
        return str(orjson.loads(self.body)["subject"])

    def verified(self, secret: str = SECRET) -> bool:
        """As the guide to webhooks tells receivers to."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
        given = [one.partition(",")[2] for one in self.headers["webhook-signature"].split()]
        return any(hmac.compare_digest(wanted, one) for one in given)


Behaviour = Callable[
    [Got, int], bytes
]  # the request, and which try it is (from 1) -> bytes, STALL or HANG_UP


class Receiver:
    """`behave` may be changed while it runs; `port` is that of 127.0.0.1."""

    def __init__(self, behave: Behaviour = lambda got, n: OK, tls: ssl.SSLContext | None = None) -> None:
        self.behave, self.tls = behave, tls
        self.got: list[Got] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/nudges"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ids(self) -> list[str]:
        return [got.id for got in self.got]

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, ssl=self.tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        talks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._answer(reader, writer):
                    pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {
            name.lower(): value
            for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:])
        }
        body = await reader.readexactly(int(headers["content-length"]))
        got = Got(headers.get("webhook-id", ""), headers, body, time.monotonic())
        self.got.append(got)
        answer = self.behave(got, self.ids().count(got.id))
        if answer == HANG_UP:
            return False
        if answer == STALL:
            await reader.read()  # until the other side gives up
        writer.write(answer)
        await writer.drain()
        return True
