"""Does a partition find its indexed rows, and no others, whatever happened to them?"""

from datetime import UTC, datetime

from matching.pool import ROWS
from matching.rows import LearnerRow
from schemas.rows import RowKey, changed
from streams.draft import Draft
from streams.partition import Partition, key_bytes, row_bytes

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


def test_routings_are_those_with_rows() -> None:
    draft = Draft(partition_of(ann=WAITS))
    draft.put(WAITS, "other", "ben")
    assert draft.routings(LearnerRow) == ["other", "pool"]
    again = kept(draft.partition, draft)
    again.drop(LearnerRow, "pool", "ann")
    assert kept(draft.partition, again).routings(LearnerRow) == ["other"]
