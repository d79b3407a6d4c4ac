"""The console answers to its own names alone, unless it listens for others."""

import pytest

from streams.gateway.hosts import known


@pytest.mark.parametrize(
    ("asked", "listens_on", "well"),
    [
        ("127.0.0.1:8600", "127.0.0.1", True),
        ("localhost", "127.0.0.1", True),
        ("LOCALHOST:1", "127.0.0.1", True),
        ("[::1]:8600", "::1", True),
        ("evil.example:8600", "127.0.0.1", False),
        ("localhost.evil.example", "127.0.0.1", False),
        ("127.0.0.1.evil.example:80", "localhost", False),
        ("", "127.0.0.1", False),
        ("mentors.example", "0.0.0.0", True),
    ],
)
def test_by_which_name(asked, listens_on, well):
    assert known(asked, listens_on) is well
