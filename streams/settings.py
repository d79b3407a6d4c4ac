"""What differs by machine: where the brokers are, how to log in, which ports.

`streams.variables` reads them.  What operators tune is not here but in policy.toml.
"""

from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from streams.security import Security

PREFIX = "MENTORWAY_"
DEFAULT_POLICY = Path("deploy/policy.toml")

Port = int
Share = Literal["idle", "nice", "equal"]


_ADDRESS = r"(\[[0-9A-Fa-f:.]+\]|[^\s,:\[\]]+):\d+"


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    brokers: str = Field(
        "127.0.0.1:9092",
        pattern=rf"^{_ADDRESS}(,{_ADDRESS})*$",
        description="host:port, several with commas; an IPv6 address in brackets",
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
        description="days platform-events keep, raw as they came: as far back as `preview` and `learn` can look",
    )
    facts_days: int = Field(
        30, ge=7, le=3650, description="days pool-facts, learner-facts and person-facts keep"
    )
    decisions_days: int = Field(
        365,
        ge=30,
        le=3650,
        description="days matches and nudges are kept, and what the console shows of them",
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
    http_names: str = Field(
        "",
        pattern=r"^$|^[^\s,:/]+(,[^\s,:/]+)*$",
        description="names by which the console may be asked beside 127.0.0.1 and localhost, with commas",
    )
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
    id_key: SecretStr = Field(
        SecretStr(""),
        description="key that hides ids which are names or addresses; without it they are parked",
    )
    security: Security = Security()

    @field_validator("door_token")
    @classmethod
    def _token(cls, token: SecretStr) -> SecretStr:
        if any(letter.isspace() for letter in token.get_secret_value()):
            raise ValueError("MENTORWAY_DOOR_TOKEN holds a space or a line break: no caller could send it")
        return token

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
        for name, value in by_variable(self):
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            if plain is not None and plain != "":
                found[name] = str(plain).lower() if isinstance(plain, bool) else str(plain)
        return found


def by_variable(block: BaseModel, prefix: str = PREFIX) -> list[tuple[str, Any]]:
    """Each setting's `MENTORWAY_*` variable, and its value."""
    found: list[tuple[str, Any]] = []
    for name in type(block).model_fields:
        value = getattr(block, name)
        variable = prefix + name.upper()
        found += by_variable(value, variable + "_") if isinstance(value, BaseModel) else [(variable, value)]
    return found
