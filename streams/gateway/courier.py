"""What happened when a nudge was posted to a webhook once?

Any 2xx is delivered; 410 means never again; anything else may be tried again.  A redirect is never followed, an answer's
body never believed, and no answer may take longer or be larger than it is allowed to.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Mapping
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp.helpers import is_ip_address

from streams.gateway.addresses import NotAllowed, Pinned, Rules

GONE = 410
READ, READ_S = 16_384, 1.0  # of an answer's body, so that the connection can serve again
LONGEST_WAIT_S = 3600.0


class Delivered(NamedTuple):
    code: str


class Failed(NamedTuple):
    """`code` says why; `after_s` is how long the receiver asked us to wait."""

    code: str
    permanent: bool = False
    after_s: float = 0.0


class Courier:
    """One client for one webhook: its connections go to allowed addresses alone."""

    def __init__(self, url: str, rules: Rules, timeout_s: float, at_once: int) -> None:
        self.url, self.rules = url, rules
        parts = urlsplit(url)
        self.plain, self.host = parts.scheme == "http", parts.hostname or ""
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=Pinned(rules, self.plain), use_dns_cache=False, limit=at_once
            ),
            timeout=aiohttp.ClientTimeout(total=timeout_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,  # no proxy that would resolve for us
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Delivered | Failed:
        try:
            if is_ip_address(self.host):  # no name to resolve
                self.rules.check(self.host, self.plain)
            async with self.session.post(
                self.url, data=body, headers=dict(headers), allow_redirects=False
            ) as answer:
                found = _judged(answer.status, answer.headers)
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with asyncio.timeout(READ_S):
                        await answer.content.read(READ)
                return found
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Failed(_code(error))


def _judged(status: int, headers: Mapping[str, str]) -> Delivered | Failed:
    if 200 <= status < 300:
        return Delivered(f"http_{status}")
    if 300 <= status < 400:
        return Failed("redirect")
    asked = headers.get("Retry-After", "")
    after = (
        min(float(asked), LONGEST_WAIT_S) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0.0
    )
    return Failed(f"http_{status}", permanent=status == GONE, after_s=after)


def _code(error: BaseException) -> str:
    causes = {
        type(one) for one in (error, error.__cause__, getattr(error, "os_error", None)) if one is not None
    }

    def any_of(*kinds: type[BaseException]) -> bool:
        return any(issubclass(found, kinds) for found in causes)

    if any_of(NotAllowed):
        return "not_allowed"
    if any_of(TimeoutError):
        return "timeout"
    if any_of(ssl.SSLError, ssl.CertificateError, aiohttp.ClientSSLError):
        return "tls"
    if any_of(aiohttp.ClientConnectorDNSError, socket.gaierror):
        return "dns"
    if any_of(aiohttp.ServerDisconnectedError, ConnectionResetError):
        return "hung_up"
    if any_of(aiohttp.ClientConnectionError, OSError):
        return "unreachable"
    return "bad_answer"
