"""Which hosts and addresses may a webhook reach?

A name is resolved once for a connection and every address it has is looked at; the connection goes to one of
these very addresses.  So a name that points inward, or changes its mind (DNS rebinding), reaches nothing.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from streams.settings import Settings

# carry an IPv4 address that would be reached in the end: 6to4, Teredo, NAT64
_CARRIERS = tuple(IPv6Network(one) for one in ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48"))
PORTS = {"https": 443, "http": 80}


class NotAllowed(OSError):
    """A webhook must not reach this; the text says what and why."""


class Rules(NamedTuple):
    """`hosts` as an operator named them: name, *.name for all below, name:port."""

    hosts: tuple[str, ...] = ()
    networks: tuple[Any, ...] = ()  # reached beside public ones

    @classmethod
    def of(cls, settings: Settings) -> Self:
        hosts = tuple(one.lower() for one in settings.webhook_hosts.split(",") if one)
        return cls(hosts, tuple(ip_network(one) for one in settings.webhook_networks.split(",") if one))

    def why_not(self, url: str) -> str | None:
        """Why the operator did not allow this URL by its name, or None."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port or PORTS[parts.scheme]
        except (ValueError, KeyError):
            return "it is no http or https URL"
        if not any(_named(entry, host, port, PORTS[parts.scheme]) for entry in self.hosts):
            return f"{host}:{port} is not in MENTORWAY_WEBHOOK_HOSTS"
        if parts.scheme == "http" and not self.networks:
            return "http is taken only within MENTORWAY_WEBHOOK_NETWORKS: use https"
        return None

    def check(self, address: str, plain: bool) -> None:
        """Raises NotAllowed for an address that must not be reached; `plain` = without TLS."""
        found = ip_address(address.partition("%")[0])
        mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
        one = mapped or found
        if any(one in network for network in self.networks if network.version == one.version):
            return
        if not _public(one):
            raise NotAllowed(f"{address} is not public, nor in MENTORWAY_WEBHOOK_NETWORKS")
        if plain:
            raise NotAllowed(f"{address} is public: http is taken only within MENTORWAY_WEBHOOK_NETWORKS")


def _named(entry: str, host: str, port: int, usual: int) -> bool:
    name, _, wanted = entry.partition(":")
    if port != (int(wanted) if wanted else usual):
        return False
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


def _public(one: IPv4Address | IPv6Address) -> bool:
    if isinstance(one, IPv6Address) and any(one in network for network in _CARRIERS):
        return False
    return one.is_global and not one.is_multicast and not one.is_reserved and not one.is_unspecified


class Pinned(AbstractResolver):
    """Resolves for one client; every address of the name must be allowed."""

    def __init__(self, rules: Rules, plain: bool) -> None:
        self.rules, self.plain = rules, plain

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        results = []
        for kind, _, proto, _, address in found:
            self.rules.check(str(address[0]), self.plain)
            results.append(
                ResolveResult(
                    hostname=host, host=str(address[0]), port=port, family=kind, proto=proto,
                    flags=socket.AI_NUMERICHOST,
                )
            )  # fmt: skip
        return results

    async def close(self) -> None:
        pass
