"""Writes one JSON schema a fact type: `make golden`, after a change that was wanted."""

import json
from pathlib import Path

from schemas import codec  # noqa: F401  (registers every fact)
from schemas.fact import CONTEXT, PREFIX, Fact, known_facts

FOLDER = Path(__file__).with_name("golden")


def schema_of(cls: type[Fact]) -> str:
    """The schema of the fact's own fields; the context is the same for all."""
    schema = cls.model_json_schema()
    schema["properties"] = {n: v for n, v in schema["properties"].items() if n not in CONTEXT}
    schema["required"] = sorted(n for n in schema.get("required", []) if n not in CONTEXT)
    schema["x-topic"], schema["x-key"] = cls.TOPIC, cls.KEY
    schema["x-from-outside"] = cls.FROM_OUTSIDE
    schema.pop("description", None)
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def expected() -> dict[str, str]:
    return {f"{name.removeprefix(PREFIX)}.json": schema_of(cls) for name, cls in known_facts().items()}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    wanted = expected()
    for path in FOLDER.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
