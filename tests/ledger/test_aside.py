"""Is what takes long worked out once, on the rows as committed, while the ledger goes on?"""

import signal
import time
from uuid import UUID, uuid4

import pytest

from matching import pool
from matching.chains import answer
from matching.pool_rows import ReviewRow
from schemas.fact import Fact, Moment
from schemas.policy import Policy
from schemas.reviews import PoolReviewed
from schemas.rows import Rows, changed
from streams.aside import Aside
from streams.draft import Draft
from streams.partition import Partition, key_bytes
from streams.role import FactRole
from tests.matching.people import POOL
from tests.matching.test_review import crossed, review
from tests.memory import START

ROLE = FactRole("pools", pool.ROWS, pool.fold, {ReviewRow.KIND: answer})


@pytest.fixture
def asking() -> tuple[Partition, Fact]:
    """A partition whose pool asks for a review, and the answer that is due."""
    asked = review(crossed())
    partition = Partition(0, pool.ROWS)
    for key, raw in asked.pool.rows.stored.items():
        partition.restore(key_bytes(key), raw)
    partition.restored()
    partition.progress = partition.progress.model_copy(update={"clock": asked.pool.now})
    return partition, asked.fact


def _ask_anew(partition: Partition, due: Fact, asked: UUID | None = None) -> None:
    draft = Draft(partition)
    row = draft.find(ReviewRow, POOL)
    assert row is not None
    draft.put(changed(row, asked=asked or due.id), POOL)
    draft.accept()
    list(draft.changes())
    draft.keep()


def wait(aside: Aside) -> Fact:
    deadline = time.monotonic() + 300
    while aside.answers.empty():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return aside.answers.get()


def test_a_row_that_asks_is_answered_in_a_process_of_its_own(asking: tuple[Partition, PoolReviewed]) -> None:
    partition, due = asking
    aside = Aside(ROLE, lambda: crossed().policy, "equal", stands_s=0)
    aside.look({0: partition})
    told = wait(aside)
    assert isinstance(told, PoolReviewed)
    assert (told.review, told.chains, told.gains) == (due.review, due.chains, due.gains)


def test_a_row_is_taken_once_and_again_when_it_asks_anew(asking: tuple[Partition, PoolReviewed]) -> None:
    partition, due = asking
    aside = Aside(ROLE, Policy, "equal", stands_s=0)
    aside.look({0: partition})
    wait(aside)
    assert aside.thread is not None
    aside.thread.join()
    aside.look({0: partition})
    assert aside.answers.empty()
    assert not aside.thread.is_alive()
    _ask_anew(partition, due)
    aside.look({0: partition})
    told = wait(aside)
    assert isinstance(told, PoolReviewed)
    assert told.review == due.id


def test_one_that_nobody_waits_for_any_more_is_ended_and_the_next_gets_more_time(
    asking: tuple[Partition, PoolReviewed],
) -> None:
    partition, due = asking
    role = FactRole("pools", pool.ROWS, pool.fold, {ReviewRow.KIND: never})
    aside = Aside(role, Policy, stands_s=0)
    aside.look({0: partition})
    while aside.process is None:
        time.sleep(0.01)
    aside.look({0: partition})
    assert not aside.late
    aside.look({})  # the partition went to another worker
    assert aside.thread is not None
    aside.thread.join(60)
    assert not aside.thread.is_alive()
    assert aside.answers.empty()
    aside.role = ROLE
    _ask_anew(partition, due)
    aside.look({0: partition})
    assert wait(aside)
    assert not aside.late


def test_one_that_is_under_way_when_the_worker_ends_is_ended_without_a_word(
    asking: tuple[Partition, PoolReviewed], caplog: pytest.LogCaptureFixture
) -> None:
    partition, _ = asking
    aside = Aside(FactRole("pools", pool.ROWS, pool.fold, {ReviewRow.KIND: never}), Policy, stands_s=0)
    aside.look({0: partition})
    while aside.process is None:
        time.sleep(0.01)
    aside.end()
    assert aside.thread is not None
    aside.thread.join(60)
    assert not aside.thread.is_alive()
    assert not caplog.records


def never(rows: Rows, moment: Moment) -> Fact:
    signal.sigwait({signal.SIGUSR1})
    raise AssertionError


def test_a_pool_that_asks_for_nothing_starts_no_process() -> None:
    partition = Partition(0, pool.ROWS)
    partition.progress = partition.progress.model_copy(update={"clock": START})
    aside = Aside(ROLE, Policy, "equal", stands_s=0)
    aside.look({0: partition})
    assert aside.thread is None


def test_what_is_asked_anew_all_the_time_is_not_begun_with(asking: tuple[Partition, PoolReviewed]) -> None:
    """As on the facts' clock, where half an hour may be a tenth of a second."""
    partition, due = asking
    aside = Aside(ROLE, Policy, "equal", stands_s=0.05)
    for _ in range(3):
        aside.look({0: partition})
        assert aside.thread is None
        _ask_anew(partition, due, uuid4())
    while aside.thread is None:
        aside.look({0: partition})
    assert wait(aside)
