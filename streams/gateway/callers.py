"""How is a caller of a door answered, whatever is sent: too large, too slow, in another encoding than it says?"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError
from faust.web import Response

from streams.gateway import console
from streams.gateway.door import MAX_BODY, Answer, Door

Take = Callable[[Mapping[str, str], bytes], Awaitable[Answer]]
BODY_S = 30.0  # a caller who is slower to send a body is told so, and holds nothing


class CallersFault(logging.Filter):
    """What a caller sent and cannot be read is answered with 400, and is one line of the log, not a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, RequestPayloadError | HttpProcessingError):
            record.msg, record.args = "a request cannot be read: %s", (type(error).__name__,)
            record.exc_info = record.exc_text = None
        return True


async def answer(view: Any, request: Any, door: Door, take: Take) -> Response:
    return _reply(view, door.forbids(request.headers) or await _taken(request, take))


async def _taken(request: Any, take: Take) -> Answer:
    try:
        body = await asyncio.wait_for(_body(request), BODY_S)
    except RequestPayloadError:
        return Answer(400, {"error": "the body is not in the encoding that its headers name"})
    except TimeoutError:
        return Answer(408, {"error": f"the body did not come within {BODY_S:.0f} s: send it again"})
    if body is None:
        return Answer(413, {"error": f"the body is larger than {MAX_BODY} bytes: send several"})
    return await take(request.headers, body)


def _reply(view: Any, said: Answer) -> Response:
    response: Response = view.json(said.body, status=said.status, headers={**console.PLAIN, **said.headers})
    return response


async def _body(request: Any) -> bytes | None:
    """The body, or None once it grows past the limit; never more than that is held."""
    found = bytearray()
    async for chunk in request.content.iter_any():
        found += chunk
        if len(found) > MAX_BODY:
            return None
    return bytes(found)
