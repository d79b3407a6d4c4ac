"""Through restarts: is what was owed still owed, and what was settled never repeated?"""

from hypothesis import given
from hypothesis import strategies as st

from streams.gateway.owed import Owed

STEPS = st.lists(st.tuples(st.sampled_from(["read", "settle", "restart"]), st.integers(0, 30)), max_size=80)


def test_the_oldest_owed_is_committed_with_the_others_beside_it() -> None:
    owed = Owed(100)
    for offset in (100, 101, 104, 105):  # markers of transactions take offsets, too
        assert owed.begin(offset)
    assert owed.commit() == (100, "6:0,1,4,5")
    owed.settle(100)
    owed.settle(104)
    assert owed.commit() == (101, "5:0,4")
    for offset in (101, 105):
        owed.settle(offset)
    assert owed.commit() == (106, "0:")


def test_after_a_restart_only_what_was_under_way_is_repeated() -> None:
    owed = Owed.restored(101, "5:0,4")
    assert [offset for offset in (101, 104, 105, 106, 107) if owed.begin(offset)] == [101, 105, 106, 107]


def test_a_commit_without_our_metadata_owes_all_that_follows() -> None:
    for metadata in ("", "nonsense", "5:a", "²:1", "-1:2"):
        owed = Owed.restored(7, metadata)
        assert owed.begin(7)
        assert owed.begin(8)


def test_what_left_the_log_while_nobody_read_is_owed_no_more() -> None:
    owed = Owed.restored(10, "9:0,3")
    owed.begin(13)
    owed.settle(13)
    assert owed.commit() == (19, "0:")


@given(STEPS)
def test_whatever_happens_each_record_is_settled_once_or_owed(steps: list[tuple[str, int]]) -> None:
    """`settled` is the truth; a restart happens right after a commit."""
    owed, next_offset, settled, open_now = Owed(0), 0, list[int](), list[int]()
    for what, n in steps:
        if what == "read":
            if owed.begin(next_offset):
                open_now.append(next_offset)
            else:
                assert next_offset in settled
            next_offset += 1
        elif what == "settle" and open_now:
            offset = open_now.pop(n % len(open_now))
            owed.settle(offset)
            settled.append(offset)
        elif what == "restart":
            offset, metadata = owed.commit()
            assert len(metadata) < 4096
            owed, next_offset, open_now = Owed.restored(offset, metadata), offset, []
    assert len(settled) == len(set(settled))
    offset, metadata = owed.commit()
    after = Owed.restored(offset, metadata)
    end = max([*settled, next_offset, offset]) + 1
    owed_then = {n for n in range(offset, end) if after.begin(n)}
    assert owed_then.isdisjoint(settled)
    assert owed_then | set(settled) >= set(range(next_offset))
