"""Which `MENTORWAY_*` variable is which setting, and what do they say?

Read once at start, and below them the TOML file that MENTORWAY_SETTINGS names (`brokers = ...`,
`[security]` with `protocol = ...`).  Strict: a name that does not exist is an error.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from streams.errors import Trouble
from streams.security import Security
from streams.settings import PREFIX, Settings, by_variable

FILE = "MENTORWAY_SETTINGS"
NOT_SETTINGS = frozenset({FILE, "MENTORWAY_DATA", "MENTORWAY_REQUIRE", "MENTORWAY_KAFKA_LIBS"})
VARIABLES: dict[str, tuple[str, ...]] = {
    **{f"{PREFIX}{name.upper()}": (name,) for name in Settings.model_fields if name != "security"},
    **{f"{PREFIX}SECURITY_{name.upper()}": ("security", name) for name in Security.model_fields},
}


class SettingsError(Trouble):
    """A setting is missing or wrong; the text names the variable and the mend."""

    code = 2


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of this process, or a SettingsError that says what to mend."""
    fields = _from_file(environ.get(FILE))
    for variable, text in environ.items():
        if not variable.startswith(PREFIX) or variable in NOT_SETTINGS or _of_a_service(variable, environ):
            continue
        path = VARIABLES.get(variable)
        if path is None:
            raise SettingsError(
                f"{variable} is no setting: mend its name, or unset it. Known: {', '.join(VARIABLES)}"
            )
        if len(path) == 2:
            fields.setdefault(path[0], {})[path[1]] = text
        else:
            fields[path[0]] = text
    try:
        return Settings.model_validate(fields)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _of_a_service(variable: str, environ: Mapping[str, str]) -> bool:
    """Kubernetes tells each container where every service is: one called `mentorway-gateway` makes such names."""
    stem = variable.partition("_SERVICE_")[0] if "_SERVICE_" in variable else variable.partition("_PORT")[0]
    ours = variable in VARIABLES and not environ[variable].startswith("tcp://")
    return not ours and f"{stem}_SERVICE_HOST" in environ


def _from_file(name: str | None) -> dict[str, Any]:
    if not name:
        return {}
    try:
        return tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise SettingsError(f"{FILE} names {name}, which cannot be read ({reason}): mend the path") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{FILE} names {name}, which is not TOML: {error}") from None


def _explain(error: ValidationError) -> str:
    """The first thing that is wrong, by the variable's name; never the value, which may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    where = "_".join(str(part).upper() for part in first["loc"])
    if first["type"] == "value_error":
        return message
    if first["type"] == "extra_forbidden":
        return f"{PREFIX}{where} is no setting: mend its name in the settings file, or take it out"
    if first["type"] == "string_pattern_mismatch":
        message = f"should be {_about(f'{PREFIX}{where}')}"
    return f"{PREFIX}{where}: {message}. Mend the variable, or the same key in the file that {FILE} names"


def _about(variable: str) -> str:
    path = VARIABLES[variable]
    return (Security if len(path) == 2 else Settings).model_fields[path[-1]].description or ""


def described(settings: Settings) -> list[tuple[str, str, str]]:
    """Variable, present value (secrets hidden) and what it does."""
    return [
        (variable, "" if value is None else str(value), _about(variable))
        for variable, value in by_variable(settings)
    ]
