"""What travels does not change by accident: a new optional field is the same version, else a `.v2`."""

from tests.schemas.golden import FOLDER, expected


def test_every_fact_travels_as_its_golden_schema_says() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert written == expected(), "if the change is wanted and compatible, run `make golden`"
