"""How does a partition change hands without a fact lost or repeated?

In this order: stable offsets, the changelog's high watermark, its committed records up to there, and
then exactly where the progress row says.  In slices, while polling, so that it never costs the membership.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from streams.errors import Trouble
from streams.log import LogFailed
from streams.partition import Partition
from streams.role import changelog_of

if TYPE_CHECKING:
    from streams.ledger import Ledger

SLICE_RECORDS = 5000


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
                f"the group says {stable}. If this stays, group and changelog are not of one history: "
                f"restore both, or delete the group with `python -m streams topics forget-group`"
            )
        if not partition.found_progress and stable is not None:
            raise Mismatch(
                f"{self.ledger.role.name} partition {number}: the group is at offset {stable}, but {self.topic} "
                f"has no progress row: the changelog was lost or is another deployment's"
            )
        partition.restored()
        self.ledger.own(partition)
        self.ledger.log.resume(number)

    def close(self) -> None:
        self.reader.close()
