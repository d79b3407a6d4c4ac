"""What a number on the command line may be is said before anything starts."""

import pytest

from tests.operators.conftest import Run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("simulate", "--judge", "--learners", "0"), "--learners: '0' is not a whole number from 1 on"),
        (("simulate", "--days", "-3"), "--days: '-3' is not a whole number from 1 on"),
        (("simulate", "--rate", "nan"), "--rate: 'nan' is not a number above 0"),
        (("demo", "--days", "many"), "--days: 'many' is not a whole number from 1 on"),
        (("demo", "--seconds", "0"), "--seconds: '0' is not a number above 0"),
        (("pools", "--port", "70000"), "--port: '70000' is not a whole number from 0 to 65535"),
        (("lag", "--at-most", "-1"), "--at-most: '-1' is not a whole number from 0 on"),
    ],
)
def test_a_number_that_cannot_be(run: Run, words: tuple[str, ...], said: str) -> None:
    found = run({}, *words)
    assert found.code == 2
    assert said in found.err
