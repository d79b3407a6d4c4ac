"""What a state remembers: small frozen rows, and the view of them that a decision gets.

A row's key is `(kind, routing key, id)`: the routing key is the key of the input topic, so rows can
be re-keyed by a tool one day.  Fields that this release does not know survive a rewrite.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar, NamedTuple, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from schemas.fact import Wake
from schemas.ids import named
from schemas.terms import Instant

WAKES = UUID("6a1d6f0e-7c6b-5d0c-9a52-0f5d6c1f2c11")


class RowKey(NamedTuple):
    kind: str
    routing: str
    id: str = ""


M = TypeVar("M", bound=BaseModel)


_set_fields = BaseModel.__dict__["__dict__"].__set__
_set_told = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__
_set_private = BaseModel.__dict__["__pydantic_private__"].__set__


def changed(model: M, /, **update: object) -> M:
    """The same model with these fields replaced, unchecked; for the hot paths, where `model_copy` costs three times."""
    cls = model.__class__
    made = cls.__new__(cls)
    _set_fields(made, {**model.__dict__, **update})
    _set_told(made, model.__pydantic_fields_set__)
    _set_extra(made, model.__pydantic_extra__)
    _set_private(made, None)
    return made


def empty() -> Any:
    """The default of a field that is a dict.  Of a plain `{}` pydantic makes a deep copy for each row it reads."""
    return Field(default_factory=dict)


class Part(BaseModel):
    """What a row is made of; fields that this release does not know survive a rewrite here, too."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Row(BaseModel):
    """`v` is the form the row was written in; `wake_at` asks the ledger for a wake-up then.

    A row with one of its `INDEX` fields set can be found among the many without (`Rows.scan`).
    Rows that are looked at again and again as a whole are `HELD` decoded, whatever the memory.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    KIND: ClassVar[str]
    V: ClassVar[int] = 1
    INDEX: ClassVar[tuple[str, ...]] = ()
    HELD: ClassVar[bool] = False

    @property
    def indexed(self) -> bool:
        return any(getattr(self, name) is not None for name in self.INDEX)

    v: Annotated[int, Field(ge=1)] = 1
    wake_at: Instant | None = None


R = TypeVar("R", bound=Row)


_blanks: dict[type[Row], Row] = {}


def blank(cls: type[R]) -> R:
    """A row of which nothing is known yet; one object for all, as rows are frozen."""
    row = _blanks.get(cls)
    if row is None:
        row = _blanks[cls] = cls()
    assert isinstance(row, cls)
    return row


class Naming:
    """Does a row, as written, name this text?  As a whole word of its JSON, or as what follows a slash to a word's end.

    With a slash before it a word is what a pulse notes of advice: the rung, and who was to hear.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.word = to_json(text)
        self.tail = self.word[1:]  # looked for first: most rows do not hold it
        self.noted = b"/" + self.tail

    def __call__(self, key: RowKey, raw: bytes) -> bool:
        return self.text in key or (self.tail in raw and (self.word in raw or self.noted in raw))


class Rows(Protocol):
    """The rows of one partition, as one decision sees and changes them.

    `find` gives the row as it stands (its own writes included); `put` replaces it; `drop` removes
    it; `scan` lists one kind under one routing key in id order, or only its `indexed` rows, at
    their own cost.  `routings` lists the routing keys of a kind whose rows have ids, and `naming` the
    rows of any kind that hold a text as their key or in their JSON (`Naming`); both in order, and
    `naming` at the cost of a look at every byte of the partition.
    """

    def find(self, cls: type[R], routing: str, id: str = "") -> R | None: ...

    def put(self, row: Row, routing: str, id: str = "") -> None: ...

    def drop(self, cls: type[Row], routing: str, id: str = "") -> None: ...

    def scan(self, cls: type[R], routing: str, *, indexed: bool = False) -> Iterator[tuple[str, R]]: ...

    def routings(self, cls: type[Row]) -> list[str]: ...

    def naming(self, text: str) -> list[RowKey]: ...


def wake_of(key: RowKey, due: datetime) -> Wake:
    """The wake-up of one row at one due time; the same row and time give the same id."""
    name = f"{key.kind}/{key.routing}/{key.id}/{due.isoformat()}"
    return Wake(named(WAKES, name), key.kind, key.routing, key.id, due)
