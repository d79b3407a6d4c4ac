"""What is remembered of a person stands still after a month: the short form of `tests.benchmarks --only year`."""

from tests.benchmarks.year import Weight, year


def test_rows_do_not_grow_after_the_first_month() -> None:
    found = {
        (weight.kind, weight.month): weight for weight in year(learners=8, mentors=3, days=182, partitions=1)
    }

    def of(kind: str, month: int) -> Weight:
        return found[kind, month]

    for kind in ("inbox", "pulse"):
        for month in range(2, 7):
            assert of(kind, month).rows == of(kind, 1).rows
            assert of(kind, month).mean <= 1.2 * of(kind, 1).mean, (kind, month)  # episodes come and go
    assert max(weight.rows for (kind, _), weight in found.items() if kind == "pending") < 20
