"""What is left out of a row's bytes comes back when it is read, and fields of a later release stay."""

from datetime import UTC, datetime
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from schemas.plain import as_json
from schemas.rows import Row
from schemas.terms import Instant

AT = datetime(2026, 1, 2, 3, tzinfo=UTC)


class Part(BaseModel):
    must: int
    yes: bool = True
    no: bool = False
    words: tuple[str, ...] = ()


class Mixed(Row):
    KIND: ClassVar[str] = "mixed"
    count: int = 0
    three: int = 3
    text: str = ""
    at: Instant | None = None
    maybe: int | None = None
    names: dict[str, Part] = {}
    given: tuple[int, ...] = (1, 2)


parts = st.builds(Part, must=st.integers(0, 1), yes=st.booleans(), no=st.booleans(), words=st.sampled_from([(), ("",)]))  # fmt: skip
rows = st.builds(
    Mixed, count=st.integers(0, 1), three=st.sampled_from([0, 3]), text=st.sampled_from(["", "a"]),
    at=st.sampled_from([None, AT]), maybe=st.sampled_from([None, 0, 1]), names=st.dictionaries(st.sampled_from("ab"), parts), given=st.sampled_from([(), (1, 2)]),
)  # fmt: skip


@given(rows)
def test_a_row_reads_as_it_was_written(row: Mixed) -> None:
    assert Mixed.model_validate_json(as_json(row)) == row


def test_what_is_empty_by_default_takes_no_room_and_what_is_not_is_told() -> None:
    assert as_json(Mixed()) == b'{"v":1,"three":3,"given":[1,2]}'
    assert as_json(Mixed(three=0, given=())) == b'{"v":1,"three":0,"given":[]}'


def test_a_field_of_a_later_release_stays() -> None:
    raw = b'{"v":1,"three":3,"given":[1,2],"later":0,"more":[]}'
    assert as_json(Mixed.model_validate_json(raw)) == raw
