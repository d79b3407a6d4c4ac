"""Garbage is looked for often where facts are of now, so that no pause is long, and seldom while catching up."""

import gc
from collections.abc import Iterator

import pytest

from streams.garbage import Sweeper


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.parametrize(("live", "swept_at"), [(True, [1, 2, 3, 4]), (False, [])])
def test_who_is_live_looks_often(live: bool, swept_at: list[int]) -> None:
    now, found = [0.0], []
    sweeper = Sweeper(lambda: now[0])
    assert not gc.isenabled()
    for step in range(1, 5):
        before = gc.get_freeze_count()
        fresh = [[step]]
        now[0] = step / 4
        sweeper.look(live)
        if gc.get_freeze_count() > before:
            found.append(step)
        del fresh
    assert found == swept_at


def test_who_catches_up_looks_each_minute() -> None:
    now = [0.0]
    sweeper = Sweeper(lambda: now[0])
    now[0] = 60.0
    sweeper.look()
    assert sweeper.swept == 60.0
