"""Which URLs and addresses may a webhook reach?  Public ones an operator named, and networks named beside them."""

import asyncio
import socket
from ipaddress import ip_network
from typing import Any

import pytest

from streams.gateway.addresses import NotAllowed, Pinned, Rules

RULES = Rules(("hooks.example", "*.academy.example", "odd.example:8443"))
INSIDE = Rules(("hooks.example",), (ip_network("10.1.2.0/24"), ip_network("fd00:1::/32")))


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example/nudges?x=1", "https://HOOKS.example:443/", "https://a.academy.example/",
        "https://a.b.academy.example", "https://odd.example:8443/", "https://hooks.example./",
    ],
)  # fmt: skip
def test_a_named_host_is_taken(url: str) -> None:
    assert RULES.why_not(url) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://other.example/", "other.example:443 is not in MENTORWAY_WEBHOOK_HOSTS"),
        ("https://hooks.example:8443/", "hooks.example:8443 is not"),
        ("https://odd.example/", "odd.example:443 is not"),
        ("https://academy.example/", "academy.example:443 is not"),
        ("https://evilacademy.example/", "is not"),
        ("https://hooks.example.evil.example/", "is not"),
        ("https://127.0.0.1/", "is not"),
        ("http://hooks.example/", "http is taken only within MENTORWAY_WEBHOOK_NETWORKS"),
        ("ftp://hooks.example/", "no http or https URL"),
        ("https://hooks.example:99999/", "no http or https URL"),
        ("https://[::1/", "no http or https URL"),
    ],
)
def test_a_host_nobody_named_is_refused_by_name(url: str, why: str) -> None:
    assert why in (RULES.why_not(url) or "")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1", "2001:0:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed, match="is not public"):
        RULES.check(address, plain=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_taken_with_tls_alone(address: str) -> None:
    RULES.check(address, plain=False)
    with pytest.raises(NotAllowed, match="http is taken only within"):
        INSIDE.check(address, plain=True)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "fd00:1::5"])
def test_a_named_network_is_taken_and_the_one_beside_it_is_not(address: str) -> None:
    INSIDE.check(address, plain=True)
    with pytest.raises(NotAllowed):
        INSIDE.check("10.1.3.3", plain=True)


def resolved(monkeypatch: pytest.MonkeyPatch, rules: Rules, *addresses: str) -> list[Any]:
    async def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]

    async def ask() -> list[Any]:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
        return list(await Pinned(rules, plain=False).resolve("hooks.example", 443))

    return asyncio.run(ask())


def test_a_name_gives_the_very_addresses_that_were_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    found = resolved(monkeypatch, RULES, "8.8.8.8", "9.9.9.9")
    assert [(one["host"], one["hostname"]) for one in found] == [
        ("8.8.8.8", "hooks.example"),
        ("9.9.9.9", "hooks.example"),
    ]
    assert all(one["flags"] & socket.AI_NUMERICHOST for one in found)


def test_a_name_with_one_address_inward_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAllowed):
        resolved(monkeypatch, RULES, "8.8.8.8", "169.254.169.254")
