"""Can a receiver verify a nudge with what the guide tells, and is a secret never shown?"""

import base64
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from streams.gateway.signing import SecretMissing, secrets_of, signature

KEY = b"0123456789abcdef"


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the published specification."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signature((key,), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_key_comes_from_a_variable_or_a_file_two_while_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "whsec_" + base64.b64encode(KEY).decode())
    assert secrets_of("env:HOOK") == (KEY,)
    path = tmp_path / "key"
    path.write_text("a-new-secret-of-ours\nan-old-secret-of-ours\n")
    assert secrets_of(f"file:{path}") == (b"a-new-secret-of-ours", b"an-old-secret-of-ours")
    assert len(signature(secrets_of(f"file:{path}"), "id", 1, b"").split()) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "there is no secret at"),
        ("", "there is no secret at"),
        ("short", "has fewer than 16 bytes"),
        ("whsec_???", "is not base64"),
    ],
)
def test_a_bad_secret_is_named_by_its_place_alone(tmp_path: Path, text: str | None, sentence: str) -> None:
    path = tmp_path / "key"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SecretMissing) as error:
        secrets_of(f"file:{path}")
    assert sentence in str(error.value)
    assert str(path) in str(error.value)
    assert not text or text not in str(error.value)


def test_the_check_that_the_guide_gives_to_receivers_works() -> None:
    guide = (Path(__file__).parents[2] / "deploy" / "guide" / "webhooks.md").read_text(encoding="utf-8")
    [snippet] = [one for one in re.findall(r"```python\n(.*?)```", guide, re.DOTALL) if "def verified" in one]
    found: dict[str, Any] = {}
    exec(snippet, found)
    verified: Callable[[dict[str, str], bytes, bytes], bool] = found["verified"]

    def headers(at: float, *keys: bytes) -> dict[str, str]:
        signed = signature(keys, "1", int(at), b"{}")
        return {"webhook-id": "1", "webhook-timestamp": str(int(at)), "webhook-signature": signed}

    now = time.time()
    assert verified(headers(now, KEY), b"{}", KEY)
    assert verified(headers(now, b"a-new-secret-of-ours", KEY), b"{}", KEY)
    assert not verified(headers(now, KEY), b"{ }", KEY)
    assert not verified(headers(now, KEY), b"{}", b"another-key-of-ours")
    assert not verified(headers(now - 600, KEY), b"{}", KEY)
