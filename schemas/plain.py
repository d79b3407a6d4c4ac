"""Models as plain JSON: fields in their order, None left out, unknown fields kept.  orjson does the rest.

Rows are sparse: what is empty, nought or no by default is left out, too, as reading gives it back.  Facts tell it,
as others read them.
"""

from functools import cache
from typing import Any

import orjson
from pydantic import BaseModel


def plain(model: Any, idle: frozenset[str] = frozenset()) -> dict[str, Any]:
    """One model's fields; nested models are left for the caller of this function, which is orjson.

    Of the fields in `idle` what is empty is left out.
    """
    if not isinstance(model, BaseModel):
        raise TypeError(f"{type(model).__name__} has no JSON form")
    fields = {
        name: value
        for name, value in model.__dict__.items()
        if value or (value is not None and name not in idle)
    }
    return fields | model.__pydantic_extra__ if model.__pydantic_extra__ else fields


def sparse(model: Any) -> dict[str, Any]:
    """The same without what is empty by default."""
    cls: type[BaseModel] = type(model)
    return plain(model, _empty_by_default(cls))


@cache
def _empty_by_default(cls: type[BaseModel]) -> frozenset[str]:
    found = set()
    for name, field in cls.model_fields.items():
        default = None if field.is_required() else field.get_default(call_default_factory=True)
        if default is not None and not default:
            found.add(name)
    return frozenset(found)


def as_json(row: BaseModel) -> bytes:
    """A row as JSON bytes, fit to be kept; instants in UTC end in Z."""
    raw = orjson.dumps(sparse(row), default=sparse, option=orjson.OPT_UTC_Z)
    return bytes(memoryview(raw))  # orjson's own bytes hold on to a buffer of 4 KB
