"""What must a broker with access control allow?  The grants of one user who runs every part.

From the one table of topics, so that no new topic is forgotten; an administrator gives them with Kafka's own
`kafka-acls.sh`.  Groups and transactions whose ids a start makes up are granted by the beginning of their names.
"""

import shlex
from collections.abc import Iterator
from typing import NamedTuple

from schemas.topics import LEDGERS, TOPICS
from streams.settings import Settings

TO_MAKE = ("Create", "Describe", "DescribeConfigs", "AlterConfigs")
TO_USE = ("Read", "Write")
ALSO_READ_BY = ("board", "reader-", "pace-", "timeline", "webhook-", "notify")  # groups that are no ledger's


class Grant(NamedTuple):
    """Operations on a resource; `prefixed` = on all whose names begin so."""

    resource: str  # topic, group, transactional-id
    name: str
    operations: tuple[str, ...]
    prefixed: bool = False

    def command(self, user: str) -> str:
        """The line of `kafka-acls.sh` that gives it; its connection options are left to the administrator."""
        words = ["kafka-acls.sh", "--add", "--allow-principal", f"User:{user}"]
        for operation in self.operations:
            words += ["--operation", operation]
        words += [f"--{self.resource}", self.name]
        if self.prefixed:
            words += ["--resource-pattern-type", "prefixed"]
        return shlex.join(words)


def grants(settings: Settings) -> Iterator[Grant]:
    """All that `topics create`, the ledgers, the gateway and the commands ask of a broker."""
    for topic in TOPICS:
        yield Grant("topic", settings.topic(topic.name), (*TO_MAKE, *TO_USE))
    for ledger in LEDGERS:
        yield Grant("group", settings.group(ledger), ("Read", "Delete"), prefixed=True)
        yield Grant(
            "transactional-id", f"{settings.group(ledger)}-", ("Write", "Describe"), prefixed=True
        )  # fresh at each start
    for name in ALSO_READ_BY:
        yield Grant("group", settings.group(name), ("Read",), prefixed=True)
