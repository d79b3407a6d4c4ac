"""Where do nudges go, and how hard is it tried?  The part of the policy that the gateway reads."""

from typing import Annotated

from pydantic import Field

from schemas.knobs import Knobs
from schemas.terms import Name

Programmes = Annotated[tuple[Name, ...], Field(min_length=1)]


class Webhook(Knobs):
    """Where a programme's nudges go.  The secret itself stands in a variable or a file, never here."""

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="its name in facts and on the console"
    )
    url: str = Field(
        max_length=2000, pattern=r"^https?://[^\s/?#@]+(/[^\s#]*)?$", description="where to post to"
    )
    programmes: Programmes = Field(("*",), description="programmes whose nudges it gets; * is all")
    secret: str = Field(
        max_length=500,
        pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
        description="env:NAME or file:PATH of its key",
    )


class DeliveryPolicy(Knobs):
    """How hard the gateway tries to deliver to webhooks."""

    in_flight: int = Field(8, ge=1, le=100, description="nudges on their way to one webhook at once")
    timeout_seconds: int = Field(10, ge=1, le=120, description="seconds a webhook has to answer")
    first_retry_seconds: int = Field(
        5, ge=1, le=3600, description="seconds before the second try at the most; each later one twice that"
    )
    longest_retry_seconds: int = Field(
        300, ge=1, le=86_400, description="seconds between two tries at the most"
    )
    dead_after_hours: int = Field(
        24, ge=1, le=168, description="hours after a nudge was sent when it is given up"
    )
