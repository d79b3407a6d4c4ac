"""Is a caller who never sends the rest of a body told so, and let go?"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from streams.gateway import callers
from streams.gateway.door import Answer


async def never_ends() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.sleep(60)


def test_a_body_that_does_not_come_is_waited_for_so_long_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(callers, "BODY_S", 0.05)
    door: Any = SimpleNamespace(forbids=lambda headers: None)
    request = SimpleNamespace(headers={}, content=SimpleNamespace(iter_any=never_ends))
    view = SimpleNamespace(json=lambda body, status, headers: (status, body))

    async def take(headers: Mapping[str, str], body: bytes) -> Answer:
        raise AssertionError("half a body is taken for a whole one")

    status, body = asyncio.run(callers.answer(view, request, door, take))
    assert status == 408
    assert "send it again" in body["error"]
