"""Models as plain JSON: fields in their order, None left out, unknown fields kept.  orjson does the rest."""

from typing import Any

import orjson
from pydantic import BaseModel


def plain(model: Any) -> dict[str, Any]:
    """One model's fields; nested models are left for the caller of this function, which is orjson."""
    if not isinstance(model, BaseModel):
        raise TypeError(f"{type(model).__name__} has no JSON form")
    fields = {name: value for name, value in model.__dict__.items() if value is not None}
    return fields | model.__pydantic_extra__ if model.__pydantic_extra__ else fields


def as_json(model: BaseModel) -> bytes:
    """A model as JSON bytes, fit to be kept; instants in UTC end in Z."""
    raw = orjson.dumps(plain(model), default=plain, option=orjson.OPT_UTC_Z)
    return bytes(memoryview(raw))  # orjson's own bytes hold on to a buffer of 4 KB
