"""Does a partition find its indexed rows, and no others, whatever happened to them?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import lists, text

from matching.pool import ROWS
from matching.rows import LearnerRow
from schemas.rows import RowKey, changed
from streams.draft import Draft
from streams.partition import Partition, key_bytes, row_bytes
from streams.words import FEW, KEPT_FOR

NOW = datetime(2026, 3, 2, tzinfo=UTC)
WAITS, PAIRED = LearnerRow(waiting_since=NOW), LearnerRow()


def partition_of(**rows: LearnerRow) -> Partition:
    partition = Partition(0, ROWS)
    for id, row in rows.items():
        partition.restore(key_bytes(RowKey("learner", "pool", id)), row_bytes(row))
    partition.restored()
    return partition


def waiting(draft: Draft) -> list[str]:
    return [id for id, _ in draft.scan(LearnerRow, "pool", indexed=True)]


def kept(partition: Partition, draft: Draft) -> Draft:
    draft.accept()
    list(draft.changes())
    draft.keep()
    return Draft(partition)


def test_after_a_restore_only_who_waits_is_found() -> None:
    draft = Draft(partition_of(ann=WAITS, ben=PAIRED, cid=WAITS))
    assert waiting(draft) == ["ann", "cid"]
    assert [id for id, _ in draft.scan(LearnerRow, "pool")] == ["ann", "ben", "cid"]


def test_a_fact_sees_its_own_changes_and_one_that_failed_leaves_none() -> None:
    draft = Draft(partition_of(ann=WAITS, ben=PAIRED))
    draft.put(changed(WAITS, waiting_since=None), "pool", "ann")
    draft.put(WAITS, "pool", "ben")
    assert waiting(draft) == ["ben"]
    draft.reject()
    assert waiting(draft) == ["ann"]


def test_what_is_committed_is_found_by_the_next_transaction() -> None:
    partition = partition_of(ann=WAITS, ben=PAIRED, cid=WAITS)
    draft = Draft(partition)
    draft.put(PAIRED, "pool", "ann")
    draft.put(WAITS, "pool", "dan")
    draft.drop(LearnerRow, "pool", "cid")
    assert waiting(kept(partition, draft)) == ["dan"]


def test_rows_that_name_a_text_are_found_by_key_and_by_whole_word_written_or_not() -> None:
    draft = Draft(
        partition_of(ann=LearnerRow(prefers=("m:1",)), ben=LearnerRow(prefers=("m:12",)), cid=WAITS)
    )
    assert [key.id for key in draft.naming("m:1")] == ["ann"]
    assert [key.id for key in draft.naming("cid")] == ["cid"]
    draft.put(LearnerRow(past={"m:1": (NOW, 'said "no"')}), "pool", "ben")
    draft.put(changed(WAITS), "pool", "ann")
    assert [key.id for key in draft.naming("m:1")] == ["ben"]
    assert [key.id for key in draft.naming('said "no"')] == ["ben"]
    draft.drop(LearnerRow, "pool", "ben")
    assert draft.naming("m:1") == []


def test_who_is_noted_after_a_slash_is_named_and_who_ends_alike_is_not() -> None:
    draft = Draft(
        partition_of(ann=LearnerRow(prefers=("2/m:1",)), ben=LearnerRow(prefers=("2/m:1x", "om:1")))
    )
    assert [key.id for key in draft.naming("m:1")] == ["ann"]
    draft.put(LearnerRow(prefers=("17/m:1",)), "pool", "ben")
    assert [key.id for key in draft.naming("m:1")] == ["ann", "ben"]


ODD = ("m:1", "m:1/2", "/m:", 'm:"', "m:\\", "m:ß", "1/m:")


@pytest.mark.parametrize("calm", [True, False], ids=["looking", "by words"])
def test_whom_rows_name_is_found_alike_after_many_looks_and_commits(calm: bool) -> None:
    rows = {f"r{n}": LearnerRow(prefers=(who, f"2/{who}"), v=1) for n, who in enumerate(ODD[:4])}
    partition = partition_of(**rows, **{ODD[5]: WAITS})
    draft = Draft(partition)
    for n in range(0 if calm else 2 * FEW):
        assert draft.naming(f"nobody:{n}") == []
    assert (partition.words.known is None) == calm
    for n, who in enumerate(ODD[:4]):
        assert f"r{n}" in [key.id for key in draft.naming(who)]
    assert [key.id for key in draft.naming(ODD[5])] == [ODD[5]]
    assert draft.naming(ODD[4]) == []
    draft.put(LearnerRow(prefers=(ODD[4],)), "pool", "late")
    draft.put(LearnerRow(blocked={ODD[6]: (NOW, True)}), "pool", ODD[4])
    draft = kept(partition, draft)
    assert [key.id for key in draft.naming(ODD[4])] == ["late", ODD[4]]
    assert [key.id for key in draft.naming(ODD[6])] == [ODD[4]]


TEXTS = text(alphabet='a:/"\\ß', min_size=1, max_size=6)


@given(lists(TEXTS, min_size=1, max_size=4), TEXTS)
def test_words_miss_nobody_whom_a_row_names(texts: list[str], asked: str) -> None:
    partition = partition_of(**{texts[0]: LearnerRow(prefers=(*texts[1:], f"2/{texts[-1]}"))})
    looked = Draft(partition).naming(asked)
    partition.words.looks = FEW
    assert Draft(partition).naming(asked) == looked
    assert partition.words.known is not None


def test_of_thousands_whom_nobody_knows_few_cost_a_look_at_every_row() -> None:
    class Counted(dict[RowKey, bytes]):
        looks = 0

        def items(self) -> Any:
            self.looks += 1
            return super().items()

    partition = partition_of(ann=WAITS, ben=PAIRED)
    partition.stored = stored = Counted(partition.stored)
    draft = Draft(partition)
    for n in range(2000):
        assert draft.naming(f"nobody:{n}") == []
    assert stored.looks == FEW + 1  # and once to gather the words
    assert [key.id for key in draft.naming("ann")] == ["ann"]


def test_words_are_let_go_of_once_it_is_calm() -> None:
    partition = partition_of(ann=WAITS)
    draft = Draft(partition)
    for n in range(FEW + 1):
        draft.naming(f"nobody:{n}")
    assert partition.words.known is not None
    for _ in range(KEPT_FOR):
        draft = kept(partition, draft)
    assert partition.words.known is None
    assert [key.id for key in draft.naming("ann")] == ["ann"]


def test_routings_are_those_with_rows() -> None:
    draft = Draft(partition_of(ann=WAITS))
    draft.put(WAITS, "other", "ben")
    assert draft.routings(LearnerRow) == ["other", "pool"]
    again = kept(draft.partition, draft)
    again.drop(LearnerRow, "pool", "ann")
    assert kept(draft.partition, again).routings(LearnerRow) == ["other"]


def test_wishes_taken_back_again_and_again_do_not_fill_the_heap() -> None:
    """A pool whose next date is a year ahead is woken for each round in between, and asks for that date each time."""
    partition, far = partition_of(ann=PAIRED, ben=PAIRED), NOW + timedelta(days=365)
    for _ in range(3_000):
        for at in (NOW, far):
            draft = Draft(partition)
            draft.due(NOW)
            draft.put(changed(PAIRED, wake_at=at), "pool", "ann")
            kept(partition, draft)
    assert len(partition.heap) < 2_100
    assert Draft(partition).due(far) == (far, RowKey("learner", "pool", "ann"))
