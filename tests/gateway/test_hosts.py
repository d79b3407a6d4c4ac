"""The console answers to its own names alone, unless it listens for others."""

import pytest

from streams.gateway.hosts import known
from streams.settings import Settings


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
    assert known(asked, Settings(http_host=listens_on)) is well


@pytest.mark.parametrize(
    ("asked", "well"),
    [
        ("mentors.example:443", True),
        ("Mentors.Example", True),
        ("127.0.0.1:8600", True),
        ("evil.example:8600", False),
    ],
)
def test_who_listens_for_others_may_name_by_what_it_is_asked(asked, well):
    assert known(asked, Settings(http_host="0.0.0.0", http_names="mentors.example,other.example")) is well
