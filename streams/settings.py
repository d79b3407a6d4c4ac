"""What differs by machine: where the brokers are, how to log in, which ports.

Read once at start from `MENTORWAY_*` variables and, below them, from the TOML file that
MENTORWAY_SETTINGS names (`brokers = ...`, `[security]` with `protocol = ...`).  Strict: a name that
does not exist is an error.  What operators tune is not here but in policy.toml.
"""

import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from streams.errors import Trouble
from streams.security import Security

PREFIX = "MENTORWAY_"
FILE = "MENTORWAY_SETTINGS"
NOT_SETTINGS = frozenset({FILE, "MENTORWAY_DATA", "MENTORWAY_REQUIRE", "MENTORWAY_KAFKA_LIBS"})
DEFAULT_POLICY = Path("deploy/policy.toml")

Port = int
Share = Literal["idle", "nice", "equal"]


class SettingsError(Trouble):
    """A setting is missing or wrong; the text names the variable and the mend."""

    code = 2


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    brokers: str = Field(
        "127.0.0.1:9092",
        pattern=r"^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$",
        description="host:port, several with commas",
    )
    prefix: str = Field(
        "", pattern=r"^[a-zA-Z0-9._-]{0,100}$", description="put before every topic and group"
    )
    partitions: int = Field(12, ge=1, le=1000, description="partitions of every inner topic; fixed once made")
    replication: int = Field(1, ge=1, le=10, description="copies of each topic; 3 on a real cluster")
    events_days: int = Field(
        7,
        ge=1,
        le=3650,
        description="days platform-events keep: as far back as `preview` and `learn` can look",
    )
    facts_days: int = Field(
        30, ge=7, le=3650, description="days pool-facts, learner-facts and person-facts keep"
    )
    clock: Literal["wall", "facts"] = Field("wall", description="wall, or facts for history; fixed once made")
    policy_path: Path | None = Field(None, description="the policy file; deploy/policy.toml if it is there")
    wording_dir: Path = Field(Path("deploy/wording"), description="what is said: one TOML file a language")
    data_dir: Path = Field(Path(".mentorway"), description="where the embedded broker and Faust keep files")
    static_members: bool = Field(False, description="fixed group members; the embedded broker needs them")
    session_ms: int = Field(6000, ge=1000, le=300_000, description="a silent worker is replaced after this")
    transaction_ms: int = Field(
        5000, ge=1000, le=300_000, description="a dead worker's transaction ends after"
    )
    aside: Share = Field(
        "idle",
        description="what a pool's review gets of the machine: what others leave, little, an equal share",
    )
    http_host: str = Field("127.0.0.1", min_length=1, description="address the gateway listens on")
    http_port: Port = Field(8600, ge=1, le=65535, description="port of the gateway: doors, console, JSON")
    health_host: str = Field("127.0.0.1", min_length=1, description="address of health and metrics")
    health_port: Port = Field(
        8610, ge=0, le=65000, description="first port of health and metrics; 0 takes any free"
    )
    door_token: SecretStr = Field(SecretStr(""), description="bearer token of the doors; empty shuts them")
    webhook_hosts: str = Field(
        "",
        pattern=r"^$|^(\*\.)?[^\s,:/*]+(:\d+)?(,(\*\.)?[^\s,:/*]+(:\d+)?)*$",
        description="hosts that webhooks may name, with commas; *.name for all below, name:port for another port",
    )
    webhook_networks: str = Field(
        "", description="networks beside public ones that webhooks may reach, with commas: 10.1.2.0/24"
    )
    id_key: SecretStr = Field(SecretStr(""), description="key that hides ids which are names or addresses")
    security: Security = Security()

    @field_validator("webhook_networks")
    @classmethod
    def _networks(cls, text: str) -> str:
        for part in filter(None, text.split(",")):
            try:
                ip_network(part)
            except ValueError:
                raise ValueError(
                    f"MENTORWAY_WEBHOOK_NETWORKS: {part} is no network: write address/bits, as 10.1.2.0/24"
                ) from None
        return text

    @model_validator(mode="after")
    def _fenced(self) -> Self:
        if self.transaction_ms > self.session_ms:
            raise ValueError("MENTORWAY_TRANSACTION_MS must be at most MENTORWAY_SESSION_MS: lower it")
        return self

    def topic(self, name: str) -> str:
        return self.prefix + name

    def group(self, ledger: str) -> str:
        """A ledger's consumer group is named after the ledger."""
        return self.prefix + ledger

    @property
    def policy_file(self) -> Path | None:
        """The named file, else deploy/policy.toml if it is there, else none (the defaults)."""
        if self.policy_path is not None:
            return self.policy_path
        return DEFAULT_POLICY if DEFAULT_POLICY.is_file() else None

    def confluent(self) -> dict[str, Any]:
        """For confluent-kafka's clients."""
        return {"bootstrap.servers": self.brokers, **self.security.confluent()}

    def kafka_python(self) -> dict[str, Any]:
        """For kafka-python's clients."""
        return {"bootstrap_servers": self.brokers.split(","), **self.security.kafka_python()}

    def faust(self) -> dict[str, Any]:
        """Keyword arguments for `faust.App`."""
        addresses = [f"aiokafka://{address}" for address in self.brokers.split(",")]
        return {"broker": addresses, **self.security.faust()}

    def environment(self) -> dict[str, str]:
        """The same settings as variables, secrets included: for processes we start, never for a screen."""
        found: dict[str, str] = {}
        for name, value in _flat(self):
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            if plain is not None and plain != "":
                found[name] = str(plain).lower() if isinstance(plain, bool) else str(plain)
        return found


def _flat(block: BaseModel, prefix: str = PREFIX) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name in type(block).model_fields:
        value = getattr(block, name)
        variable = prefix + name.upper()
        found += _flat(value, variable + "_") if isinstance(value, BaseModel) else [(variable, value)]
    return found


VARIABLES: dict[str, tuple[str, ...]] = {
    **{f"{PREFIX}{name.upper()}": (name,) for name in Settings.model_fields if name != "security"},
    **{f"{PREFIX}SECURITY_{name.upper()}": ("security", name) for name in Security.model_fields},
}


def described(settings: Settings) -> list[tuple[str, str, str]]:
    """Variable, present value (secrets hidden) and what it does."""
    about = {
        variable: cls.model_fields[path[-1]].description
        for variable, path in VARIABLES.items()
        for cls in [Security if len(path) == 2 else Settings]
    }
    return [
        (variable, "" if value is None else str(value), about[variable] or "")
        for variable, value in _flat(settings)
    ]


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of this process, or a SettingsError that says what to mend."""
    fields = _from_file(environ.get(FILE))
    for variable, text in environ.items():
        if not variable.startswith(PREFIX) or variable in NOT_SETTINGS:
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
        raise SettingsError(explain(error)) from None


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


def explain(error: ValidationError) -> str:
    """The first thing that is wrong, by the variable's name; never the value, which may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    where = "_".join(str(part).upper() for part in first["loc"])
    if first["type"] == "value_error":
        return message
    if first["type"] == "extra_forbidden":
        return f"{PREFIX}{where} is no setting: mend its name in the settings file, or take it out"
    return f"{PREFIX}{where}: {message}. Mend the variable, or the same key in the file that {FILE} names"
