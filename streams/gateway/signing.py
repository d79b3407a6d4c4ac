"""How does a receiver know that a nudge is ours, and when it was sent?

The form of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, in base64, as `webhook-signature: v1,...`;
several, with spaces between, while a secret is being changed.
"""

import base64
import binascii
import hashlib
import hmac
import os
from pathlib import Path

from streams.errors import Trouble

LEAST = 16  # bytes of a secret


class SecretMissing(Trouble):
    """A webhook's secret is not where policy.toml says; the text names the place, never the secret."""

    code = 2


def secrets_of(where: str) -> tuple[bytes, ...]:
    """The keys at `env:NAME` or `file:PATH`, one a line; `whsec_` marks base64."""
    kind, _, name = where.partition(":")
    if kind == "env":
        text = os.environ.get(name, "")
    else:
        try:
            text = Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            text = ""
    keys = tuple(_key(line.strip(), where) for line in text.splitlines() if line.strip())
    if not keys:
        raise SecretMissing(f"there is no secret at {where}: put it there, or mend the webhook's `secret`")
    return keys


def _key(text: str, where: str) -> bytes:
    key = text.encode()
    if text.startswith("whsec_"):
        try:
            key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            raise SecretMissing(f"the secret at {where} begins with whsec_ and is not base64") from None
    if len(key) < LEAST:
        raise SecretMissing(f"the secret at {where} has fewer than {LEAST} bytes: take a longer one")
    return key


def signature(keys: tuple[bytes, ...], id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`."""
    signed = f"{id}.{timestamp}.".encode() + body
    return " ".join(
        "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys
    )
