"""A broker that answers an empty fetch at once is not asked again at once."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from streams.gateway import guard

FETCH, METADATA = SimpleNamespace(API_KEY=1), SimpleNamespace(API_KEY=3)


def answer(*records: bytes) -> Any:
    """As aiokafka has it: topics with partitions, the records last."""
    return SimpleNamespace(topics=[("nudges", [(n, 0, 7, 7, [], raw) for n, raw in enumerate(records)])])


def pauses(monkeypatch: pytest.MonkeyPatch, request: Any, told: Any, takes: float = 0.0) -> list[float]:
    paused: list[float] = []
    clock = iter((0.0, takes))

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    async def send(node: int, asked: Any) -> Any:
        return told

    monkeypatch.setattr(guard, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(guard, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert asyncio.run(guard.unhurried(send)(1, request)) is told
    return paused


def test_an_empty_answer_at_once_is_waited_after(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pauses(monkeypatch, FETCH, answer(b"", b"")) == [guard.PAUSE_S]


def test_an_empty_answer_that_the_broker_waited_with_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pauses(monkeypatch, FETCH, answer(b"", b""), takes=0.5) == []


def test_records_are_taken_without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pauses(monkeypatch, FETCH, answer(b"", b"records")) == []


def test_nothing_but_a_fetch_is_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pauses(monkeypatch, METADATA, SimpleNamespace(topics=[])) == []
