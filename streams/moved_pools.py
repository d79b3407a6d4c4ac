"""May the policy give a programme another pool?  Only where nobody of it is in the pool it had.

Pairs, hours and waits are rows of the pool they were made in: who is there would stay behind with a mentor nobody
could end, and get a second one in the new pool.  So the table of programmes to pools is recorded with the topics.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from matching.rows import LearnerRow, MentorRow
from schemas.policy import Policy
from schemas.topics import changelog
from streams import deployment
from streams.kafka_changelog import KafkaChangelog, bounds, reader
from streams.log import Record
from streams.partition import key_of
from streams.policy_file import PolicyFileError
from streams.progress import PROGRESS
from streams.settings import Settings
from streams.takeover import SLICE_RECORDS

KINDS: dict[str, type[LearnerRow | MentorRow]] = {LearnerRow.KIND: LearnerRow, MentorRow.KIND: MentorRow}
Pools = Mapping[str, str]  # programme: pool; who is not named is a pool of its own


class PoolsRefused(PolicyFileError):
    """A programme would leave people behind in the pool it had; the text says what to do."""


class Move(NamedTuple):
    programme: str
    old: str
    new: str


class Left(NamedTuple):
    learners: int
    mentors: int


def keep(settings: Settings, policy: Policy) -> None:
    """Records what is new in the table; refuses what would leave people behind."""
    found = deployment.recorded(settings)
    if said := _refusal(settings, policy, found):
        raise PoolsRefused(said)
    if found is not None and found.pools != policy.pools:
        deployment.record(settings, found.model_copy(update={"pools": policy.pools}))


def refusal(settings: Settings, policy: Policy) -> str:
    """Why workers would refuse this table; empty = they take it.  Nothing is recorded."""
    return _refusal(settings, policy, deployment.recorded(settings))


def _refusal(settings: Settings, policy: Policy, found: deployment.Deployment | None) -> str:
    moves = [] if found is None or found.pools is None else moved(found.pools, policy.pools)
    return next((_sentence(move, left) for move, left in left_behind(settings, policy, moves)), "")


def moved(old: Pools, new: Pools) -> list[Move]:
    """An entry that names a programme's own pool says nothing new."""
    both = [Move(name, old.get(name, name), new.get(name, name)) for name in sorted({*old, *new})]
    return [move for move in both if move.old != move.new]


def left_behind(settings: Settings, policy: Policy, moves: Iterable[Move]) -> list[tuple[Move, Left]]:
    """Of which moves somebody who studies, has a mentor or is one is in the old pool."""
    of = {(move.programme, move.old): move for move in moves}
    if not of:
        return []
    old, now = {pool for _, pool in of}, datetime.now(UTC)
    there: dict[bytes, tuple[list[Move], bool]] = {}  # by row, and whether a mentor's
    for record in _rows(settings):
        key, value = record.key() or PROGRESS, record.value()
        there.pop(key, None)
        if key != PROGRESS and value:
            kind, pool, _ = key_of(key)
            cls = KINDS.get(kind)
            if cls is not None and pool in old:
                programmes = _programmes(cls.model_validate_json(value), now, policy)
                if held := [of[each, pool] for each in programmes if (each, pool) in of]:
                    there[key] = held, cls is MentorRow
    found: dict[Move, Left] = {}
    for move, mentor in ((move, mentor) for moves, mentor in there.values() for move in moves):
        left = found.get(move, Left(0, 0))
        found[move] = Left(left.learners + (not mentor), left.mentors + mentor)
    return sorted(found.items())


def _rows(settings: Settings) -> Iterator[Record]:
    """As a restart reads them, which is quick: a worker that runs asks, too."""
    topic, group = settings.topic(changelog("pools").name), settings.group("reader-pools")
    found = bounds(reader(settings, group, "read_committed"), topic, range(settings.partitions))
    ends = {number: end for number, (first, end) in found.items() if end > first}
    log = KafkaChangelog(reader(settings, group, "read_committed"), topic, ends)
    try:
        while log.ends:
            yield from log.slice(SLICE_RECORDS)[0]
    finally:
        log.close()


def _programmes(row: LearnerRow | MentorRow, now: datetime, policy: Policy) -> Iterable[str]:
    """Of which somebody is there; a learner may take part in several that share the pool."""
    if isinstance(row, MentorRow):
        return (row.programme,) if row.here else ()
    return row.programmes_at(now, policy)


def _sentence(move: Move, left: Left) -> str:
    name, old, new = move
    back = f"take {name} out of pools" if old == name else f'write pools = {{ {name} = "{old}" }} again'
    return (
        f"the policy's pools put programme {name} into pool {new}, and {left.learners} learners and {left.mentors} mentors of it "
        f"are in pool {old}: they would stay behind, and learners get a second mentor. {back[0].upper() + back[1:]}; a programme "
        f"changes its pool when its learners have completed or withdrawn and its mentors have left, or under another name"
    )
