"""How is a ledger's consumer group deleted?  Only where nobody is in it; the ledger's rows know how far it came."""

import time
from collections.abc import Callable
from typing import TypeVar

from kafka import errors
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError

from streams.errors import Trouble
from streams.reading import WAIT_MS
from streams.settings import Settings
from streams.topics import admin

T = TypeVar("T")


class GroupInUse(Trouble):
    """A process is in the group, or was until a moment ago."""


def coordinated(ask: Callable[[], T]) -> T:
    """A fresh broker has no coordinator for some seconds: asks again until it has."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while True:
        try:
            return ask()
        except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def forget(settings: Settings, ledger: str) -> str:
    """Deletes the group; what was done, in a sentence."""
    group = settings.group(ledger)
    with admin(settings) as client:

        def delete() -> str:
            answer: str = client.delete_groups([group])[group]  # OK, or an error's name
            if answer in ("OK", "GroupIdNotFoundError", "NonEmptyGroupError"):
                return answer
            raise getattr(errors, answer)

        answer = coordinated(delete)
    if answer == "NonEmptyGroupError":
        raise GroupInUse(
            f"the group {group} has members: stop every process of {ledger}, wait "
            f"{settings.session_ms / 1000:.0f} s for one that was killed, and run this again"
        )
    if answer == "OK":
        return f"the group {group} is forgotten: start {ledger} again, and it goes on as its rows say"
    return f"there is no group {group}: nothing was to be forgotten"
