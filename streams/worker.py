"""How does one ledger process live?  Start, turn until told to stop, end with a code that says why.

0 stopped; 1 crashed (start it again); 3 refused (an operator is needed); 4 rows and group disagree.
"""

import logging
import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType

from confluent_kafka import KafkaError, KafkaException

from streams import errors, moved_pools, policy_file
from streams.aside import Aside, speaker
from streams.errors import Trouble
from streams.garbage import Sweeper
from streams.kafka_log import KafkaLog
from streams.ledger import Ledger
from streams.log import Expired, LogFailed
from streams.metrics import WorkerMeter, serve
from streams.parking import ParkingBudgetSpent
from streams.partition import RowsFailed
from streams.role import Newer, Role
from streams.settings import Settings
from streams.takeover import Mismatch
from streams.taking_up import TakingUp
from streams.watch import Watch

STOPPED, CRASHED, REFUSED, DISAGREE = 0, 1, 3, 4
LOOK_S = 2.0
LIVE = timedelta(seconds=5)

log = logging.getLogger("mentorway")


class Worker:
    """One process of one role."""

    def __init__(
        self,
        role: Role,
        settings: Settings,
        *,
        slot: str = "0",
        deaths: int = 0,
        release_parking: bool = False,
        port: int = 0,
    ) -> None:
        self.role, self.settings = role, settings
        self.meter = WorkerMeter(role.name)
        takes_up = TakingUp(role.name, self.meter, partial(moved_pools.keep, settings))
        self.policy = policy_file.watch(settings.policy_file, log.error, takes_up)
        self.watch = Watch(lambda: self.ledger.deciding)
        self.ledger = Ledger(
            role,
            KafkaLog(settings, role.name, slot),
            partitions=settings.partitions,
            policy=self.policy.now,
            wall=lambda: datetime.now(UTC),
            clock=settings.clock,
            deaths=deaths,
            release_parking=release_parking,
            meter=self.meter,
            stopwatch=time.monotonic,
        )
        self.port = serve(self.meter, settings.health_host, port, lambda: not self.watch.stuck())

    def _live(self) -> bool:
        """Is some partition within seconds of now, so that somebody may wait for what comes of its facts?"""
        if self.settings.clock != "wall":
            return False
        recent = datetime.now(UTC) - LIVE
        clocks = (partition.progress.clock for partition in self.ledger.owned.values())
        return any(clock is not None and clock > recent for clock in clocks)

    def _end_if_stuck(self) -> None:
        """Ends the process when its loop stands still."""
        while not self.ledger.stopping:
            time.sleep(1.0)
            if self.watch.stuck():
                log.error("%s stood still for %d s and ends", self.role.name, self.watch.stood())
                os._exit(CRASHED)

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.ledger.stopping = True

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        threading.Thread(target=self._end_if_stuck, name="watch", daemon=True).start()
        try:
            self._turns()
        except (ParkingBudgetSpent, RowsFailed, Newer, Expired) as error:
            log.error("%s refuses: %s", self.role.name, error)
            return REFUSED
        except Mismatch as error:
            log.error("%s ends: %s", self.role.name, error)
            return DISAGREE
        except (LogFailed, KafkaException, KafkaError, Trouble, OSError) as error:
            log.warning(
                "%s ends and must be started again: %s",
                self.role.name,
                errors.plain(error, self.settings.brokers) or error,
            )
            return CRASHED
        return STOPPED

    def _turns(self) -> None:
        ledger, looked, sweeper = self.ledger, 0.0, Sweeper()
        aside, say = Aside(self.role, self.policy.now, self.settings.aside), speaker(self.settings)
        ledger.join()
        while not ledger.stopping:
            ledger.turn()
            sweeper.look(self._live())
            aside.look(ledger.owned)
            while not aside.answers.empty():
                say(aside.answers.get())
            if (now := self.watch.turned()) - looked > LOOK_S:
                looked = now
                self.meter.owns(ledger.owned)
                for number, partition in ledger.owned.items():
                    self.meter.seen(
                        number, len(partition.stored), ledger.lag(number), partition.progress.clock
                    )
        aside.end()
        ledger.log.close()
