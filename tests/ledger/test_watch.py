"""A worker that waits for a broker for ever ends; one that decides for long does not."""

from schemas.fact import Fact, Moment
from schemas.policy import Policy
from schemas.rows import Rows
from streams.ledger import Ledger
from streams.memory_log import MemoryBroker, MemoryLog
from streams.role import FactRole
from streams.watch import LONGEST_S, STUCK_S, Watch
from tests.ledger.schedule import EPOCH, ROLE, activity, wire


def test_deciding_may_take_longer_than_waiting() -> None:
    now, deciding = [0.0], [False]
    watch = Watch(lambda: deciding[0], lambda: now[0])
    now[0] = STUCK_S
    assert not watch.stuck()
    now[0] = STUCK_S + 1
    assert watch.stuck()
    deciding[0] = True
    assert not watch.stuck()
    now[0] = LONGEST_S + 1
    assert watch.stuck()
    watch.turned()
    assert not watch.stuck()


def test_a_ledger_says_that_it_decides_while_it_does_and_not_while_it_commits() -> None:
    seen = []

    def fold(rows: Rows, moment: Moment) -> list[Fact]:
        seen.append(("fold", ledger.deciding))
        return []

    class Watched(MemoryLog):
        def commit(self) -> None:
            seen.append(("commit", ledger.deciding))
            super().commit()

    broker = MemoryBroker(1, ["learner-facts"], lambda topic, line: None)
    role = FactRole("pulses", ROLE.kinds, fold)
    ledger = Ledger(role, Watched(broker), partitions=1, policy=Policy, wall=lambda: EPOCH)
    ledger.join()
    ledger.turn()
    _, key, value, headers = wire(activity(1, 0.3))
    broker.append("learner-facts", None, key, value, [*headers])
    ledger.turn()
    assert seen == [("fold", True), ("commit", False)]
