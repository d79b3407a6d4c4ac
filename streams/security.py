"""How does a client prove who it is?  One block of settings for all three Kafka clients."""

import ssl
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


class Security(BaseModel):
    """One block for all three Kafka clients."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    protocol: Protocol = Field("PLAINTEXT", description="how the brokers are spoken to")
    mechanism: Mechanism = Field("SCRAM-SHA-512", description="how a SASL login is proven")
    username: str = Field("", description="the SASL user")
    password: SecretStr = Field(SecretStr(""), description="the SASL password; never printed")
    ca_path: Path | None = Field(None, description="PEM file of who signs the brokers; else the system's")
    cert_path: Path | None = Field(None, description="PEM file of our certificate, if brokers ask for one")
    key_path: Path | None = Field(None, description="PEM file of our certificate's key")

    @property
    def sasl(self) -> bool:
        return self.protocol.startswith("SASL")

    @property
    def tls(self) -> bool:
        return self.protocol.endswith("SSL")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.sasl and not (self.username and self.password.get_secret_value()):
            raise ValueError(
                f"protocol {self.protocol} needs a login: set MENTORWAY_SECURITY_USERNAME and MENTORWAY_SECURITY_PASSWORD"
            )
        if (self.cert_path is None) != (self.key_path is None):
            raise ValueError(
                "set both MENTORWAY_SECURITY_CERT_PATH and MENTORWAY_SECURITY_KEY_PATH, or neither"
            )
        for name in ("ca_path", "cert_path", "key_path"):
            path = getattr(self, name)
            if path is not None and not path.is_file():
                raise ValueError(
                    f"MENTORWAY_SECURITY_{name.upper()} names {path}, which is no file: mend the path"
                )
        return self

    def confluent(self) -> dict[str, str]:
        config: dict[str, str] = {"security.protocol": self.protocol}
        if self.sasl:
            config |= {
                "sasl.mechanism": self.mechanism,
                "sasl.username": self.username,
                "sasl.password": self.password.get_secret_value(),
            }
        return config | self._files("ssl.ca.location", "ssl.certificate.location", "ssl.key.location")

    def kafka_python(self) -> dict[str, str]:
        config: dict[str, str] = {"security_protocol": self.protocol}
        if self.sasl:
            config |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password.get_secret_value(),
            }
        return config | self._files("ssl_cafile", "ssl_certfile", "ssl_keyfile")

    def faust(self) -> dict[str, Any]:
        import faust

        if self.sasl:
            login = faust.SASLCredentials(
                username=self.username,
                password=self.password.get_secret_value(),
                mechanism=self.mechanism,
                ssl_context=self._context(),
            )
            return {"broker_credentials": login}
        return {"broker_credentials": faust.SSLCredentials(self._context())} if self.tls else {}

    def _context(self) -> ssl.SSLContext | None:
        if not self.tls:
            return None
        context = ssl.create_default_context(cafile=None if self.ca_path is None else str(self.ca_path))
        if self.cert_path is not None:
            context.load_cert_chain(self.cert_path, self.key_path)
        return context

    def _files(self, ca: str, cert: str, key: str) -> dict[str, str]:
        """The given paths under a client's own names."""
        named = {ca: self.ca_path, cert: self.cert_path, key: self.key_path}
        return {name: str(path) for name, path in named.items() if path is not None and self.tls}
