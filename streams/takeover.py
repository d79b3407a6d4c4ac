"""How does a partition change hands without a fact lost or repeated?

In this order: stable offsets, the changelog's high watermark, its committed records up to there, and
then exactly where the progress row says.  In slices, while polling, so that it never costs the membership.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from streams.errors import Trouble
from streams.log import FORGET, LogFailed
from streams.partition import Partition
from streams.role import changelog_of

if TYPE_CHECKING:
    from streams.ledger import Ledger

SLICE_RECORDS = 5000
logger = logging.getLogger("mentorway")


class Mismatch(Trouble):
    """The progress row and the group's committed offset differ, so one of the two is not ours."""


class Takeover:
    """Made inside the assignment callback; `step` restores a slice and says when all is served."""

    def __init__(self, ledger: "Ledger", numbers: Sequence[int]) -> None:
        self.ledger = ledger
        log, role = ledger.log, ledger.role
        self.stable: Mapping[int, int | None] = log.committed(numbers)
        self.topic = changelog_of(role).name
        ends = log.ends(self.topic, numbers)
        self.todo = {number: Partition(number, role.kinds) for number in numbers}
        self.reader = log.changelog(self.topic, {n: end for n, end in ends.items() if end > 0})
        log.assign(self.stable)
        self.empty = {number for number, end in ends.items() if end == 0}

    def step(self) -> bool:
        records, done = self.reader.slice(SLICE_RECORDS)
        for record in records:
            key = record.key()
            if key is None:
                raise LogFailed(f"a record without a key in {self.topic}: was it written by something else?")
            self.todo[record.partition()].restore(key, record.value())
        for number in [*done, *self.empty]:
            self._serve(self.todo.pop(number))
        self.empty = set()
        if not self.todo:
            self.reader.close()
        return not self.todo

    def _serve(self, partition: Partition) -> None:
        number, stable = partition.number, self.stable[partition.number]
        if partition.found_progress and stable is not None and stable != partition.progress.next:
            raise Mismatch(
                f"{self.ledger.role.name} partition {number}: its rows say offset {partition.progress.next}, "
                f"the group says {stable}. If this stays, group and changelog are not of one history: restore both, "
                f"or stop every process of it and run `{FORGET} {self.ledger.role.name}`: then its rows alone count"
            )
        if not partition.found_progress and stable is not None:
            raise Mismatch(
                f"{self.ledger.role.name} partition {number}: the group is at offset {stable}, but {self.topic} "
                f"has no progress row: the changelog was lost or is another deployment's"
            )
        if partition.found_progress and stable is None:
            self._skip_what_is_gone(partition)
        partition.restored()
        self.ledger.own(partition)
        self.ledger.log.resume(number)

    def _skip_what_is_gone(self, partition: Partition) -> None:
        """The group was forgotten, so its offset may lie before the log's start: the rows go on where the log does.

        Said here and now, in the progress too: else a wake-up would commit an offset that nobody can read from.
        """
        role, log, number = self.ledger.role, self.ledger.log, partition.number
        topic, wanted = role.input.name, partition.progress.next
        first, end = log.bounds(topic, [number])[number]
        if first <= wanted <= end:
            return
        partition.progress = partition.progress.model_copy(update={"next": first, "trying": None})
        what = f"up to {first - wanted} facts are gone unread" if wanted < first else f"it ends at {end} now"
        logger.warning(
            "%s partition %d stood at offset %d of %s and goes on at its start, %d: %s",
            role.name, number, wanted, topic, first, what,
        )  # fmt: skip

    def close(self) -> None:
        self.reader.close()
