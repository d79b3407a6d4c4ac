"""What is remembered of a person does not grow with the years: the short form of `tests.benchmarks --only year`."""

from tests.benchmarks.year import Weight, year


def test_rows_do_not_grow_once_what_was_heard_is_as_old_as_it_is_kept() -> None:
    """An inbox keeps 45 to 90 days; a pulse, besides, the last 32 pieces of work handed in of each course."""
    found = {
        (weight.kind, weight.month): weight for weight in year(learners=4, mentors=1, days=182, partitions=1)
    }

    def of(kind: str, month: int) -> Weight:
        return found[kind, month]

    assert of("inbox", 6).rows == of("inbox", 3).rows
    assert of("inbox", 6).mean <= 1.1 * of("inbox", 3).mean
    handed_in = 40 * 15  # bytes of one, and tasks a term
    assert of("pulse", 6).most <= of("pulse", 1).most + handed_in
    assert max(weight.rows for (kind, _), weight in found.items() if kind == "pending") < 20
