"""What may an operator write?  policy.toml with every knob: effect, unit, range and default.

Made from the model, so that the file and the code cannot part: `python -m streams policy`.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from schemas.knobs import Knobs
from schemas.policy import Policy

HEAD = """\
# What operators tune.  Every knob stands here with its unit, range, effect and default; take the
# `#` off a line to change it.  A bad file stops a worker that starts, and never one that runs:
# it keeps the last good policy and says so.  Check one with `python -m streams policy --check FILE`.
"""
EXAMPLES = {
    "pool.conflicts": '[["lms:grader-3", "chemistry-1"]]',
    "fairness.groups": '["first-in-family", "others"]',
    "pools": '{ nursing = "health", midwifery = "health" }',
    "programmes": "{ nursing = { auto_confirm = false } }",
    "operators": '[{ id = "office:7", programmes = ["*"], time_zone = "Europe/Lisbon", language = "en" }]',
    "webhooks": '[{ name = "academy", url = "https://hooks.academy.example/nudges", programmes = ["nursing"], secret = "env:ACADEMY_SECRET" }]',
    "experiments": '[{ name = "reengage-1", about = "nudging", kinds = ["reengage"], held_permille = 200, starts_at = 2026-02-01T00:00:00Z, ends_at = 2026-05-01T00:00:00Z }]',
    "sources": '{ "lms.example" = "platform", "mentors.example" = "mentors" }',
    "renamed_sources": '{ "lms.example" = "campus.example" }',
}


def text() -> str:
    return HEAD + "\n" + "\n".join(_lines(Policy, "")) + "\n"


def paths(cls: type[Knobs] = Policy, table: str = "") -> Iterator[str]:
    """Every knob and every table, as `pool.weights.skills`."""
    for name, field in cls.model_fields.items():
        path = f"{table}.{name}" if table else name
        yield path
        if isinstance(field.default, Knobs):
            yield from paths(type(field.default), path)


def _lines(cls: type[Knobs], table: str) -> Iterator[str]:
    nested = []
    for name, field in cls.model_fields.items():
        if isinstance(field.default, Knobs):
            nested.append((f"{table}.{name}" if table else name, type(field.default)))
            continue
        yield f"# {field.description}{_range(field)}"
        yield f"# {name} = {_toml(field.default)}"
        if (example := EXAMPLES.get(f"{table}.{name}" if table else name)) is not None:
            yield f"# for example: {name} = {example}"
    for name, inner in nested:
        yield ""
        yield f"[{name}]"
        yield from _lines(inner, name)


def _range(field: FieldInfo) -> str:
    least = _bound(field, "ge")
    most = _bound(field, "le")
    if least is None or most is None or f"{least} to {most}" in (field.description or ""):
        return ""
    return f" ({least} to {most})"


def _bound(field: FieldInfo, which: str) -> Any:
    return next((getattr(one, which) for one in field.metadata if hasattr(one, which)), None)


def _toml(value: object) -> str:
    """Booleans, numbers, text, lists: JSON's spelling is TOML's for these."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
