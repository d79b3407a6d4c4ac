"""What is remembered of a person does not grow with the years: the short form of `tests.benchmarks --only year`."""

from tests.benchmarks.year import Weight, year


def test_rows_do_not_grow_once_what_was_heard_is_as_old_as_it_is_kept() -> None:
    """An inbox keeps 45 to 90 days of what was heard, a pulse 45 days of work handed in."""
    found = {
        (weight.kind, weight.month): weight for weight in year(learners=4, mentors=1, days=182, partitions=1)
    }

    def of(kind: str, month: int) -> Weight:
        return found[kind, month]

    for kind in ("inbox", "pulse"):
        assert of(kind, 6).rows == of(kind, 3).rows
        first, second = (max(of(kind, month).mean for month in half) for half in ((1, 2, 3), (4, 5, 6)))
        assert second <= 1.15 * first, kind  # episodes come and go
    assert max(weight.rows for (kind, _), weight in found.items() if kind == "pending") < 20
